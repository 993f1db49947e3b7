"""Numba's side of the mean squared displacement at one lag: as the post writes it, and tuned."""

import numpy as np
from numba import njit, prange

from peer import serve

PARTICLES, FRAMES, LAG = 1000, 500, 10


@njit(parallel=True, fastmath=True)
def post(positions, lag):
    Np, Nf, _ = positions.shape
    M = Nf - lag
    total = 0.0
    for i in prange(Np):
        for k in range(M):
            dx = positions[i, k + lag, 0] - positions[i, k, 0]
            dy = positions[i, k + lag, 1] - positions[i, k, 1]
            dz = positions[i, k + lag, 2] - positions[i, k, 2]
            total += dx * dx + dy * dy + dz * dz
    return total / (Np * M)


@njit(parallel=True, fastmath=True)
def tuned(flat, frames, lag):
    """Rows of 3 × frames numbers: the inner loop has stride 1, so that LLVM vectorises it."""
    Np = flat.shape[0]
    M = frames - lag
    total = 0.0
    for i in prange(Np):
        row = flat[i]
        sum_i = 0.0
        for k in range(3 * M):
            d = row[k + 3 * lag] - row[k]
            sum_i += d * d
        total += sum_i
    return total / (Np * M)


if __name__ == "__main__":
    steps = np.arange(PARTICLES * FRAMES * 3, dtype=np.float64).reshape(PARTICLES, FRAMES, 3)
    positions = np.cumsum(0.1 * np.sin(steps * steps), axis=1)
    flat = positions.reshape(PARTICLES, FRAMES * 3)
    serve(
        {
            "numba-post": lambda: post(positions, LAG),
            "numba-tuned": lambda: tuned(flat, FRAMES, LAG),
        }
    )

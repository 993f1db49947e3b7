"""Numba's side of the direct gravitational forces: serial as the post writes it, the same over all
threads, and with one array a coordinate, which LLVM vectorises for the machine at hand."""

import math

import numpy as np
from numba import njit, prange

from peer import serve

N = 1000
G = 1.0
SOFTENING2 = 1e-4


@njit(fastmath=True)
def post(pos, mass):
    N = pos.shape[0]
    F = np.zeros_like(pos)
    for i in range(N):
        xi, yi, zi = pos[i]
        mi = mass[i]
        fxi = fyi = fzi = 0.0
        for j in range(N):
            if i == j:
                continue
            dx = pos[j, 0] - xi
            dy = pos[j, 1] - yi
            dz = pos[j, 2] - zi
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            f = G * mi * mass[j] * inv_r3
            fxi += f * dx
            fyi += f * dy
            fzi += f * dz
        F[i, 0], F[i, 1], F[i, 2] = fxi, fyi, fzi
    return F


@njit(parallel=True, fastmath=True)
def parallel(pos, mass):
    """No branch, as a body doesn't pull itself anyway."""
    N = pos.shape[0]
    F = np.empty_like(pos)
    for i in prange(N):
        fx = fy = fz = 0.0
        for j in range(N):
            dx = pos[j, 0] - pos[i, 0]
            dy = pos[j, 1] - pos[i, 1]
            dz = pos[j, 2] - pos[i, 2]
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            f = mass[j] / (r2 * math.sqrt(r2))
            fx += f * dx
            fy += f * dy
            fz += f * dz
        scale = G * mass[i]
        F[i, 0], F[i, 1], F[i, 2] = scale * fx, scale * fy, scale * fz
    return F


@njit(parallel=True, fastmath=True)
def columns(x, y, z, mass):
    N = x.shape[0]
    F = np.empty((N, 3))
    for i in prange(N):
        fx = fy = fz = 0.0
        for j in range(N):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            f = mass[j] / (r2 * math.sqrt(r2))
            fx += f * dx
            fy += f * dy
            fz += f * dz
        scale = G * mass[i]
        F[i, 0], F[i, 1], F[i, 2] = scale * fx, scale * fy, scale * fz
    return F


if __name__ == "__main__":
    k = np.arange(3 * N, dtype=np.float64).reshape(N, 3)
    pos = np.sin(k * k)
    mass = 1 + 0.5 * np.sin(np.arange(N, dtype=np.float64))
    x, y, z = (np.ascontiguousarray(pos[:, axis]) for axis in range(3))
    serve(
        {
            "numba-post": lambda: post(pos, mass).ravel().tolist(),
            "numba-parallel": lambda: parallel(pos, mass).ravel().tolist(),
            "numba-columns": lambda: columns(x, y, z, mass).ravel().tolist(),
        }
    )

"""Numba's side of ⟨r²⟩ in three dimensions: the post's nested loop with scalars, and tuned."""

import numpy as np
from numba import njit, prange

from numba_random import normal_pair
from peer import serve

PARTICLES, SAMPLES = 5000, 400
SIGMA = 1.0


@njit(parallel=True, fastmath=True)
def post(particles, samples, seed):
    np.random.seed(seed)
    total = 0.0
    for i in prange(particles):
        for j in range(samples):
            x = np.random.normal(0.0, SIGMA)
            y = np.random.normal(0.0, SIGMA)
            z = np.random.normal(0.0, SIGMA)
            total += x * x + y * y + z * z
    return total / (particles * samples)


@njit(parallel=True, fastmath=True)
def tuned(particles, samples, seed):
    total = 0.0
    for i in prange(particles):
        for j in range(samples // 2):
            counter = 3 * (i * (samples // 2) + j)
            a, b = normal_pair(seed, counter)
            c, d = normal_pair(seed, counter + 1)
            e, f = normal_pair(seed, counter + 2)
            total += a * a + b * b + c * c + d * d + e * e + f * f
    return SIGMA * SIGMA * total / (particles * samples)


if __name__ == "__main__":
    serve(
        {
            "numba-post": lambda: post(PARTICLES, SAMPLES, 42),
            "numba-tuned": lambda: tuned(PARTICLES, SAMPLES, 42),
        }
    )

"""Numba's side of the harmonic Monte Carlo: as the post writes it, and tuned."""

import math

import numpy as np
from numba import njit, prange

from numba_random import normal_pair
from peer import serve

N = 2_000_000
SIGMA = 2.0


@njit(fastmath=True)
def density(x):
    return (1 / np.sqrt(np.pi)) * np.exp(-x * x)


@njit(fastmath=True)
def proposal(x):
    return 1 / (np.sqrt(2 * np.pi) * SIGMA) * np.exp(-x * x / (2 * SIGMA * SIGMA))


@njit(parallel=True, fastmath=True)
def post(n, seed):
    np.random.seed(seed)
    total = 0.0
    for i in prange(n):
        x = np.random.normal(0.0, SIGMA)
        total += x * x * (density(x) / proposal(x))
    return total / n


@njit(fastmath=True, inline="always")
def term(z):
    """With both exponentials and all constants merged by hand; x = σz."""
    x2 = SIGMA * SIGMA * z * z
    return x2 * math.exp(0.5 * z * z - x2)


@njit(parallel=True, fastmath=True)
def tuned(n, seed):
    total = 0.0
    for i in prange(n // 2):
        a, b = normal_pair(seed, i)
        total += term(a) + term(b)
    return total * math.sqrt(2.0) * SIGMA / n


if __name__ == "__main__":
    serve({"numba-post": lambda: post(N, 12345), "numba-tuned": lambda: tuned(N, 12345)})

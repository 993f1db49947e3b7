"""Numba's side of the Morse Monte Carlo: as the post writes it, and tuned."""

import math

import numpy as np
from numba import njit, prange

from numba_random import normal_pair
from peer import serve

N = 2_000_000
SIGMA = 2.0
DEPTH = 5.0
ALPHA = 1.0
LAMBDA = math.sqrt(2 * DEPTH) / ALPHA


@njit(fastmath=True)
def density(x, depth=DEPTH, alpha=ALPHA):
    z = 2 * np.sqrt(2 * depth) / alpha * np.exp(-alpha * x)
    return z ** (2 * np.sqrt(2 * depth) / alpha - 1) * np.exp(-z)


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
def term(g):
    """The power of z and the proposal merged into one exponential by hand; x = σg."""
    x = SIGMA * g
    z = 2 * LAMBDA * math.exp(-ALPHA * x)
    exponent = (2 * LAMBDA - 1) * (math.log(2 * LAMBDA) - ALPHA * x) - z + 0.5 * g * g
    return x * x * math.exp(exponent)


@njit(parallel=True, fastmath=True)
def tuned(n, seed):
    total = 0.0
    for i in prange(n // 2):
        a, b = normal_pair(seed, i)
        total += term(a) + term(b)
    return total * math.sqrt(2 * math.pi) * SIGMA / n


if __name__ == "__main__":
    serve({"numba-post": lambda: post(N, 12345), "numba-tuned": lambda: tuned(N, 12345)})

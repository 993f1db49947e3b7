"""Numba's side of the cost of a call."""

import numpy as np
from numba import njit, prange

from peer import serve


@njit
def add(a, b):
    return a + b


@njit(parallel=True)
def fill(out, value):
    for i in prange(out.size):
        out[i] = value


if __name__ == "__main__":
    out = np.empty(16)
    serve({"numba-serial": lambda: add(1.0, 2.0), "numba-parallel": lambda: fill(out, 1.0)})

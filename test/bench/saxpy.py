"""Numba's side of y = a x + y over 1,000,000 numbers."""

import numpy as np
from numba import njit, prange

from peer import serve

N = 1_000_000


@njit(parallel=True, fastmath=True)
def saxpy(a, x, y, out):
    for i in prange(x.size):
        out[i] = a * x[i] + y[i]


if __name__ == "__main__":
    x = np.sin(np.arange(N, dtype=np.float64))
    y = np.cos(np.arange(N, dtype=np.float64))
    out = np.empty(N)

    def numba_saxpy():
        saxpy(2.5, x, y, out)
        return [float(out[0]), float(out[N // 2]), float(out[-1])]

    serve({"numba-tuned": numba_saxpy})

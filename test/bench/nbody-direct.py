"""Numba's side of the direct sum over 10⁵ bodies: over all threads, one array a coordinate."""

import math

import numpy as np
from numba import njit, prange

from peer import serve

N = 100_000
SOFTENING2 = 1e-4


@njit(parallel=True, fastmath=True)
def columns(x, y, z, mass):
    a = np.empty((x.shape[0], 3))
    potential = np.empty(x.shape[0])
    for i in prange(x.shape[0]):
        ax = ay = az = sum = 0.0
        for j in range(x.shape[0]):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            pull = mass[j] / math.sqrt(r2)
            f = pull / r2
            sum += pull
            ax += f * dx
            ay += f * dy
            az += f * dz
        a[i, 0], a[i, 1], a[i, 2] = ax, ay, az
        potential[i] = mass[i] / math.sqrt(SOFTENING2) - sum
    return a, potential


if __name__ == "__main__":
    k = np.arange(3 * N, dtype=np.float64).reshape(N, 3)
    x, y, z = (np.ascontiguousarray(np.sin(k * k)[:, axis]) for axis in range(3))
    masses = np.full(N, 1 / N)
    serve({"numba-columns": lambda: columns(x, y, z, masses)[0].ravel()[:300].tolist()})

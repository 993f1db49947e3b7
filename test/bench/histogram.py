"""Numba's side of a histogram of 4,000,000 numbers: private counts a thread, then summed."""

import numpy as np
from numba import get_num_threads, njit, prange

from peer import serve

N, BINS = 4_000_000, 256


@njit(parallel=True, fastmath=True)
def numba_histogram(data, bins):
    threads = get_num_threads()
    counts = np.zeros((threads, bins), dtype=np.float64)
    length = (data.size + threads - 1) // threads
    for t in prange(threads):
        for i in range(t * length, min(data.size, (t + 1) * length)):
            counts[t, int(data[i] * bins)] += 1
    return counts.sum(axis=0)


if __name__ == "__main__":
    i = np.arange(N, dtype=np.float64)
    data = np.mod(i * 0.6180339887498949, 1)
    serve(
        {
            "numba-tuned": lambda: numba_histogram(data, BINS).tolist(),
            "numpy": lambda: np.histogram(data, bins=BINS, range=(0, 1))[0].tolist(),
        }
    )

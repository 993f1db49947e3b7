"""Numba's side of the first call; both functions return milliseconds measured in a fresh process."""

import subprocess
import sys
import tempfile
from pathlib import Path

from peer import serve

PROGRAM = """
import time
import numpy as np
from numba import njit, prange

SIGMA = 2.0

@njit(fastmath=True, cache=CACHE)
def density(x):
    return (1 / np.sqrt(np.pi)) * np.exp(-x * x)

@njit(fastmath=True, cache=CACHE)
def proposal(x):
    return 1 / (np.sqrt(2 * np.pi) * SIGMA) * np.exp(-x * x / (2 * SIGMA * SIGMA))

@njit(parallel=True, fastmath=True, cache=CACHE)
def kernel(n, seed):
    np.random.seed(seed)
    total = 0.0
    for i in prange(n):
        x = np.random.normal(0.0, SIGMA)
        total += x * x * (density(x) / proposal(x))
    return total / n

began = time.perf_counter()
kernel(10_000, 0)
print(1e3 * (time.perf_counter() - began))
"""

FOLDER = tempfile.TemporaryDirectory()


def first_call(cache):
    """The cache lies beside the file, so each way has a file of its own."""
    file = Path(FOLDER.name) / f"kernel_{cache}.py"
    if not file.exists():
        file.write_text(f"CACHE = {cache}\n{PROGRAM}")
    return float(subprocess.check_output([sys.executable, str(file)]))


if __name__ == "__main__":
    with FOLDER:
        serve({"numba": lambda: first_call(False), "numba-cached": lambda: first_call(True)})

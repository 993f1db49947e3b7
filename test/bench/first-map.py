"""Python's side of the first map of a session; both functions return milliseconds."""

import subprocess
import sys
import time
from multiprocessing import Pool

from peer import PROCESSES, serve

IMPORT = """
import time
began = time.perf_counter()
from multiprocessing import Pool
from scipy.integrate import quad
print(1e3 * (time.perf_counter() - began))
"""


def square(x):
    return x * x


def first_map():
    began = time.perf_counter()
    with Pool(PROCESSES) as pool:
        pool.map(square, [1, 2, 3, 4])
        return 1e3 * (time.perf_counter() - began)


def scipy_import():
    return float(subprocess.check_output([sys.executable, "-c", IMPORT]))


if __name__ == "__main__":
    serve({"pool": first_map, "scipy-import": scipy_import})

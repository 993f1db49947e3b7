"""SciPy's side of the SPDC map in a kernel: the complex integrand as in spdc.py, and the real one
compiled by Numba to a C function, which quad calls without going through Python."""

import math
from multiprocessing import Pool

from numba import carray, cfunc, types
from scipy import LowLevelCallable
from scipy.integrate import quad

from peer import PROCESSES, serve
from spdc import FOCUSES, MISMATCHES, line


@cfunc(types.double(types.intc, types.CPointer(types.double)))
def integrand(count, values):
    l, phi, xi = carray(values, (3,))
    angle = phi * l / 2
    return (math.cos(angle) - xi * l * math.sin(angle)) / (1 + xi * xi * l * l)


INTEGRAND = LowLevelCallable(integrand.ctypes)


def compiled_line(phi):
    return [math.sqrt(xi) * quad(INTEGRAND, -1, 1, args=(phi, xi))[0] for xi in FOCUSES]


if __name__ == "__main__":
    with Pool(PROCESSES) as pool:
        serve(
            {
                "scipy-pool": lambda: pool.map(line, MISMATCHES),
                "numba-quad-pool": lambda: pool.map(compiled_line, MISMATCHES),
            }
        )

"""SciPy's side of the SPDC map: the same integral with quad, serially and in a Pool."""

import math
import warnings
from multiprocessing import Pool

import numpy as np
from scipy.integrate import quad

from peer import PROCESSES, serve

# quad drops the imaginary part of the integral, which is zero here
warnings.simplefilter("ignore", np.exceptions.ComplexWarning)

MISMATCHES = [(-7 + 0.1 * i) * math.pi for i in range(100)]
FOCUSES = [10 ** (-1.5 + 0.04 * j) for j in range(100)]


def overlap(phi, xi):
    def integrand(l):
        return np.sqrt(xi) * np.exp(1j * phi * l / 2) / (1 - 1j * xi * l)

    return quad(integrand, -1, 1)[0]


def real_overlap(phi, xi):
    def integrand(l):
        angle = phi * l / 2
        return (math.cos(angle) - xi * l * math.sin(angle)) / (1 + xi * xi * l * l)

    return math.sqrt(xi) * quad(integrand, -1, 1)[0]


def line(phi):
    return [overlap(phi, xi) for xi in FOCUSES]


def real_line(phi):
    return [real_overlap(phi, xi) for xi in FOCUSES]


if __name__ == "__main__":
    with Pool(PROCESSES) as pool:
        serve(
            {
                "scipy": lambda: list(map(line, MISMATCHES)),
                "scipy-pool": lambda: pool.map(line, MISMATCHES),
                "scipy-real-pool": lambda: pool.map(real_line, MISMATCHES),
            }
        )

"""SciPy's side of the SPDC map: the same integral with quad, serially and in a Pool."""

import math
import warnings
from multiprocessing import Pool

import numpy as np
from scipy.integrate import quad

from peer import PROCESSES, serve

# quad drops the imaginary part of the integral, which is zero here
warnings.simplefilter("ignore", np.exceptions.ComplexWarning)

POINTS = [
    ((-7 + 0.1 * i) * math.pi, 10 ** (-1.5 + 0.04 * j)) for i in range(100) for j in range(100)
]


def overlap(point):
    phi, xi = point

    def integrand(l):
        return np.sqrt(xi) * np.exp(1j * phi * l / 2) / (1 - 1j * xi * l)

    return quad(integrand, -1, 1)[0]


def real_overlap(point):
    phi, xi = point

    def integrand(l):
        angle = phi * l / 2
        return (math.cos(angle) - xi * l * math.sin(angle)) / (1 + xi * xi * l * l)

    return math.sqrt(xi) * quad(integrand, -1, 1)[0]


if __name__ == "__main__":
    with Pool(PROCESSES) as pool:
        serve(
            {
                "scipy": lambda: list(map(overlap, POINTS)),
                "scipy-pool": lambda: pool.map(overlap, POINTS),
                "scipy-real-pool": lambda: pool.map(real_overlap, POINTS),
            }
        )

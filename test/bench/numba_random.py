"""Random numbers for the tuned Numba peers: a counter-based generator and Box-Muller, both normals used.

NumPy's generators inside Numba are sequential (Mersenne twister); hashing a counter instead lets
LLVM keep everything in registers.
"""

import math

from numba import njit, uint64

GOLDEN = 0x9E3779B97F4A7C15


@njit(fastmath=True, inline="always")
def uniform(seed, counter):
    """splitmix64 of a counter, as a number in (0, 1]."""
    z = uint64(seed) + uint64(counter) * uint64(GOLDEN)
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    z = z ^ (z >> uint64(31))
    return (float(z >> uint64(11)) + 1.0) * (1.0 / 9007199254740992.0)


@njit(fastmath=True, inline="always")
def normal_pair(seed, counter):
    """Two independent standard normals."""
    radius = math.sqrt(-2.0 * math.log(uniform(seed, 2 * counter)))
    angle = 2.0 * math.pi * uniform(seed, 2 * counter + 1)
    return radius * math.cos(angle), radius * math.sin(angle)

"""Numba's side of the Mandelbrot set: a while loop a pixel, pixels in parallel."""

import numpy as np
from numba import njit, prange

from peer import serve

WIDTH, HEIGHT, LIMIT = 600, 400, 500


@njit(parallel=True, fastmath=True)
def rows(width, height, limit):
    """A row an iteration, as most people write it."""
    image = np.empty((height, width), dtype=np.int32)
    for r in prange(height):
        y0 = -1 + 2 * r / (height - 1)
        for c in range(width):
            x0 = -2 + 3 * c / (width - 1)
            x = y = 0.0
            k = 0
            while k < limit and x * x + y * y <= 4:
                x, y = x * x - y * y + x0, 2 * x * y + y0
                k += 1
            image[r, c] = k
    return image


@njit(parallel=True, fastmath=True)
def tuned(width, height, limit):
    """The squares are kept from the test to the step."""
    image = np.empty((height, width), dtype=np.int32)
    for r in prange(height):
        y0 = -1 + 2 * r / (height - 1)
        for c in range(width):
            x0 = -2 + 3 * c / (width - 1)
            x = y = x2 = y2 = 0.0
            k = 0
            while k < limit and x2 + y2 <= 4:
                y = 2 * x * y + y0
                x = x2 - y2 + x0
                x2 = x * x
                y2 = y * y
                k += 1
            image[r, c] = k
    return image


if __name__ == "__main__":
    serve(
        {
            "numba-post": lambda: int(rows(WIDTH, HEIGHT, LIMIT).sum()),
            "numba-tuned": lambda: int(tuned(WIDTH, HEIGHT, LIMIT).sum()),
        }
    )

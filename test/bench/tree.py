"""The Python side of gravity by a tree: pytreegrav, and REBOUND's leapfrog with its tree."""

import math

import numpy as np
import pytreegrav
import rebound

from peer import serve

SAMPLE = 500
STEPS = 3


def strewn(n, axis):
    return np.mod((np.arange(n) + 0.5) * math.sqrt(axis), 1)


def plummer(n):
    r = 1 / np.sqrt(strewn(n, 2) ** (-2 / 3) - 1)
    cosine = 2 * strewn(n, 3) - 1
    azimuth = 2 * np.pi * strewn(n, 5)
    across = r * np.sqrt(1 - cosine * cosine)
    return np.stack([across * np.cos(azimuth), across * np.sin(azimuth), r * cosine], axis=1)


def accelerations(n):
    positions, masses, softening = plummer(n), np.full(n, 1 / n), np.zeros(n)

    def run():
        found = pytreegrav.Accel(
            positions, masses, softening, theta=0.7, method="tree", parallel=True
        )
        return found[:: n // SAMPLE].ravel().tolist()

    return run


def leapfrog(n):
    simulation = rebound.Simulation()
    simulation.root_size = 4 * np.abs(plummer(n)).max()
    simulation.integrator = "leapfrog"
    simulation.gravity = "tree"
    simulation.opening_angle2 = 0.7**2
    simulation.dt = 1e-4
    for x, y, z in plummer(n):
        simulation.add(m=1 / n, x=x, y=y, z=z)
    return lambda: simulation.steps(STEPS)


if __name__ == "__main__":
    serve(
        {
            "pytreegrav-1e5": accelerations(100_000),
            "pytreegrav-1e6": accelerations(1_000_000),
            "rebound-1e5": leapfrog(100_000),
        }
    )

"""Numba's side of a step of 1000 stars: forces serial and the update parallel as the post has it, all
parallel, and with one array a coordinate, which LLVM vectorises for the machine at hand."""

import math

import numpy as np
from numba import njit, prange

from peer import serve

N = 1000
RADIUS = 306.601
AU = 149597870700.0
PARSEC = AU * 648000 / math.pi
SECONDS = PARSEC / 1e3
G = 1.3271244e20 * SECONDS * SECONDS / PARSEC**3
DT = 1e13 / SECONDS
STEPS = 100
SOFTENING2 = 1.0


@njit(fastmath=True)
def compute_forces(pos, mass):
    N = pos.shape[0]
    F = np.zeros_like(pos)
    for i in range(N):
        xi, yi, zi = pos[i]
        mi = mass[i]
        fxi = fyi = fzi = 0.0
        for j in range(N):
            if i == j:
                continue
            dx = pos[j, 0] - xi
            dy = pos[j, 1] - yi
            dz = pos[j, 2] - zi
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            inv_r3 = 1.0 / (r2 * np.sqrt(r2))
            f = G * mi * mass[j] * inv_r3
            fxi += f * dx
            fyi += f * dy
            fzi += f * dz
        F[i, 0], F[i, 1], F[i, 2] = fxi, fyi, fzi
    return F


@njit(parallel=True, fastmath=True)
def post(pos, vel, mass, dt):
    F = compute_forces(pos, mass)
    for i in prange(pos.shape[0]):
        vel[i] += F[i] * dt / mass[i]
        pos[i] += vel[i] * dt


@njit(parallel=True, fastmath=True)
def parallel(pos, vel, mass, dt):
    N = pos.shape[0]
    for i in prange(N):
        ax = ay = az = 0.0
        for j in range(N):
            dx = pos[j, 0] - pos[i, 0]
            dy = pos[j, 1] - pos[i, 1]
            dz = pos[j, 2] - pos[i, 2]
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            f = mass[j] / (r2 * math.sqrt(r2))
            ax += f * dx
            ay += f * dy
            az += f * dz
        vel[i, 0] += G * ax * dt
        vel[i, 1] += G * ay * dt
        vel[i, 2] += G * az * dt
    for i in prange(N):
        for k in range(3):
            pos[i, k] += vel[i, k] * dt


@njit(parallel=True, fastmath=True)
def columns(x, y, z, vx, vy, vz, mass, dt):
    N = x.shape[0]
    for i in prange(N):
        ax = ay = az = 0.0
        for j in range(N):
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            dz = z[j] - z[i]
            r2 = dx * dx + dy * dy + dz * dz + SOFTENING2
            f = mass[j] / (r2 * math.sqrt(r2))
            ax += f * dx
            ay += f * dy
            az += f * dz
        vx[i] += G * ax * dt
        vy[i] += G * ay * dt
        vz[i] += G * az * dt
    for i in prange(N):
        x[i] += vx[i] * dt
        y[i] += vy[i] * dt
        z[i] += vz[i] * dt


def strewn(axis):
    return np.mod((np.arange(N) + 0.5) * math.sqrt(axis), 1)


if __name__ == "__main__":
    cosine = 2 * strewn(3) - 1
    azimuth = 2 * np.pi * strewn(5)
    r = RADIUS * np.cbrt(strewn(2))
    across = r * np.sqrt(1 - cosine * cosine)
    start = np.stack([across * np.cos(azimuth), across * np.sin(azimuth), r * cosine], axis=1)
    masses = 0.1 + strewn(7)

    def rows(step):
        pos, vel = start.copy(), np.zeros((N, 3))
        for _ in range(STEPS):
            step(pos, vel, masses, DT)
        return pos.ravel().tolist()

    def in_columns():
        pos = [np.ascontiguousarray(start[:, axis]) for axis in range(3)]
        vel = [np.zeros(N) for _ in range(3)]
        for _ in range(STEPS):
            columns(*pos, *vel, masses, DT)
        return np.stack(pos, axis=1).ravel().tolist()

    serve(
        {
            "numba-post": lambda: rows(post),
            "numba-parallel": lambda: rows(parallel),
            "numba-columns": in_columns,
        }
    )

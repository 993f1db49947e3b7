"""Mean squared displacements at all lags with MDAnalysis and tidynamics (FFT), and a batched rfft of NumPy."""

import warnings

import numpy as np
import tidynamics
from peer import serve

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import MDAnalysis
    from MDAnalysis.analysis.msd import EinsteinMSD

SIZES = {"post": (1000, 500), "large": (10_000, 1000)}


def walk(particles, frames):
    """The same numbers as on our side."""
    steps = np.arange(particles * frames * 3, dtype=np.float64).reshape(particles, frames, 3)
    return np.cumsum(0.1 * np.sin(np.mod(steps * steps, 1e6)), axis=1)


def mdanalysis(r):
    """MDAnalysis's EinsteinMSD, which calls tidynamics for every particle; frames come first there."""
    universe = MDAnalysis.Universe.empty(r.shape[0], trajectory=True)
    universe.load_new(np.ascontiguousarray(r.swapaxes(0, 1)), order="fac")

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return EinsteinMSD(universe, fft=True).run().results.timeseries.tolist()

    return run


def direct_tidynamics(r):
    return lambda: np.mean([tidynamics.msd(each) for each in r], axis=0).tolist()


def batched(r, block=500):
    """The same sums with one real transform over many particles, in blocks that fit into the cache."""
    particles, frames, axes = r.shape
    size = 1
    while size < 2 * frames:
        size *= 2
    counts = frames - np.arange(frames)

    def run():
        total = np.zeros(frames)
        for first in range(0, particles, block):
            part = r[first : first + block]
            power = np.fft.rfft(part, n=size, axis=1)
            power = (power.real**2 + power.imag**2).sum(axis=2)
            correlation = np.fft.irfft(power, n=size, axis=1)[:, :frames]
            squares = (part * part).sum(axis=2)
            sums = np.cumsum(squares, axis=1)[:, ::-1] + np.cumsum(squares[:, ::-1], axis=1)[:, ::-1]
            total += ((sums - 2 * correlation) / counts).sum(axis=0)
        return (total / particles).tolist()

    return run


if __name__ == "__main__":
    peers = {}
    for name, size in SIZES.items():
        r = walk(*size)
        peers[f"mdanalysis-{name}"] = mdanalysis(r)
        peers[f"tidynamics-{name}"] = direct_tidynamics(r)
        peers[f"numpy-{name}"] = batched(r)
    serve(peers)

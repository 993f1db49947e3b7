"""Python's side of the 15 µs items; see pool-items.ts for what an item is.

Pool and joblib each run with their own automatic chunks and with chunks of several fixed sizes;
the fastest setting is found before anything is timed, and is the one that counts.
"""

import time
from multiprocessing import Pool

from joblib import Parallel, delayed

from peer import PROCESSES, fastest, serve

ITEMS = 10_000
ITEM_SECONDS = 15e-6
CHUNKS = (100, 250, 500, 1000, 2500, ITEMS // PROCESSES)
STARTS = [(i + 0.5) / ITEMS for i in range(ITEMS)]


def iterate(start, steps):
    x = start
    for _ in range(steps):
        x = 3.9 * x * (1 - x)
    return x


def item(argument):
    return iterate(*argument)


def serial_seconds(steps):
    arguments = [(start, steps) for start in STARTS]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        list(map(item, arguments))
        times.append(time.perf_counter() - began)
    return min(times)


def calibrate():
    """How many iterations an item has when all of them in turn take as long as they shall."""
    steps = 1000
    for _ in range(3):
        steps = round(steps * ITEMS * ITEM_SECONDS / serial_seconds(steps))
    return steps


if __name__ == "__main__":
    steps = calibrate()
    arguments = [(start, steps) for start in STARTS]
    with Pool(PROCESSES) as pool:

        def with_pool(chunk):
            return lambda: pool.map(item, arguments, chunk)

        def with_joblib(batch):
            parallel = Parallel(n_jobs=PROCESSES, batch_size=batch)
            return lambda: parallel(delayed(item)(argument) for argument in arguments)

        serve(
            {
                "pool": fastest([with_pool(chunk) for chunk in (None, *CHUNKS)]),
                "joblib": fastest([with_joblib(batch) for batch in ("auto", *CHUNKS)]),
            }
        )

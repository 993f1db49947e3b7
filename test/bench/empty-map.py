"""Python's side of the maps that have nothing to do."""

from multiprocessing import Pool

from peer import PROCESSES, serve


def double(x):
    return 2 * x


if __name__ == "__main__":
    with Pool(PROCESSES) as pool:
        serve({"pool-none": lambda: pool.map(double, []), "pool-one": lambda: pool.map(double, [1])})

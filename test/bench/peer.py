"""The Python side of every benchmark row: serves named functions to scripts/bench.mjs.

One request a line on stdin, one answer a line on stdout, both JSON. Imports, pools and warm-up
happen before the first request that counts, so none of them is timed.

    {"run": "scipy", "calls": 1}  ->  {"ms": 3012.5, "value": [...]}
    {"about": true}               ->  {"about": "Python 3.11.7, numpy 2.4.6, ..."}
"""

import importlib.metadata
import json
import os
import platform
import sys
import time

#: As many processes as hotcell's pool has threads.
PROCESSES = int(os.environ.get("HOTCELL_BENCH_PROCESSES", "2"))


def serve(peers):
    """Answers requests for the functions of the dictionary `peers` until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    # whatever else is printed must not come between the answers
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        if "about" in request:
            answer = {"about": about()}
        else:
            function, calls = peers[request["run"]], request["calls"]
            began = time.perf_counter()
            for _ in range(calls):
                value = function()
            ms = 1e3 * (time.perf_counter() - began) / calls
            answer = {"ms": ms, "value": value}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def about():
    packages = ("numpy", "scipy", "joblib", "numba")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    return ", ".join([f"Python {platform.python_version()}", *versions])


def fastest(candidates, repeats=2):
    """The candidate (a function) that takes least time, so that a peer runs at its best setting."""

    def least(function):
        times = []
        for _ in range(repeats):
            began = time.perf_counter()
            function()
            times.append(time.perf_counter() - began)
        return min(times)

    return min(candidates, key=least)

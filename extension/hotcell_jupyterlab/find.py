"""Where the parts of the TypeScript kernel are: Node, and the npm packages hotcell and tslab.

Nothing is started here but Node and npm, to be asked for their version and folder.
"""

import os
import shutil
import subprocess
from pathlib import Path

NODE_NEEDED = (20, 19)
PACKAGES = ("hotcell", "tslab")


class Missing(Exception):
    """A part is not there; the message is one line with the remedy."""


def command(connection_file):
    """The command that runs the kernel in the current folder. Raises Missing."""
    node = find_node()
    hotcell, tslab = (find_package(name) for name in PACKAGES)
    return [
        node,
        "--require",
        str(hotcell / "dist" / "kernelspec" / "preload.js"),
        str(tslab / "bin" / "tslab"),
        "kernel",
        "--config-path",
        connection_file,
    ]


def find_node():
    """The path of a Node that is new enough."""
    remedy = "install it from https://nodejs.org, or name one in HOTCELL_NODE, and restart the kernel"
    wanted = os.environ.get("HOTCELL_NODE", "node")
    node = shutil.which(wanted)
    needed = ".".join(map(str, NODE_NEEDED))
    if node is None:
        raise Missing(f"Node {needed} or newer is needed, and '{wanted}' was not found: {remedy}")
    version = output(node, "--version").lstrip("v")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < NODE_NEEDED:
        raise Missing(f"Node {needed} or newer is needed, and {node} is {version or 'none'}: {remedy}")
    return node


def find_package(name):
    """The folder of an npm package: from the current folder upwards, or installed globally."""
    here = Path.cwd()
    folders = [folder / "node_modules" for folder in (here, *here.parents)]
    npm = shutil.which("npm")
    for folder in folders:
        if (folder / name / "package.json").is_file():
            return folder / name
    if npm is not None:
        folder = Path(output(npm, "root", "--global"))
        if (folder / name / "package.json").is_file():
            return folder / name
    raise Missing(
        f"the npm package {name} was not found in {here} or above it: "
        f"run 'npm install {' '.join(PACKAGES)}' there and restart the kernel"
    )


def output(*words):
    """What a command prints, or nothing where it fails."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()

"""Becomes the TypeScript kernel, or a kernel that says in each cell what it lacks.

    python -m hotcell_jupyterlab CONNECTION_FILE
"""

import os
import subprocess
import sys

from .find import Missing, command


def main(connection_file):
    try:
        words = command(connection_file)
    except Missing as missing:
        print(f"hotcell: {missing}", file=sys.stderr)
        from .lacking import serve

        serve(connection_file, str(missing))
        return
    if os.name == "nt":
        sys.exit(subprocess.run(words, check=False).returncode)
    # in place of this process, which Jupyter's signals then reach
    os.execv(words[0], words)


if __name__ == "__main__":
    main(sys.argv[1])

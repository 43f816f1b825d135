"""Runs a command against a product of its own, whose address it finds in BASE_URL.

python -m tests.support.serve npm --prefix frontend run e2e
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.product import running_product

HUMAN_PACE = {"SIMULATOR_PACE": "0.3"}


def main() -> int:
    with (
        TemporaryDirectory() as directory,
        running_product(Path(directory), HUMAN_PACE) as product,
    ):
        return subprocess.run(sys.argv[1:], env={**os.environ, "BASE_URL": product.url}).returncode


if __name__ == "__main__":
    sys.exit(main())

"""The templates and the data that are shipped as examples: nobody's, and readable by everybody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.batches.templates.definition import check
from chalicelib.batches.templates.model import Version

FOLDER = Path(__file__).with_name("samples")
PREFIX = "sample-"


@dataclass(frozen=True)
class Sample:
    """A shipped template, and rows that it can be tried with."""

    version: Version
    rows: tuple[Mapping[str, Any], ...]


@cache
def samples() -> Mapping[str, Sample]:
    """Return the samples by their id."""
    return {f"{PREFIX}{path.stem}": _read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def _read(path: Path) -> Sample:
    definition = path.read_text("utf-8")
    version = Version(f"{PREFIX}{path.stem}", 1, check(definition), definition, sample=True)
    lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
    return Sample(version, tuple(json.loads(line) for line in lines))

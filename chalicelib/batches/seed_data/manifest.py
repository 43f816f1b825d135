"""A manifest as it stands in the bucket."""

import json
from dataclasses import asdict
from typing import Any

from chalicelib.batches.seed_data.model import Manifest, Part, PathStat, Problem


def to_json(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), ensure_ascii=False, separators=(",", ":")).encode()


def of_json(data: bytes) -> Manifest:
    known: dict[str, Any] = json.loads(data)
    return Manifest(
        rows=known["rows"],
        parts=tuple(_part(part) for part in known["parts"]),
        paths=tuple(_stat(stat) for stat in known["paths"]),
        problems=tuple(Problem(**problem) for problem in known["problems"]),
        problem_count=known["problem_count"],
        notes=tuple(known["notes"]),
    )


def _part(known: dict[str, Any]) -> Part:
    blocks = tuple((row, at) for row, at in known["blocks"])
    return Part(known["first"], known["rows"], known["size"], blocks)


def _stat(known: dict[str, Any]) -> PathStat:
    return PathStat(**{**known, "parts": tuple(known["parts"]), "lacking": tuple(known["lacking"])})

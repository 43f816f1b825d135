"""The rows that are shipped beside the sample templates: nobody's, and readable by everybody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from chalicelib.batches.seed_data.model import Manifest, Row, SeedDataSet
from chalicelib.batches.seed_data.paths import Paths
from chalicelib.batches.templates.samples import samples as sample_templates


@dataclass(frozen=True)
class SampleData:
    """Shipped rows, as if they had been uploaded and checked."""

    seed_data: SeedDataSet
    manifest: Manifest
    rows: tuple[Row, ...]


@cache
def samples() -> Mapping[str, SampleData]:
    """Return the samples by their id, which is that of the template they are for."""
    return {
        sample_id: _made(sample_id, sample.version.template.name, sample.rows)
        for sample_id, sample in sample_templates().items()
    }


def _made(sample_id: str, name: str, rows: tuple[Mapping[str, object], ...]) -> SampleData:
    paths, own = Paths(empty_is_missing=False), tuple(dict(row) for row in rows)
    for row in own:
        paths.add(row)
    manifest = Manifest(len(own), paths=paths.stats())
    size = sum(len(json.dumps(row, ensure_ascii=False).encode()) + 1 for row in own)
    made = SeedDataSet(
        seed_data_id=sample_id,
        owner="",
        name=name,
        format="jsonl",
        size=size,
        state="ready",
        made_ms=0,
        rows=len(own),
        paths=manifest.paths,
        sample=True,
    )
    return SampleData(made, manifest, own)

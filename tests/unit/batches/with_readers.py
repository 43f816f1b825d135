"""Exports opened by pandas, pyarrow and duckdb in an environment of their own: `make readers`."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib.batches.exports.columns import columns_of
from tests.unit.batches.exported import data_of
from tests.unit.batches.factory import Factory
from tests.unit.batches.test_exports import ODD
from tests.unit.cloud import Cloud

PROJECT = Path(__file__).parents[3]
READERS = PROJECT / ".venv-readers" / "bin" / "python"
LOOKS = ("a/b", "..", "ü", None)


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    made = Factory(cloud)
    rows = zip(made.seeds.data, ODD, LOOKS, strict=True)
    made.seeds.data[:] = [{**row, **odd, "look": look} for row, odd, look in rows]
    return made


def test_libraries_that_nobody_here_wrote_agree_on_every_export(
    factory: Factory, tmp_path: Path
) -> None:
    batch = factory.run(factory.make(models=(1,)))
    for form in ("jsonl", "csv", "parquet"):
        (tmp_path / f"records.{form}").write_bytes(data_of(factory, batch, format=form))
    archive = data_of(factory, batch, format="parquet", partition="field", field="look")
    for part in zipfile.ZipFile(io.BytesIO(archive)).namelist():
        if part.endswith(".parquet"):
            zipfile.ZipFile(io.BytesIO(archive)).extract(part, tmp_path / "partitions")
    (tmp_path / "pictures.zip").write_bytes(data_of(factory, batch, format="zip", pictures="file"))
    subprocess.run(["unzip", "-q", "pictures.zip", "-d", "pictures"], cwd=tmp_path, check=True)
    kinds = {column.name: column.kind for column in columns_of("url")}
    (tmp_path / "kinds.json").write_text(json.dumps(kinds))
    done = subprocess.run(
        [READERS, PROJECT / "tests" / "readers" / "opened.py", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stderr

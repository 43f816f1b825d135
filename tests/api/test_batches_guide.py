"""The commands of the documents about batches, run as they stand there, one after the other."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
from pathlib import Path

from tests.support.product import PROJECT, Product

BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.S | re.M)


def run_commands(page: str, product: Product, directory: Path) -> list[str]:
    """Return what each block of commands of a document says."""
    said = []
    for block in BLOCK.findall((PROJECT / "docs" / page).read_text()):
        command = textwrap.dedent(block).replace("http://localhost:8000", product.url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        said.append(done.stdout)
    return said


def test_the_five_minute_guide_makes_a_data_set(product: Product, tmp_path: Path) -> None:
    said = run_commands("batches-guide.md", product, tmp_path)
    assert said[-1].split() == ["6", "lamps.jsonl"]
    records = [json.loads(line) for line in (tmp_path / "lamps.jsonl").read_text().splitlines()]
    assert {record["prompt"] for record in records} == {
        "a brass lamp, ink",
        "a teapot, watercolour",
        "a folding chair, paper collage",
    }
    assert {record["picture"] for record in records} == {"stored"}


def test_every_command_of_the_reference_works(product: Product, tmp_path: Path) -> None:
    said = run_commands("batches.md", product, tmp_path)
    checked = json.loads(said[1])
    assert [each["problem"] for each in checked["problems"]] == ["product.dark is missing"]
    assert {each["row"] for each in checked["rendered"]} == {0}
    assert '"version":1' in said[2]
    assert "sample-product-pictures" in said[2]
    assert json.loads(said[3])["sample"] is True
    assert said[4] == ""
    found, end = json.JSONDecoder().raw_decode(said[5])
    lacking = json.loads(said[5][end:])
    assert (found["state"], found["rows"], found["problemCount"]) == ("ready", 2, 1)
    assert found["preview"][1] == {"product": {"name": 'a 2" pipe', "style": "ink"}}
    assert [each["problem"] for each in lacking["missing"]] == [
        "Missing required field: product.dark"
    ]
    planned = json.loads(said[6])
    assert planned["state"] == "planned"
    assert (planned["plan"]["rows"], planned["plan"]["fits"]) == (1, True)
    ended = json.loads((tmp_path / "ended.json").read_text())
    assert ended["pictures"] == planned["plan"]["pictures"]
    assert said[7].count('"imageUrl"') == planned["plan"]["pictures"] >= 8
    assert all(f'"step":"{step}"' in said[8] for step in ("outline", "expand", "summary"))
    records = [json.loads(line) for line in said[9].splitlines()]
    assert {record["model"] for record in records} == {None}
    assert set(records[0]["outputs"]) == {"outline", "expand", "summary"}
    texts = json.loads(said[10])["textModels"]
    assert [each["tier"] for each in texts] == ["cheap", "balanced", "premium"]
    assert all(each["simulated"] and each["price"]["input"] > 0 for each in texts)

"""What the last runs of the tests proved reaches the score card, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

from bench import proofs, scorecard
from tests.support import proof


def wrote(file: Path, *figures: dict[str, object]) -> None:
    file.write_text("".join(json.dumps(figure) + "\n" for figure in figures))


def test_a_row_holds_both_sizes(tmp_path: Path) -> None:
    wrote(tmp_path / "figures.jsonl", {"figure": "R6", "sequences": 150, "differences": 0})
    wrote(tmp_path / "full.jsonl", {"figure": "R6", "sequences": 10_000, "differences": 0})
    row = proofs.gather({}, tmp_path)["R6"]
    assert row["value"] == "sequences=150 differences=0"
    assert row["full"] == "sequences=10000 differences=0"
    assert row["baseline"] == "200 admitted"


def test_figures_of_one_id_share_a_row(tmp_path: Path) -> None:
    figures = {"figure": "S1 requests", "http_5xx": 0}, {"figure": "S1 frames", "http_5xx": 0}
    wrote(tmp_path / "figures.jsonl", *figures)
    assert proofs.gather({}, tmp_path)["S1"]["value"] == "requests: http_5xx=0; frames: http_5xx=0"


def test_a_run_of_one_size_keeps_the_other(tmp_path: Path) -> None:
    wrote(tmp_path / "full.jsonl", {"figure": "R1", "stuck": 0})
    kept = proofs.gather({}, tmp_path)
    (tmp_path / "full.jsonl").unlink()
    wrote(tmp_path / "figures.jsonl", {"figure": "R1", "stuck": 1})
    row = proofs.gather(kept, tmp_path)["R1"]
    assert (row["value"], row["full"]) == ("stuck=1", "stuck=0")


def test_without_a_run_there_are_no_rows(tmp_path: Path) -> None:
    assert proofs.gather({}, tmp_path) == {}


def test_the_table_shows_what_was_measured_beside_bar_and_baseline(tmp_path: Path) -> None:
    wrote(tmp_path / "figures.jsonl", {"figure": "R4", "provider_calls": 9})
    table = scorecard.proved_table(proofs.gather({}, tmp_path))
    line = "| R4 | provider_calls=9 |  | exactly n provider calls | 100 × n |"
    assert table.splitlines()[-1] == line


def test_a_set_that_runs_again_forgets_its_own_figures_only(tmp_path: Path) -> None:
    file = tmp_path / "full.jsonl"
    wrote(file, {"figure": "S1 frames"}, {"figure": "S1 requests"}, {"figure": "S4"})
    proof.forget(file, ["S1"])
    assert [json.loads(line) for line in file.read_text().splitlines()] == [{"figure": "S4"}]

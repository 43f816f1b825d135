"""The score card says what was met, and docs/performance.md says the same."""

import json
from pathlib import Path

import pytest

from bench import proofs, report, scorecard
from bench.scorecard import Figure, Part
from tests.support import proof

CALLS = Part("AWS calls", 5, "calls", bar=4, baseline=23)
QUERIES = Part("queries", 1, "queries", bar=1)


def wrote(file: Path, *figures: dict[str, object]) -> None:
    file.write_text("".join(json.dumps(figure) + "\n" for figure in figures))


def test_a_part_over_its_bar_is_named() -> None:
    rows = {"P1": scorecard.row(Figure("P1", "submit", (QUERIES, CALLS)), "python -m bench P1")}
    assert scorecard.missed(rows) == ["P1 AWS calls"]
    assert rows["P1"]["met"] is False


def test_a_row_has_what_the_contract_promises() -> None:
    row = scorecard.row(Figure("P1", "submit", (CALLS,)), "python -m bench P1")
    promised = {"value": 5, "unit": "calls", "bar": 4, "baseline": 23}
    assert promised.items() <= row.items()
    assert {"command", "measuredAt"} <= row.keys()


def test_figures_measured_later_join_those_measured_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorecard, "RESULTS", tmp_path)
    monkeypatch.setattr(scorecard, "SCORECARD", tmp_path / "scorecard.json")
    for name in ("R2", "P10", "P2"):
        scorecard.keep({name: {"value": 1}})
    assert list(json.loads((tmp_path / "scorecard.json").read_text())) == ["P2", "P10", "R2"]


def test_figures_of_one_name_are_one_row(tmp_path: Path) -> None:
    lines = [{"figure": "S2 urls", "forms": 74}, {"figure": "S2", "forms": 2}, {"figure": "X1"}]
    (tmp_path / "figures.jsonl").write_text("\n".join(map(json.dumps, lines)))
    rows = proofs.gather({}, tmp_path)
    assert {name: row["value"] for name, row in rows.items()} == {"S2": "urls: forms=74<br>forms=2"}


def test_the_rows_of_a_matrix_are_added_up(tmp_path: Path) -> None:
    lines = [
        {"figure": "S6 matrix", "route": route, "nobody": 401, "answers": 38, "wrong": 0}
        for route in ("GET /jobs", "GET /me")
    ]
    (tmp_path / "figures.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert proofs.gather({}, tmp_path)["S6"]["value"] == "matrix: rows=2 answers=76 wrong=0"


def test_no_test_run_proves_nothing(tmp_path: Path) -> None:
    assert proofs.gather({}, tmp_path) == {}


def test_a_row_holds_both_sizes(tmp_path: Path) -> None:
    wrote(tmp_path / "figures.jsonl", {"figure": "R6", "sequences": 150, "differences": 0})
    wrote(tmp_path / "full.jsonl", {"figure": "R6", "sequences": 10_000, "differences": 0})
    row = proofs.gather({}, tmp_path)["R6"]
    assert row["value"] == "sequences=150 differences=0"
    assert row["full"] == "sequences=10000 differences=0"
    assert row["baseline"] == "200 admitted"


def test_a_run_of_one_size_keeps_the_other(tmp_path: Path) -> None:
    wrote(tmp_path / "full.jsonl", {"figure": "R1", "stuck": 0})
    kept = proofs.gather({}, tmp_path)
    (tmp_path / "full.jsonl").unlink()
    wrote(tmp_path / "figures.jsonl", {"figure": "R1", "stuck": 1})
    row = proofs.gather(kept, tmp_path)["R1"]
    assert (row["value"], row["full"]) == ("stuck=1", "stuck=0")


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


def test_a_table_goes_between_its_marks_only() -> None:
    document = "before\n<!-- measured -->\nold\n<!-- /measured -->\nafter"
    expected = "before\n<!-- measured -->\nnew\n<!-- /measured -->\nafter"
    assert report.filled(document, "measured", "new") == expected


def test_a_document_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="0 places"):
        report.filled("nothing here", "measured", "new")


def test_both_documents_show_the_score_card() -> None:
    for page in (report.DOCUMENT, report.README):
        shown = page.read_text()
        assert report.written(shown, scorecard.load()) == shown


def test_the_readme_tells_a_proof_in_words() -> None:
    proved = {
        "value": "jobs=9 billed_twice=0",
        "full": "",
        "unit": "",
        "baseline": "4 billed twice",
    }
    assert "| 9 jobs, 0 billed twice | 4 billed twice |" in scorecard.headlines({"R1": proved})

"""The score card says what was met, and docs/performance.md says the same."""

import json
from pathlib import Path

import pytest

from bench import proofs, report, scorecard
from bench.scorecard import Figure, Part

CALLS = Part("AWS calls", 5, "calls", bar=4, baseline=23)
QUERIES = Part("queries", 1, "queries", bar=1)


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
    rows = proofs.gather(tmp_path / "figures.jsonl")
    assert {name: row["value"] for name, row in rows.items()} == {"S2": "urls: forms=74; forms=2"}


def test_no_test_run_proves_nothing(tmp_path: Path) -> None:
    assert proofs.gather(tmp_path / "figures.jsonl") == {}


def test_a_table_goes_between_its_marks_only() -> None:
    document = "before\n<!-- measured -->\nold\n<!-- /measured -->\nafter"
    expected = "before\n<!-- measured -->\nnew\n<!-- /measured -->\nafter"
    assert report.filled(document, "measured", "new") == expected


def test_a_document_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="0 places"):
        report.filled("nothing here", "measured", "new")


def test_the_document_shows_the_score_card() -> None:
    document = report.DOCUMENT.read_text()
    assert report.written(document, scorecard.load()) == document

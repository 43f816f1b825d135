"""What counts as a verdict."""

from typing import Any

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.routes.http import checked
from chalicelib.routes.verdict_requests import VerdictRequest
from chalicelib.verdicts.model import Verdict


def verdict(**fields: Any) -> Verdict:
    return checked(VerdictRequest, fields).verdict()


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"winner": None}, Verdict(None)),
        ({"winner": "3"}, Verdict("3")),
        (
            {"winner": "3", "ranking": ["3", "1", ["2", "4"]], "tags": ["portrait", "a b"]},
            Verdict("3", (("3",), ("1",), ("2", "4")), ("portrait", "a b")),
        ),
        ({"winner": None, "ranking": [["1", "2"]]}, Verdict(None, (("1", "2"),))),
        ({"winner": "3", "ranking": [["3"], "1"]}, Verdict("3", (("3",), ("1",)))),
    ],
)
def test_a_verdict_is_read(fields: dict[str, Any], read: Verdict) -> None:
    assert verdict(**fields) == read


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "winner"),
        ({"winner": 3}, "winner"),
        ({"winner": ""}, "winner"),
        ({"winner": "3", "ranking": ["1", "3"]}, "body"),
        ({"winner": "3", "ranking": [["3", "1"]]}, "body"),
        ({"winner": "3", "ranking": ["3", "1", "1"]}, "ranking"),
        ({"winner": "3", "ranking": ["3", ["1", "3"]]}, "ranking"),
        ({"winner": "3", "ranking": ["3", []]}, "ranking.1"),
        ({"winner": "3", "ranking": ["3", 1]}, "ranking.1"),
        ({"winner": "3", "ranking": "3"}, "ranking"),
        ({"winner": "3", "tags": [""]}, "tags.0"),
        ({"winner": "3", "tags": [" a"]}, "tags.0"),
        ({"winner": "3", "tags": ["a" * 41]}, "tags.0"),
        ({"winner": "3", "tags": ["a", "a"]}, "tags"),
        ({"winner": "3", "tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"winner": "3", "loser": "1"}, "loser"),
    ],
)
def test_what_is_no_verdict_is_told_by_its_field(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        verdict(**fields)
    assert [detail.field for detail in refused.value.details] == [named]

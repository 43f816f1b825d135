"""Seed data as it stands in the table."""

from collections.abc import Mapping
from typing import Any, cast

from chalicelib.batches.seed_data.model import Format, SeedDataSet, State
from chalicelib.dynamo import Item, key, number, text

_PARTITION = "SEEDDATA#"


def partition(owner: str) -> str:
    return f"{_PARTITION}{owner}"


def set_key(owner: str, seed_data_id: str) -> Item:
    return key(partition(owner), seed_data_id)


def item_of(made: SeedDataSet, expires_s: int) -> Item:
    """Return the item of an upload that is waited for until then, in epoch seconds."""
    return {
        **set_key(made.owner, made.seed_data_id),
        "title": text(made.name),
        "kind": text(made.format),
        "size": number(made.size),
        "phase": text(made.state),
        "made": number(made.made_ms),
        "rowCount": number(0),
        "problemCount": number(0),
        "attempt": number(0),
        "expires": number(expires_s),
    }


def set_of(item: Mapping[str, Any]) -> SeedDataSet:
    return SeedDataSet(
        seed_data_id=item["sk"]["S"],
        owner=item["pk"]["S"].partition("#")[2],
        name=item["title"]["S"],
        format=cast(Format, item["kind"]["S"]),
        size=_whole(item, "size"),
        state=cast(State, item["phase"]["S"]),
        made_ms=_whole(item, "made"),
        rows=_whole(item, "rowCount"),
        problem_count=_whole(item, "problemCount"),
        attempt=_whole(item, "attempt"),
        until_ms=_whole(item, "until"),
    )


def _whole(item: Mapping[str, Any], name: str) -> int:
    return int(item[name]["N"]) if name in item else 0

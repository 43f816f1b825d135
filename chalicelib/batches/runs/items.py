"""Batches and their rows as they stand in the table."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.model import (
    Axes,
    Batch,
    Cell,
    Model,
    Plan,
    Row,
    RowState,
    Selection,
    Spent,
    State,
    Trouble,
    Wanted,
)
from chalicelib.batches.templates.items import template_of
from chalicelib.dynamo import Attribute, Item, key, number, text
from chalicelib.generation.model import StoredImage
from chalicelib.providers.base import CostBasis

COUNTERS = (
    "seq",
    "created_ms",
    "updated_ms",
    "quota",
    "handed",
    "running",
    "done",
    "failed",
    "pictures",
    "tokens_in",
    "tokens_out",
    "streak",
    "began_ms",
    "began_done",
)
CALLS, MICROS, COUNT, SENTENCE = "calls ", "micros ", "count ", "sentence "
"""Before the names of what was spent for what, and of what went wrong, as attributes."""
LONGEST_SENTENCE = 500


def batch_key(batch_id: str) -> Item:
    return key(f"BATCH#{batch_id}", "BATCH")


def wanted_key(batch_id: str) -> Item:
    return key(f"BATCH#{batch_id}", "WANTED")


def listed_key(owner: str, batch_id: str) -> Item:
    return key(f"BATCHES#{owner}", batch_id)


def row_key(batch_id: str, row: int) -> Item:
    return key(f"BATCH#{batch_id}", f"ROW#{row:09d}")


def output_key(batch_id: str, row: int, cell: str) -> Item:
    return key(f"BATCH#{batch_id}", f"OUT#{row:09d}#{cell}")


def open_value(batch_id: str) -> str:
    """The partition of the index in which a batch's unfinished rows are found."""
    return f"BATCH#{batch_id}"


def batch_item(batch: Batch) -> Item:
    """Return a new batch, without what never changes."""
    counters = {name: number(getattr(batch, name)) for name in COUNTERS}
    return {
        **batch_key(batch.id),
        **counters,
        "state": text(batch.state),
        "plan": text(json.dumps(asdict(batch.plan))),
        "entries": {"M": {}},
    }


def wanted_item(batch: Batch) -> Item:
    """Return what a batch was made with."""
    return {**wanted_key(batch.id), "wanted": text(json.dumps(asdict(batch.wanted)))}


def wanted_of(item: Mapping[str, Any]) -> Wanted:
    known = json.loads(item["wanted"]["S"])
    models = {
        step: tuple(Model(**each) for each in models) for step, models in known["models"].items()
    }
    axes = {name: tuple(values) for name, values in known["axes"].items()}
    return Wanted(
        **{
            **known,
            "template": template_of(known["template"]),
            "selection": Selection(**known["selection"]),
            "models": models,
            "axes": Axes(**axes),
        }
    )


def batch_of(item: Mapping[str, Any], wanted: Wanted) -> Batch:
    return Batch(
        id=item["pk"]["S"].removeprefix("BATCH#"),
        wanted=wanted,
        plan=_plan(json.loads(item["plan"]["S"])),
        state=cast(State, item["state"]["S"]),
        **{name: int(item[name]["N"]) for name in COUNTERS},
        seated="seated" in item,
        queued_as=item["queued_as"]["S"] if "queued_as" in item else "",
        spent_by=tuple(sorted(_spent(item), key=lambda each: (each.step, each.model))),
        troubles=_troubles(item),
        entries={name: int(value["N"]) for name, value in item["entries"]["M"].items()},
    )


def _plan(known: Mapping[str, Any]) -> Plan:
    return Plan(**{**known, "unpriced": tuple(known["unpriced"])})


def spent_name(spent: Spent) -> str:
    return json.dumps([spent.step, spent.model, spent.basis])


def _spent(item: Mapping[str, Any]) -> list[Spent]:
    found = []
    for name, value in item.items():
        if name.startswith(CALLS):
            told = name.removeprefix(CALLS)
            step, model, basis = json.loads(told)
            micros = int(item[MICROS + told]["N"]) if MICROS + told in item else 0
            found.append(Spent(step, model, cast(CostBasis, basis), int(value["N"]), micros))
    return found


def _troubles(item: Mapping[str, Any]) -> tuple[Trouble, ...]:
    codes = sorted(name.removeprefix(COUNT) for name in item if name.startswith(COUNT))
    return tuple(
        Trouble(code, int(item[COUNT + code]["N"]), item[SENTENCE + code]["S"]) for code in codes
    )


def troubled(change: Change, code: str, sentence: str) -> Change:
    """Note in a change of a batch that something went wrong once more."""
    told = {SENTENCE + code: text(sentence[:LONGEST_SENTENCE])}
    return change.add({COUNT + code: 1}).set(**told)


def row_of(item: Mapping[str, Any]) -> Row:
    def told(name: str) -> str:
        return str(item[name]["S"]) if name in item else ""

    return Row(
        batch_id=item["pk"]["S"].removeprefix("BATCH#"),
        number=int(item["sk"]["S"].removeprefix("ROW#")),
        state=cast(RowState, item["state"]["S"]),
        tries=int(item["tries"]["N"]),
        holder=told("holder"),
        lease_ms=int(item["lease"]["N"]) if "lease" in item else 0,
        entry=told("entry"),
        cells={name: cell_of(value["S"]) for name, value in item["cells"]["M"].items()},
        code=told("code"),
        error=told("error"),
        updated_ms=int(item["updated_ms"]["N"]),
        forgiven=int(item["forgiven"]["N"]) if "forgiven" in item else 0,
    )


def cell_text(cell: Cell) -> Attribute:
    """Return a cell without what is as usual, which most of it is."""
    told = {name: value for name, value in vars(cell).items() if value != _USUAL[name]}
    told["state"] = cell.state
    if cell.image:
        told["image"] = vars(cell.image)
    return text(json.dumps(told, separators=(",", ":")))


def cell_of(known: str) -> Cell:
    fields = {**_USUAL, **json.loads(known)}
    if image := fields["image"]:
        fields["image"] = StoredImage(**{**image, "ignored": tuple(image["ignored"])})
    return Cell(**fields)


_USUAL: Mapping[str, Any] = vars(Cell("", 0, 0, "calling", 0, "", 0))

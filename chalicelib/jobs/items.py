"""A job as a DynamoDB item and back.

Claims and results are maps by slot index, so that one update can set one of them under a
condition. A result is one JSON string: it is written once and never looked into by a condition.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import Any, TypeVar, cast, get_args

from chalicelib import dynamo, logs
from chalicelib.dynamo import Attribute, Item, number
from chalicelib.errors import Unavailable
from chalicelib.generation.model import StoredImage
from chalicelib.jobs.blind import Blind
from chalicelib.jobs.model import (
    Failure,
    Grave,
    Job,
    JobSlot,
    Lease,
    Outcome,
    Reserved,
)
from chalicelib.providers.base import ASPECT_RATIOS, UNKNOWN_COST, Cost, CostBasis, Parameters
from chalicelib.verdicts.items import to_verdict

_OF_DEFERRED = ("deferred", "price_usd")
_ALL = "0"
"""Stands for every slot that has no value of its own: slots count from 1."""
T = TypeVar("T")
_TAGGED = "#"
"""Without it, the money is in the ledger's former form, where all of it counts as spent."""


class UnreadableJob(Unavailable):
    """The job's item was written by a newer version in a form that this one does not know."""

    def __init__(self) -> None:
        super().__init__("A newer version wrote this run. It can be shown once that is back.")


def key(job_id: str) -> Item:
    """Return the primary key of a job's item."""
    return dynamo.key(f"JOB#{job_id}", "JOB")


def job_id_of(item: Mapping[str, Any]) -> str:
    return str(item["pk"]["S"]).removeprefix("JOB#")


def _as_json(value: object) -> Attribute:
    return dynamo.text(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def from_job(job: Job) -> Item:
    """The item of a job that was just made: no lease, no result, no subscriber yet."""
    return {
        **key(job.id),
        "target": {"S": job.target},
        "prompt": {"S": job.prompt},
        "parameters": _as_json(asdict(job.parameters)),
        "slots": _as_json([_slot_fields(slot) for slot in job.slots]),
        "created": number(job.created_at),
        "updated": number(job.updated_at),
        "seq": number(job.seq),
        "deadline": number(job.deadline),
        "expires": number(job.expires_at // 1000),
        "fingerprint": {"S": job.payload_hash},
        "token": {"S": job.token},
        "claims": {"M": {}},
        "results": {"M": {}},
        "attempts": {"M": {}},
        "holds": {"M": _first_reserved(job)},
        "open": {"S": "1"},
        "wake": number(job.next_look(job.created_at)),
        **({"owner": dynamo.text(job.owner)} if job.owner else {}),
        **({"blind": _as_json(asdict(job.blind))} if job.blind else {}),
    }


def from_grave(grave: Grave, wake: int) -> Item:
    return {
        **key(grave.job_id),
        "deleted": number(grave.until_ms),
        "target": dynamo.text(grave.target),
        "owner": dynamo.text(grave.owner),
        "created": number(grave.created_at),
        "open": dynamo.text("1"),
        "wake": number(wake),
    }


def to_grave(item: Mapping[str, Any]) -> Grave | None:
    """Return the grave that stands in a deleted job's place, None for a job."""
    if "deleted" not in item:
        return None
    return Grave(
        job_id=job_id_of(item),
        target=item["target"]["S"],
        owner=item["owner"]["S"],
        created_at=int(item["created"]["N"]),
        until_ms=int(item["deleted"]["N"]),
    )


def to_job(item: Mapping[str, Any]) -> Job:
    """Return the job, as far as this version understands it; raise UnreadableJob."""
    try:
        job = _to_job(item)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        logs.event("job_unreadable", jobId=job_id_of(item), error=type(problem).__name__)
        raise UnreadableJob from None
    if job.parameters.aspect_ratio not in ASPECT_RATIOS:
        raise UnreadableJob
    return job


def _to_job(item: Mapping[str, Any]) -> Job:
    parameters = json.loads(item["parameters"]["S"])
    parameters["explicit"] = tuple(parameters["explicit"])
    return Job(
        id=job_id_of(item),
        target=item["target"]["S"],
        prompt=item["prompt"]["S"],
        parameters=_known(Parameters, parameters),
        slots=tuple(_known(JobSlot, slot) for slot in json.loads(item["slots"]["S"])),
        created_at=int(item["created"]["N"]),
        updated_at=int(item["updated"]["N"]),
        seq=int(item["seq"]["N"]),
        deadline=int(item["deadline"]["N"]),
        expires_at=int(item["expires"]["N"]) * 1000,
        payload_hash=item["fingerprint"]["S"],
        token=item["token"]["S"],
        leases={int(i): to_lease(c["M"]) for i, c in item["claims"]["M"].items()},
        outcomes={int(i): to_outcome(r["S"]) for i, r in item["results"]["M"].items()},
        attempts={int(i): int(a["N"]) for i, a in item["attempts"]["M"].items()},
        reserved=to_all_reserved(item),
        previewed=frozenset(item["previewed"]["SS"] if "previewed" in item else ()),
        verdict=to_verdict(item["verdict"]["S"]) if "verdict" in item else None,
        judged="verdict" in item,
        stars=frozenset(item["stars"]["SS"] if "stars" in item else ()),
        blind=_to_blind(item["blind"]["S"]) if "blind" in item else None,
        subscribers=frozenset(item["subscribers"]["SS"] if "subscribers" in item else ()),
        cancelled_at=int(item["cancelled"]["N"]) if "cancelled" in item else None,
        owner=item["owner"]["S"] if "owner" in item else "",
        is_open="open" in item,
    )


def _to_blind(raw: str) -> Blind:
    fields = json.loads(raw)
    return Blind(tuple(fields["order"]), fields["secret"])


def _first_reserved(job: Job) -> Item:
    """Return one value for all slots, since all of them begin together."""
    first = next(iter(job.reserved.values()), None)
    return {_ALL: from_reserved(first)} if first else {}


def to_all_reserved(item: Mapping[str, Any]) -> dict[int, Reserved]:
    """Return by slot where the money of its present attempt is."""
    raw = {name: value["S"] for name, value in item["holds"]["M"].items()}
    common = raw.pop(_ALL, "")
    slots = json.loads(item["slots"]["S"]) if common else ()
    found = {slot["index"]: common for slot in slots} | {int(i): own for i, own in raw.items()}
    return {index: to_reserved(own) for index, own in found.items() if _TAGGED in own}


def from_reserved(reserved: Reserved) -> Attribute:
    return {"S": f"{reserved.day}{_TAGGED}{reserved.tag}"}


def to_reserved(raw: str) -> Reserved:
    day, _, tag = raw.partition(_TAGGED)
    return Reserved(day, tag)


def from_lease(lease: Lease) -> Attribute:
    fields: Item = {
        "owner": {"S": lease.holder},
        "started": number(lease.started_at),
        "deadline": number(lease.deadline),
    }
    if lease.ticket is not None:
        fields["ticket"] = {"S": lease.ticket}
    if lease.resumed:
        fields["resumed"] = {"BOOL": True}
    if lease.drawn_by:
        fields["drawnBy"] = _as_json(_slot_fields(lease.drawn_by))
    if lease.deferred:
        fields["deferred"] = {"BOOL": True}
    if lease.phase:
        fields["phase"] = {"S": lease.phase}
    return {"M": fields}


def _slot_fields(slot: JobSlot) -> dict[str, Any]:
    """Return what is to be kept of a slot: that it answers at once goes without saying."""
    fields = asdict(slot)
    return {name: value for name, value in fields.items() if value or name not in _OF_DEFERRED}


def to_lease(fields: Mapping[str, Any]) -> Lease:
    drawer = fields.get("drawnBy")
    return Lease(
        holder=fields["owner"]["S"],
        started_at=int(fields["started"]["N"]),
        deadline=int(fields["deadline"]["N"]),
        ticket=fields["ticket"]["S"] if "ticket" in fields else None,
        resumed="resumed" in fields,
        drawn_by=_known(JobSlot, json.loads(drawer["S"])) if drawer else None,
        deferred="deferred" in fields,
        phase=fields["phase"]["S"] if "phase" in fields else None,
    )


def from_outcome(outcome: Outcome) -> Attribute:
    """As short as can be, since every later write of the job pays for all of its results."""
    fields = asdict(outcome)
    if outcome.image:
        fields["image"] = _given(fields["image"])
    return _as_json(_given(fields))


def to_outcome(raw: str) -> Outcome:
    fields = json.loads(raw)
    image, failure, slot = fields.get("image"), fields.get("failure"), fields.get("drawn_by")
    return Outcome(
        attempt=fields["attempt"],
        started_at=fields.get("started_at"),
        completed_at=fields["completed_at"],
        cost=_to_cost(fields["cost"]),
        image=_to_image(image) if image else None,
        failure=_known(Failure, failure) if failure else None,
        drawn_by=_known(JobSlot, slot) if slot else None,
    )


def _to_image(fields: Mapping[str, Any]) -> StoredImage:
    left_out = {"seed": None, "revised_prompt": None}
    ignored = tuple(fields.get("ignored", ()))
    return _known(StoredImage, {**left_out, **fields, "ignored": ignored})


def _to_cost(fields: Mapping[str, Any]) -> Cost:
    return _known(Cost, fields) if fields["basis"] in get_args(CostBasis) else UNKNOWN_COST


def _known(kind: type[T], fields: Mapping[str, Any]) -> T:
    """Build a value of the fields that this version knows: a newer one may have written more."""
    names = _names(cast(Any, kind))
    return kind(**{name: value for name, value in fields.items() if name in names})


@cache
def _names(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in dataclass_fields(cast(Any, kind)))


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say anything."""
    return {name: value for name, value in fields.items() if value not in (None, ())}

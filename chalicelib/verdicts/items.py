"""A verdict as it is kept in items: one JSON string, empty where it was taken back."""

import json
from dataclasses import asdict

from chalicelib.dynamo import Attribute, text
from chalicelib.verdicts.model import Verdict


def from_verdict(verdict: Verdict | None) -> Attribute:
    fields = {} if verdict is None else asdict(verdict)
    if verdict and not verdict.blind:
        del fields["blind"]
    return text(json.dumps(fields, separators=(",", ":"), ensure_ascii=False) if fields else "")


def to_verdict(raw: str) -> Verdict | None:
    if not raw:
        return None
    fields = json.loads(raw)
    ranking = tuple(tuple(place) for place in fields["ranking"])
    return Verdict(fields["winner"], ranking, tuple(fields["tags"]), fields.get("blind", False))

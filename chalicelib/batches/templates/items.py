"""Templates as they stand in the table."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.batches.templates.model import Kind, Step, Template, Version
from chalicelib.dynamo import Item, key, number, text


@dataclass(frozen=True)
class Head:
    """What is known of a template without its definition; times in epoch milliseconds.

    `parts` name the items of its versions, the first one's first.
    """

    template_id: str
    owner: str
    name: str
    requires: tuple[str, ...]
    steps: tuple[tuple[str, Kind], ...]
    parts: tuple[str, ...]
    made_ms: int
    changed_ms: int
    sample: bool = False

    @property
    def version(self) -> int:
        return len(self.parts)


def head_key(owner: str, template_id: str) -> Item:
    return key(f"TEMPLATES#{owner}", template_id)


def version_key(template_id: str, part: str) -> Item:
    return key(f"TEMPLATE#{template_id}", f"VERSION#{part}")


def shown(template: Template) -> Item:
    """Return the fields of a head that come from its newest version."""
    steps = [[step.id, step.kind] for step in template.steps]
    return {
        "name": text(template.name),
        "shown": text(json.dumps({"requires": template.requires, "steps": steps})),
    }


def head_of(item: Mapping[str, Any]) -> Head:
    known = json.loads(item["shown"]["S"])
    return Head(
        template_id=item["sk"]["S"],
        owner=item["pk"]["S"].partition("#")[2],
        name=item["name"]["S"],
        requires=tuple(known["requires"]),
        steps=tuple((step, kind) for step, kind in known["steps"]),
        parts=tuple(part["S"] for part in item["parts"]["L"]),
        made_ms=int(item["made"]["N"]),
        changed_ms=int(item["changed"]["N"]),
    )


def version_item(version: Version, part: str) -> Item:
    return {
        **version_key(version.template_id, part),
        "number": number(version.number),
        "made": number(version.made_ms),
        "definition": text(version.definition),
        "template": text(json.dumps(asdict(version.template))),
    }


def version_of(item: Mapping[str, Any]) -> Version:
    return Version(
        template_id=item["pk"]["S"].partition("#")[2],
        number=int(item["number"]["N"]),
        template=template_of(json.loads(item["template"]["S"])),
        definition=item["definition"]["S"],
        made_ms=int(item["made"]["N"]),
    )


def template_of(known: Mapping[str, Any]) -> Template:
    steps = [
        Step(**{**step, "models": None if step["models"] is None else tuple(step["models"])})
        for step in known["steps"]
    ]
    return Template(known["name"], tuple(steps), tuple(known["requires"]))

"""What the ledger keeps in DynamoDB: an item for each budget, and one for each open reservation.

A budget's item holds its sums and a mark for each change that its reservation's item may not know
of yet. It never lists what is open, so that a change costs the same however much is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.spend.model import Balance

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef as Attribute
else:
    Attribute = Mapping[str, Any]

Item = dict[str, "Attribute"]
KIND = "kind "
"""Before the name of what money was spent for, as an attribute of its budget."""
_NAME = re.compile(r"#\w+")


@dataclass(frozen=True)
class Mark:
    """One change of a budget, until its reservation's item is known to tell of it.

    `at_ms` is when the change began, `home` the budget under which the
    reservation stands. A reserving mark has the micro-dollars that it took; a settling one names
    in `settles` the mark that reserved.
    """

    reservation: str
    home: str
    at_ms: int
    micros: int = 0
    settles: str = ""


@dataclass(frozen=True)
class Account:
    """One budget as its item tells it. No change that began before `floor_ms` can happen any more.

    `forgotten_at_s` is when the item may be deleted, in epoch seconds; 0 for never. `kinds` tells
    what of `spent` was for what, in micro-dollars, as far as settlings named it.
    """

    balance: Balance
    floor_ms: int
    forgotten_at_s: int
    marks: Mapping[str, Mark]
    kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Settling:
    """Some parts of a reservation on their way out: micro-dollars that leave `reserved`, and what
    they came to, `kinds` for what. `at_ms` tells for each budget when the change began.
    """

    token: str
    at_ms: Mapping[str, int]
    back: int
    spent: int
    unknown: int
    dearer: int
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def began_ms(self) -> int:
        return min(self.at_ms.values())


@dataclass(frozen=True)
class Standing:
    """One reservation as its item tells it; without a token it is not open.

    `parts` are those that nobody settles yet, `made_ms` is when it was made. `undone` are the
    tokens that it may never get.
    """

    name: str
    home: str
    token: str = ""
    budgets: tuple[str, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    settling: Settling | None = None
    made_ms: int = 0
    undone: frozenset[str] = frozenset()


def account_key(budget: str) -> Item:
    return {"pk": {"S": "SPEND"}, "sk": {"S": budget}}


def standing_key(home: str, name: str) -> Item:
    return {"pk": {"S": f"SPEND#{home}"}, "sk": {"S": name}}


def number(value: int) -> "Attribute":
    return {"N": str(value)}


def expiry(at_s: int) -> Item:
    """Return the attribute by which the table deletes an item; none for 0."""
    return {"expires": number(at_s)} if at_s else {}


def numbers(values: Mapping[str, int]) -> "Attribute":
    return {"M": {name: number(value) for name, value in values.items()}}


def request(
    key: Item,
    expression: str,
    condition: str,
    values: Item,
    names: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return an update that reads `#word` as the attribute `word` where `names` has no other."""
    words = _NAME.findall(f"{expression} {condition}")
    names = {word: word[1:] for word in words} | dict(names)
    return {
        "Key": key,
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        **({"ExpressionAttributeNames": names} if names else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def from_account(account: Account) -> Item:
    balance = account.balance
    return {
        "limit": number(balance.limit),
        "left": number(balance.left),
        "reserved": number(balance.reserved),
        "spent": number(balance.spent),
        "unknown": number(balance.unknown),
        "dearer": number(balance.dearer),
        "floor": number(account.floor_ms),
        **expiry(account.forgotten_at_s),
        "marks": {"M": {token: from_mark(mark) for token, mark in account.marks.items()}},
    }


def to_account(item: Mapping[str, Any]) -> Account:
    sums = ("limit", "left", "reserved", "spent", "unknown", "dearer")
    return Account(
        balance=Balance(**{name: int(item[name]["N"]) for name in sums}),
        floor_ms=int(item["floor"]["N"]),
        forgotten_at_s=int(item["expires"]["N"]) if "expires" in item else 0,
        marks={token: to_mark(mark["M"]) for token, mark in item["marks"]["M"].items()},
        kinds={
            name.removeprefix(KIND): int(value["N"])
            for name, value in item.items()
            if name.startswith(KIND)
        },
    )


def from_mark(mark: Mark) -> "Attribute":
    fields: Item = {
        "r": {"S": mark.reservation},
        "h": {"S": mark.home},
        "at": number(mark.at_ms),
    }
    if mark.settles:
        fields["s"] = {"S": mark.settles}
    else:
        fields["n"] = number(mark.micros)
    return {"M": fields}


def to_mark(fields: Mapping[str, Any]) -> Mark:
    return Mark(
        reservation=fields["r"]["S"],
        home=fields["h"]["S"],
        at_ms=int(fields["at"]["N"]),
        micros=int(fields["n"]["N"]) if "n" in fields else 0,
        settles=fields["s"]["S"] if "s" in fields else "",
    )


def from_settling(settling: Settling) -> "Attribute":
    return {
        "M": {
            "token": {"S": settling.token},
            "at": numbers(settling.at_ms),
            "back": number(settling.back),
            "spent": number(settling.spent),
            "unknown": number(settling.unknown),
            "dearer": number(settling.dearer),
            **({"kinds": numbers(settling.kinds)} if settling.kinds else {}),
        }
    }


def to_standing(item: Mapping[str, Any]) -> Standing:
    return Standing(
        name=item["sk"]["S"],
        home=item["pk"]["S"].removeprefix("SPEND#"),
        token=item["token"]["S"] if "token" in item else "",
        budgets=tuple(b["S"] for b in item["budgets"]["L"]) if "budgets" in item else (),
        parts=_to_numbers(item["parts"]) if "parts" in item else {},
        settling=_to_settling(item["settling"]["M"]) if "settling" in item else None,
        made_ms=int(item["made"]["N"]) if "made" in item else 0,
        undone=frozenset(item["undone"]["SS"] if "undone" in item else ()),
    )


def _to_settling(fields: Mapping[str, Any]) -> Settling:
    return Settling(
        token=fields["token"]["S"],
        at_ms=_to_numbers(fields["at"]),
        back=int(fields["back"]["N"]),
        spent=int(fields["spent"]["N"]),
        unknown=int(fields["unknown"]["N"]),
        dearer=int(fields["dearer"]["N"]),
        kinds=_to_numbers(fields["kinds"]) if "kinds" in fields else {},
    )


def _to_numbers(attribute: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(value["N"]) for name, value in attribute["M"].items()}

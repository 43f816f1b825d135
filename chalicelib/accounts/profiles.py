"""What an administrator has set for a person; without it, the installation's defaults hold."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chalicelib.accounts.recent import Recent
from chalicelib.callers import NO_LIMITS, PersonalLimits
from chalicelib.dynamo import Item, key, number

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KNOWN_FOR_MS = 10_000
"""How long a process believes what it has read: so late does a change reach the others."""
_MICROS = 1_000_000


@dataclass(frozen=True)
class Profile:
    """One person's own settings; None takes the installation's."""

    enabled: bool = True
    limits: PersonalLimits = NO_LIMITS


@dataclass(frozen=True)
class Profiles:
    """One item a person for whom something was set. `clock` in epoch milliseconds."""

    client: "DynamoDBClient"
    table: str
    defaults: PersonalLimits
    clock: Callable[[], int]
    known: Recent[Profile] = field(default_factory=lambda: Recent(KNOWN_FOR_MS))

    def of(self, user_id: str) -> Profile:
        """Return what holds for a person, as it was seconds ago at the latest."""
        now = self.clock()
        profile = self.known.get(user_id, now)
        if profile is None:
            profile = self.own(user_id)
            self.known.keep(user_id, profile, now)
        return replace(profile, limits=self._filled(profile.limits))

    def own(self, user_id: str) -> Profile:
        """Return what was set for a person, as it is now."""
        found = self.client.get_item(TableName=self.table, Key=_where(user_id), ConsistentRead=True)
        return _profile(found["Item"]) if "Item" in found else Profile()

    def put(self, user_id: str, profile: Profile) -> None:
        """Set everything for a person."""
        limits = profile.limits
        item: Item = {**_where(user_id), "enabled": {"BOOL": profile.enabled}}
        if limits.runs_per_day is not None:
            item["runs"] = number(limits.runs_per_day)
        if limits.dollars_per_day is not None:
            item["micros"] = number(round(limits.dollars_per_day * _MICROS))
        if limits.models is not None:
            item["models"] = {"L": [number(index) for index in sorted(limits.models)]}
        self.client.put_item(TableName=self.table, Item=item)
        self.known.forget(user_id)

    def _filled(self, own: PersonalLimits) -> PersonalLimits:
        default = self.defaults
        runs = default.runs_per_day if own.runs_per_day is None else own.runs_per_day
        dollars = default.dollars_per_day if own.dollars_per_day is None else own.dollars_per_day
        return PersonalLimits(runs, dollars, own.models)


def _where(user_id: str) -> Item:
    return key(f"USER#{user_id}", "PROFILE")


def _profile(item: dict[str, Any]) -> Profile:
    models = item.get("models")
    limits = PersonalLimits(
        runs_per_day=int(item["runs"]["N"]) if "runs" in item else None,
        dollars_per_day=int(item["micros"]["N"]) / _MICROS if "micros" in item else None,
        models=frozenset(int(each["N"]) for each in models["L"]) if models else None,
    )
    return Profile(item["enabled"]["BOOL"], limits)

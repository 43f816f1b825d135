"""What an administrator sees of people and sets for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.accounts.directory import Directory, User
from chalicelib.accounts.profiles import Profile, Profiles
from chalicelib.callers import Caller, PersonalLimits


@dataclass(frozen=True)
class Person:
    """One person: who they are, what was set for them, what they have used today."""

    user: User
    profile: Profile
    runs_today: int
    dollars_today: float


@dataclass(frozen=True)
class Users:
    """People in the pool and in the table; `used` tells today's runs and dollars of one."""

    directory: Directory
    profiles: Profiles
    used: Callable[[Caller], tuple[int, float]]

    def page(self, cursor: str | None) -> tuple[list[Person], str | None]:
        """Return some people, and the cursor of those after them; raise InvalidInput."""
        found, more = self.directory.page(cursor)
        return [self._person(user) for user in found], more

    def invite(self, email: str) -> Person:
        """Invite somebody; raise InvalidInput."""
        return self._person(self.directory.invite(email))

    def change(self, user_id: str, change: Mapping[str, Any]) -> Person:
        """Set what `change` names: enabled, groups, runs_per_day, spend_per_day, models.

        None takes a limit back to the installation's. Raise NotFound.
        """
        user, profile = self.directory.find(user_id), self.profiles.own(user_id)
        limits = profile.limits
        models = change.get("models", limits.models)
        limits = PersonalLimits(
            runs_per_day=change.get("runs_per_day", limits.runs_per_day),
            dollars_per_day=change.get("spend_per_day", limits.dollars_per_day),
            models=None if models is None else frozenset(models),
        )
        # Here first: the pool cannot take back the tokens that are out.
        self.profiles.put(user_id, Profile(change.get("enabled", profile.enabled), limits))
        # Whom the pool keeps out by itself another change does not let in again.
        enabled = change.get("enabled", user.enabled)
        if enabled != user.enabled:
            self.directory.set_enabled(user_id, enabled)
        groups = change.get("groups", user.groups)
        self.directory.set_groups(user_id, user.groups, groups)
        return self._person(replace(user, enabled=enabled, groups=tuple(sorted(groups))))

    def _person(self, user: User) -> Person:
        runs, dollars = self.used(Caller(user_id=user.user_id))
        return Person(user, self.profiles.own(user.user_id), runs, dollars)

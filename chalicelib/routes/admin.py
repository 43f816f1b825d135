"""What administrators do over HTTP: people, and models that take no new work."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.callers import Caller
from chalicelib.errors import Detail, InvalidInput, NotFound
from chalicelib.routes.admin_requests import (
    InviteRequest,
    SpendQuery,
    SwitchRequest,
    UserPatch,
    UsersQuery,
)
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request, checked
from chalicelib.spend.model import MICROS, day_of
from chalicelib.spend.report import Spent, SpentDay
from chalicelib.wire import Wire
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.accounts.users import Person

api = Api(Blueprint(__name__))
MOST_DAYS = 92


class TodayView(Wire):
    """What a person has used of the present UTC day."""

    runs: int
    dollars: float


class UserView(Wire):
    """One person; limits that are null are the installation's, models that are null are all."""

    user_id: str
    email: str
    enabled: bool
    status: str
    groups: list[str]
    runs_per_day: int | None
    spend_per_day: float | None
    models: list[int] | None
    today: TodayView


class UsersPage(Wire):
    users: list[UserView]
    next: str | None


class SwitchView(Wire):
    """Whether a model takes new work."""

    index: int
    enabled: bool
    reason: str | None


@api.operation(
    Operation(
        "GET",
        "/admin/users",
        "users",
        "The people, with what they have used today",
        answers={200: UsersPage},
        errors=(InvalidInput, NotFound),
        query=UsersQuery,
        access="admin",
    )
)
def users(request: Request) -> Answer:
    found, cursor = services().accounts.users.page(checked(UsersQuery, request.query).cursor)
    return Answer(200, UsersPage(users=[_view(each) for each in found], next=cursor))


@api.operation(
    Operation(
        "POST",
        "/admin/users",
        "invite",
        "Invite somebody by e-mail",
        answers={201: UserView},
        errors=(*BODY_ERRORS, NotFound),
        body=InviteRequest,
        access="admin",
    )
)
def invite(request: Request) -> Answer:
    return Answer(201, _view(services().accounts.users.invite(request.json(InviteRequest).email)))


@api.operation(
    Operation(
        "PATCH",
        "/admin/users/{user_id}",
        "change_user",
        "Change what a person may do",
        answers={200: UserView},
        errors=(*BODY_ERRORS, NotFound),
        body=UserPatch,
        access="admin",
    )
)
def change_user(request: Request, user_id: str) -> Answer:
    wanted = request.json(UserPatch)
    _check_not_oneself(request.caller, user_id, wanted)
    change = wanted.model_dump(exclude_unset=True)
    return Answer(200, _view(services().accounts.users.change(user_id, change)))


class DollarsView(Wire):
    """US dollars, by how well they are known; `unknown` stands at what was reserved for it."""

    exact: float
    estimated: float
    unknown: float


class SpentView(Wire):
    """What one person or one model came to."""

    name: str
    dollars: DollarsView


class DayView(Wire):
    """One UTC day: all of it, by users' ids, by models' names; `reserved` is under way."""

    day: str
    dollars: DollarsView
    reserved: float
    users: list[SpentView]
    models: list[SpentView]


class SpendPage(Wire):
    days: list[DayView]


@api.operation(
    Operation(
        "GET",
        "/admin/spend",
        "spend",
        "What was spent, by day, user and model",
        answers={200: SpendPage},
        errors=(InvalidInput, NotFound),
        query=SpendQuery,
        access="admin",
    )
)
def spend(request: Request) -> Answer:
    wanted = checked(SpendQuery, request.query)
    today = date.fromisoformat(day_of(services().ports.clock()))
    last = wanted.last or today
    first = wanted.first or last - timedelta(days=29)
    if not 0 <= (last - first).days < MOST_DAYS:
        detail = Detail("from", f"must be at most {MOST_DAYS - 1} days before to, and not after it")
        raise InvalidInput("These days are wrong.", (detail,))
    days = services().ground.spend_report.days(first.isoformat(), last.isoformat())
    return Answer(200, SpendPage(days=[_day(each) for each in days]))


def _day(day: SpentDay) -> DayView:
    return DayView(
        day=day.day,
        dollars=_dollars(day.spent),
        reserved=day.reserved / MICROS,
        users=[SpentView(name=name, dollars=_dollars(s)) for name, s in day.users.items()],
        models=[SpentView(name=name, dollars=_dollars(s)) for name, s in day.models.items()],
    )


def _dollars(spent: Spent) -> DollarsView:
    return DollarsView(
        exact=spent.exact / MICROS,
        estimated=spent.estimated / MICROS,
        unknown=spent.unknown / MICROS,
    )


@api.operation(
    Operation(
        "PATCH",
        "/admin/models/{index}",
        "switch_model",
        "Let a model take new work or not; without accounts, from the machine itself",
        answers={200: SwitchView},
        errors=(*BODY_ERRORS, NotFound),
        body=SwitchRequest,
        access="operator",
    )
)
def switch_model(request: Request, index: str) -> Answer:
    wanted, switches = request.json(SwitchRequest), services().ground.switches
    known = {str(slot.index): slot.index for slot in services().ports.models.slots}
    if index not in known:
        raise NotFound("There is no such model.")
    if wanted.enabled:
        switches.turn_on(known[index])
    else:
        switches.turn_off(known[index], wanted.reason)
    reason = None if wanted.enabled else wanted.reason
    return Answer(200, SwitchView(index=known[index], enabled=wanted.enabled, reason=reason))


def _check_not_oneself(caller: Caller, user_id: str, wanted: UserPatch) -> None:
    """Nobody locks themselves out: somebody must be left who can let others in."""
    if user_id != caller.user_id:
        return
    leaves = "groups" in wanted.model_fields_set and "admin" not in wanted.groups
    if leaves or not wanted.enabled:
        field = "groups" if leaves else "enabled"
        problem = "cannot take your own rights away; another administrator can"
        raise InvalidInput("This would lock you out.", (Detail(field, problem),))


def _view(person: "Person") -> UserView:
    user, limits = person.user, person.profile.limits
    return UserView(
        user_id=user.user_id,
        email=user.email,
        enabled=user.enabled,
        status=user.status,
        groups=list(user.groups),
        runs_per_day=limits.runs_per_day,
        spend_per_day=limits.dollars_per_day,
        models=None if limits.models is None else sorted(limits.models),
        today=TodayView(runs=person.runs_today, dollars=person.dollars_today),
    )

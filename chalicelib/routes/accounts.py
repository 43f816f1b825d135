"""A person's own account over HTTP: who they are, what they may do, their keys."""

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.callers import Scope
from chalicelib.errors import Detail, InvalidInput, NotFound
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request
from chalicelib.routes.requests import KeyRequest
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.accounts.api_keys import ApiKey

api = Api(Blueprint(__name__))


class PersonalLimitsView(Wire):
    """What a person may do in a UTC day, and what is left of it; null is no limit."""

    runs_per_day: int | None
    runs_left: int | None
    spend_per_day: float | None
    spend_left: float | None
    resets_at: str


class Me(Wire):
    """Who is calling; `models` are the indices of those that they may use."""

    user_id: str
    email: str
    groups: list[str]
    limits: PersonalLimitsView
    models: list[int]


class KeyView(Wire):
    """An API key without its text; `lastUsedAt` is right within an hour."""

    key_id: str
    name: str
    scopes: list[Scope]
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class NewKey(KeyView):
    """A key with its text, which nobody can read again."""

    key: str


class KeysPage(Wire):
    keys: list[KeyView]


@api.operation(
    Operation(
        "GET",
        "/me",
        "me",
        "Who is calling, and what they may do",
        answers={200: Me},
        errors=(NotFound,),
        access="account",
        scope="read",
    )
)
def me(request: Request) -> Answer:
    caller, ground = request.caller, services().ground
    allowed, money = caller.limits.models, ground.spending.todays(caller)
    configured = [slot.index for slot in services().ports.models.slots]
    body = Me(
        user_id=caller.user_id,
        email=caller.email or services().accounts.directory.find(caller.user_id).email,
        groups=sorted(caller.groups),
        limits=PersonalLimitsView(
            runs_per_day=caller.limits.runs_per_day,
            runs_left=ground.generate_limiter.left(caller),
            spend_per_day=caller.limits.dollars_per_day,
            spend_left=money.left if money else None,
            resets_at=iso(ground.spending.resets_at()),
        ),
        models=[index for index in configured if allowed is None or index in allowed],
    )
    return Answer(200, body)


@api.operation(
    Operation(
        "GET",
        "/keys",
        "keys",
        "The caller's own API keys",
        answers={200: KeysPage},
        errors=(NotFound,),
        access="account",
    )
)
def keys(request: Request) -> Answer:
    found = services().accounts.keys.of(request.caller.user_id)
    return Answer(200, KeysPage(keys=[KeyView(**_fields(each)) for each in found]))


@api.operation(
    Operation(
        "POST",
        "/keys",
        "make_key",
        "Make an API key; its text is shown this once",
        answers={201: NewKey},
        errors=(*BODY_ERRORS, NotFound),
        body=KeyRequest,
        access="account",
    )
)
def make_key(request: Request) -> Answer:
    wanted = request.json(KeyRequest)
    ends_ms = wanted.expires_at or 0
    if 0 < ends_ms <= services().ports.clock():
        raise InvalidInput("The end is over.", (Detail("expiresAt", "is not in the future"),))
    made, secret = services().accounts.keys.make(
        request.caller, wanted.name, wanted.scopes, ends_ms
    )
    return Answer(201, NewKey(**_fields(made), key=secret))


@api.operation(
    Operation(
        "DELETE",
        "/keys/{key_id}",
        "revoke_key",
        "Refuse a key from now on",
        answers={204: None},
        errors=(NotFound,),
        access="account",
    )
)
def revoke_key(request: Request, key_id: str) -> Answer:
    services().accounts.keys.revoke(request.caller.user_id, key_id)
    return Answer(204, None)


def _fields(key: "ApiKey") -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": iso(key.created_ms),
        "expires_at": iso(key.expires_ms) if key.expires_ms else None,
        "last_used_at": iso(key.last_used_ms) if key.last_used_ms else None,
    }

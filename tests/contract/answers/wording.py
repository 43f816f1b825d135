"""The same failure in other words: one line for each answer of a provider or gateway."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.case import Answer, Replay

PAGE = {"Content-Type": "text/html; charset=utf-8"}
PLAIN = {"Content-Type": "text/plain"}
Says = Callable[..., Replay]


def says(model_id: str) -> Says:
    """Return what makes a replay of one failed answer of the model, which is asked for once."""

    def of(
        name: str,
        status: int,
        body: Any,
        code: str,
        *,
        billed: str | None = None,
        headers: Mapping[str, str] | None = None,
        contains: str | None = None,
    ) -> Replay:
        raw = body if isinstance(body, str) else None
        answer = Answer(status, None if raw is not None else body, headers or {}, raw)
        again = {"RATE_LIMITED", "UNAVAILABLE"} & set(code.split("|"))
        requests = None if again else 1
        return Replay(name, model_id, (answer,), code, billed, requests, contains=contains)

    return of

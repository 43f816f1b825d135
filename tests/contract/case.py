"""What one provider's file in tests/contract/providers says; the suite finds the files itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

FOLDER = Path(__file__).with_name("providers")


@dataclass(frozen=True)
class ModelCase:
    """`exact_cost` says whether the provider tells what a picture cost.

    `sends` is the body of the request for "a lamp" in which nothing optional was asked for.
    """

    provider: str
    model_id: str
    exact_cost: bool = False
    sends: Mapping[str, Any] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.provider}/{self.model_id}"


@dataclass(frozen=True)
class Answer:
    """One answer of the service; `{png}` in a body is a picture in base64, `{origin}` its address,
    `{host}` that without the scheme.

    `raw` is a body that is not JSON; `picture` makes the body the picture's own bytes; `drop`
    breaks the connection off without an answer; `stall` never ends: it is "silent", or "drips".
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: str | None = None
    picture: bool = False
    gzip: bool = False
    deflate: bool = False
    drop: bool = False
    stall: str = ""


@dataclass(frozen=True)
class Replay:
    """A documented exchange and what must come of it: a picture, or `code` where one is given.

    `code` may name several that would be right, divided by "|". `requests` counts calls; `cost`
    is in US dollars and exact; `text` is what a text model's answer comes to.
    """

    name: str
    model_id: str
    answers: tuple[Answer, ...]
    code: str | None = None
    billed: str | None = None
    requests: int | None = None
    retry_after: float | None = None
    cost: float | None = None
    seed: int | None = None
    revised_prompt: str | None = None
    contains: str | None = None
    text: str | None = None
    of_text: bool = False
    seedless: bool = False


@dataclass(frozen=True)
class ProviderTests:
    """`own_ways` are faults that this provider shows otherwise than others, each with its reason.

    `retries` are faults that may be asked again, because nothing was made. A provider with
    tickets declares how it answers a submission (polled at `{origin}`) and a poll that still
    works; `tests/contract/test_tickets.py` then holds it to the promises about tickets.
    """

    cases: tuple[ModelCase, ...]
    replays: tuple[Replay, ...]
    own_ways: Mapping[str, str] = field(default_factory=dict)
    retries: frozenset[str] = frozenset()
    submission: Answer | None = None
    working: Answer | None = None


def _found() -> dict[str, ProviderTests]:
    names = sorted(module.name for module in iter_modules([str(FOLDER)]))
    return {name: import_module(f"tests.contract.providers.{name}").TESTS for name in names}


PROVIDERS = _found()
MODELS = tuple(case for tests in PROVIDERS.values() for case in tests.cases)
ADAPTERS = tuple(tests.cases[0] for tests in PROVIDERS.values())
"""One model of each adapter."""
REPLAYS = tuple((name, replay) for name, tests in PROVIDERS.items() for replay in tests.replays)

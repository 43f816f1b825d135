"""What is sent: each setting that was asked for, as it was asked for, and nothing else.

The tables follow from what the providers declare, so that a new one cannot be left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from email import message_from_bytes
from importlib import import_module
from typing import Any

import pytest

from chalicelib.config import PROVIDER_IDS, Secret
from chalicelib.providers.base import (
    CallContext,
    Capabilities,
    EndsAt,
    ImageRequest,
    Parameters,
)
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import BadRequest, BadResponse, ProviderError
from chalicelib.providers.models.catalog import priced_models, resolve
from chalicelib.providers.models.fit import fit
from chalicelib.routes.requests import PROMPT_MAX, SEED_MAX, GenerateRequest
from devstack.simulators import Simulators
from tests.contract.case import MODELS, Answer, ModelCase
from tests.contract.driving import CANARY_SECRET, looked_at, simulated
from tests.contract.servers import ReplayServer, replay_server

REFUSES = (Answer(401, {}),)
ALL = sorted({*MODELS, *(ModelCase(p, m) for p in PROVIDER_IDS for m in priced_models(p))}, key=str)
OPTIONAL = [f.name for f in fields(ImageRequest) if f.default is None]
Value = int | float | str
every_model = pytest.mark.parametrize("case", ALL, ids=str)
every_setting = pytest.mark.parametrize("name", OPTIONAL)


def capabilities(case: ModelCase) -> Capabilities:
    return resolve("A model", case.provider, case.model_id).capabilities


def ends(can: Capabilities, name: str) -> tuple[Value, Value]:
    """The least and the most that a model declares to take of a setting, if it takes it."""
    found: dict[str, tuple[Value, Value]] = {
        "seed": (0, can.largest_seed),
        "steps": can.steps_range,
        "guidance": can.guidance_range,
        "negative_prompt": ("x", "x" * can.negative_prompt_limit),
    }
    return found[name]


def asked_for(name: str) -> tuple[Value, Value]:
    """The least and the most of a setting that a person can ask for."""
    if name == "seed":
        return 0, SEED_MAX
    if name == "negative_prompt":
        return "x", "x" * PROMPT_MAX
    bounds = {type(m).__name__: m for m in GenerateRequest.model_fields[name].metadata}
    return bounds["Ge"].ge, bounds["Le"].le


def size(value: Value) -> float:
    return len(value) if isinstance(value, str) else value


@dataclass
class Desk:
    """A server that refuses everything and keeps what was sent, with a client a provider."""

    server: ReplayServer
    clients: dict[str, Any] = field(default_factory=dict)

    def body(self, case: ModelCase, request: ImageRequest) -> Mapping[str, Any]:
        """What the model is sent for the request."""
        self.server.begin(REFUSES)
        adapter = import_module(f"chalicelib.providers.adapters.{case.provider}.adapter")
        if case.provider not in self.clients:
            secret = Secret(CANARY_SECRET)
            key = Credentials(secret, self.server.origin, aws_id="an-id", aws_secret=secret)
            self.clients[case.provider] = adapter.connect(key)
        model = resolve("A model", case.provider, case.model_id)
        context = CallContext(EndsAt(20, lambda: 0.0), lambda _: None)
        with pytest.raises(ProviderError):
            adapter.image(self.clients[case.provider], model).generate(request, context)
        (sent,) = self.server.bodies
        return _read(sent, self.server.headers[0])


def _read(body: bytes, headers: str) -> Mapping[str, Any]:
    """A JSON object, or the fields of a form."""
    if body.startswith(b"{"):
        found: dict[str, Any] = json.loads(body)
        return found
    form = message_from_bytes(headers.encode() + body)
    parts: Any = form.get_payload()
    return {part.get_param("name", header="content-disposition"): part.get_payload()
            for part in parts}  # fmt: skip


def leaves(found: object, path: str = "") -> dict[str, object]:
    """Every value of a body by its place."""
    if isinstance(found, Mapping):
        inner = [leaves(value, f"{path}.{name}") for name, value in found.items()]
    elif isinstance(found, list):
        inner = [leaves(value, f"{path}[{n}]") for n, value in enumerate(found)]
    else:
        return {path: found}
    return {place: value for each in inner for place, value in each.items()}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with replay_server(REFUSES) as server:
        yield Desk(server)


def _fitted(case: ModelCase, name: str, value: Value) -> ImageRequest:
    wanted: Any = {name: value}
    made = Parameters(**wanted, explicit=(name,))
    return fit("a lamp", made, capabilities(case))[0]


@pytest.mark.parametrize("case", MODELS, ids=str)
def test_what_nobody_asked_for_is_not_sent(case: ModelCase, desk: Desk) -> None:
    assert case.sends is not None, "declare what is sent when nothing optional is asked for"
    assert desk.body(case, ImageRequest("a lamp")) == case.sends


@every_model
@every_setting
def test_a_setting_is_sent_as_it_was_asked_for_or_not_at_all(
    case: ModelCase, name: str, desk: Desk
) -> None:
    bare = leaves(desk.body(case, ImageRequest("a lamp")))
    can = capabilities(case)
    for value in ends(can, name):
        sent = leaves(desk.body(case, _fitted(case, name, value)))
        added = [str(sent[place]) for place in sent.keys() - bare.keys()]
        assert added == ([str(value)] if getattr(can, name) else [])
        assert sent.items() >= bare.items()


@every_model
@every_setting
def test_a_declared_range_is_within_what_can_be_asked_for(case: ModelCase, name: str) -> None:
    least, most = map(size, ends(capabilities(case), name))
    lowest, highest = map(size, asked_for(name))
    assert lowest <= least < most
    assert most <= highest or name == "negative_prompt"


@every_setting
def test_a_model_without_limits_of_its_own_takes_all_that_can_be_asked_for(name: str) -> None:
    least, most = ends(Capabilities(), name)
    assert size(least) == size(asked_for(name)[0])
    assert size(most) >= size(asked_for(name)[1])


def _ranges() -> Iterator[tuple[ModelCase, str, Value, bool]]:
    """Each end of each range that a model declares, and what is just beyond and can be asked."""
    for case in ALL:
        can = capabilities(case)
        for name in (name for name in OPTIONAL if getattr(can, name)):
            least, most = ends(can, name)
            lowest, highest = asked_for(name)
            yield case, name, least, True
            if size(most) <= size(highest):
                yield case, name, most, True
            if size(most) < size(highest):
                yield case, name, f"{most}x" if isinstance(most, str) else most + 1, False
            if not isinstance(least, str) and size(least) > size(lowest):
                yield case, name, least - 0.5, False


RANGES = list(_ranges())


@pytest.mark.parametrize(
    ("case", "name", "value", "taken"),
    RANGES,
    ids=[f"{case}-{name}-{size(value):g}" for case, name, value, _ in RANGES],
)
def test_the_service_takes_both_ends_of_a_range_and_nothing_beyond(
    case: ModelCase, name: str, value: Value, taken: bool, simulators: Simulators
) -> None:
    wanted: Any = {name: value}
    # What is taken ends in bytes that are no picture: nothing has to be drawn.
    request = ImageRequest("a lamp [[*:garbage]]", **wanted)
    driver = simulated(ModelCase(case.provider, case.model_id), simulators)

    with pytest.raises(ProviderError) as caught:
        looked_at(driver.provider.generate(request, driver.context()))
    assert type(caught.value) is (BadResponse if taken else BadRequest)

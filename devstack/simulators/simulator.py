"""The base of every provider's simulator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from aiohttp import web
from multidict import MultiDictProxy
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Backend, Order
from devstack.simulators.drawing import PictureSpec, dealt_style
from devstack.simulators.faults import Faults
from devstack.simulators.wire import Answer, WireError

INVALID_KEY_PREFIX = "invalid"

Body = TypeVar("Body", bound=BaseModel)


class Simulator(ABC):
    """One provider's protocol; its routes answer as the provider documents it."""

    id: ClassVar[str]
    #: Where an operator's base URL ends.
    base_path: ClassVar[str]
    #: One of `drawing.styles`, else one is dealt by the id.
    style: ClassVar[str] = ""
    #: What the provider answers for each fault that it can have; a fault left out is ignored.
    fault_answers: ClassVar[Mapping[str, Answer]]

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.polling_url = ""

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """Return the routes on the port that the base URL names."""

    def polling_routes(self) -> Sequence[web.RouteDef]:
        """Return the routes of a host of their own; `polling_url` is where they are served."""
        return ()

    @abstractmethod
    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the provider's answer to a body with these problems."""

    @abstractmethod
    def check_key(self, request: web.Request) -> None:
        """Refuse a request without an acceptable key."""

    async def work(self, model: str, prompt: str) -> Faults:
        """Take the order and its time; raise the provider's answer to the faults it asks for."""
        return await self.backend.work(Order(self.id, model, prompt), self.fault_answers)

    def spec(
        self,
        model: str,
        prompt: str,
        width: int,
        height: int,
        seed: int = 0,
        picture_format: str = "png",
    ) -> PictureSpec:
        """Return the picture to draw, in this provider's style."""
        style = self.style or dealt_style(self.id)
        return PictureSpec(style, model, prompt, width, height, seed, picture_format)

    async def read_json(self, request: web.Request, shape: type[Body]) -> Body:
        """Return the JSON body in its strict shape; raise the answer to an invalid one."""
        return self.parse(await request.read(), shape)

    def parse(self, body: bytes, shape: type[Body]) -> Body:
        """Return the JSON text in its strict shape; raise the answer to an invalid one."""
        return self._checked(lambda: shape.model_validate_json(body))

    async def read_form(self, request: web.Request, not_a_form: Answer) -> MultiDictProxy[Any]:
        """Return the parts of a multipart body; raise the given answer to any other body."""
        if request.content_type != "multipart/form-data":
            raise WireError(not_a_form)
        try:
            return await request.post()
        except (ValueError, AssertionError) as error:  # What aiohttp makes of a broken body.
            raise WireError(not_a_form) from error

    def parse_form(self, fields: Mapping[str, Any], shape: type[Body]) -> Body:
        """Return a form's fields in their shape; raise the provider's answer to invalid ones."""
        return self._checked(lambda: shape.model_validate(fields, strict=False))

    def _checked(self, validate: Callable[[], Body]) -> Body:
        try:
            return validate()
        except ValidationError as error:
            raise WireError(self.invalid(error.errors(include_url=False))) from error

    def require_key(self, key: str | None, missing: Answer) -> None:
        """Refuse a missing key with the given answer, and a wrong one as a bad key."""
        if not key:
            raise WireError(missing)
        expected = self.backend.key
        is_wrong = key.startswith(INVALID_KEY_PREFIX) if expected is None else key != expected
        if is_wrong:
            raise WireError(self.fault_answers["bad_key"])

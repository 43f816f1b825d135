"""Killing a worker's process at any of the points where it touches the world."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.unit.batches.factory import Factory


class Died(BaseException):
    """The process was killed: nothing of it runs on."""


@dataclass
class Points:
    """How many points were passed; at the `last` one and all after it the process is dead."""

    last: int
    passed: int = 0

    @property
    def is_dead(self) -> bool:
        return self.passed > self.last

    def point(self, *_: object, **__: Any) -> None:
        self.passed += 1
        if self.is_dead:
            raise Died


@contextmanager
def dying(factory: Factory, after: int) -> Iterator[Points]:
    """The process dies after so many points: calls of AWS, and both ends of a model's call."""
    points = Points(after)
    emitters = [client.meta.events for client in (factory.cloud.dynamodb, factory.cloud.s3)]
    for emitter in emitters:
        emitter.register("before-call", points.point)
        # The call is applied, and its answer is never heard.
        emitter.register("after-call", points.point)
    artists = factory.models.artists.values()
    author = factory.models.authors[1]
    write = author.write

    def written(prompt: str) -> str:
        points.point()
        return write(prompt)

    for artist in artists:
        artist.before = artist.after = points.point
    author.write, author.after = written, points.point
    try:
        yield points
    except Died:
        pass
    finally:
        for emitter in emitters:
            emitter.unregister("before-call", points.point)
            emitter.unregister("after-call", points.point)
        for artist in artists:
            artist.before = artist.after = lambda _: None
        author.write, author.after = write, lambda _: None
    factory.services = factory.another()


@contextmanager
def killed(factory: Factory, moment: str) -> Iterator[None]:
    """The process dies at the first event of botocore of that name."""
    points = Points(0)
    emitters = [client.meta.events for client in (factory.cloud.dynamodb, factory.cloud.s3)]

    def die_on(**_: Any) -> None:
        if points.is_dead:
            raise Died

    def die(**_: Any) -> None:
        points.passed += 1
        raise Died

    for emitter in emitters:
        emitter.register("before-call", die_on)
        emitter.register(moment, die)
    try:
        yield
    except Died:
        pass
    finally:
        for emitter in emitters:
            emitter.unregister("before-call", die_on)
            emitter.unregister(moment, die)
    factory.services = factory.another()

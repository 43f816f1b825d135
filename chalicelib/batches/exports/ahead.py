"""Work that is begun before its turn, in order and never too much of it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Wanted = TypeVar("Wanted")
Done = TypeVar("Done")


def ahead(
    executor: Executor, act: Callable[[Wanted], Done], items: Iterable[Wanted], most: int
) -> Iterator[Done]:
    """Yield what `act` makes of each item in their order, at most so many of them in memory."""
    waiting: deque[Future[Done]] = deque()
    for item in items:
        waiting.append(executor.submit(act, item))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()

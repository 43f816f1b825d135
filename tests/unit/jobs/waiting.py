"""Waiting for what other threads do."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], bool]) -> None:
    """Wait for the condition; fail after ten seconds."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def slot_threads() -> list[str]:
    """Return the names of the threads that draw slots, or tell of them."""
    return [t.name for t in threading.enumerate() if t.name.startswith("slot-")]

"""The sockets that the engine listens on: loopback, both families where the machine has both."""

from __future__ import annotations

import errno
import socket

from devstack.settings import EngineError

BACKLOG = 512
REASONS = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EACCES: "needs more rights than you have",
}


def listen(port: int) -> list[socket.socket]:
    """Bound on 127.0.0.1 and ::1 with one port; raises EngineError when it is in use.

    Binding early keeps the port from here on, and names it when any free one was asked for.
    """
    first = _bound(socket.AF_INET, "127.0.0.1", port)
    chosen: int = first.getsockname()[1]
    try:
        return [first, _bound(socket.AF_INET6, "::1", chosen)]
    except OSError:
        return [first]
    except EngineError:
        first.close()
        raise


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as problem:
        bound.close()
        if reason := REASONS.get(problem.errno or 0):
            raise EngineError(f"Port {port} {reason}; choose another with PORT=….") from None
        raise
    return bound


def free_port() -> int:
    """A port for a child that wants a number; nobody holds it until the child binds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

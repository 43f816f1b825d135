"""Runs a module as a child process that ends when its parent does.

    python -m devstack.lifeline some.module arguments…

The parent holds the write end of the child's standard input. However the parent dies, even by
SIGKILL, the operating system closes it, and the child asks itself to stop as by SIGTERM.
"""

import os
import runpy
import signal
import sys
import threading


def hold() -> None:
    """From now on this process gets a SIGTERM when its standard input closes."""
    threading.Thread(target=_wait_for_the_end, name="lifeline", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    hold()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

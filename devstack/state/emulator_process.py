"""MiniStack with a memory that lasts: runs inside the emulator's own virtual environment.

    .venv-engine/bin/python -m devstack.state.emulator_process DIRECTORY

MiniStack keeps everything in memory, and what it writes down itself is lost by a kill or a full
disk. Here its own keeping is off, and `Kept` does it.

The lock is held for as long as this process lives. One that outlives its engine stops by itself
(the lifeline), and the next waits for it here, so that two never write to one directory.
"""

import contextlib
import fcntl
import os
import sys
import time
from pathlib import Path

from devstack import lifeline
from devstack.state.guard import Guard
from devstack.state.store import Damaged, NotKept

WAIT_SECONDS = 20.0
EXIT_LOCKED, EXIT_REFUSED, EXIT_NO_ROOM = 75, 76, 77
TOKEN, BUCKET, ACCOUNTS = "ENGINE_TOKEN", "ENGINE_BUCKET", "ENGINE_ACCOUNTS"
SYNC, AHEAD = "ENGINE_SYNC", "ENGINE_CLOCK_AHEAD_SECONDS"


def _lock(path: Path) -> int:
    """Take the lock, waiting for a process that is on its way out."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(EXIT_LOCKED)
            time.sleep(0.05)
        else:
            os.truncate(fd, 0)
            os.write(fd, str(os.getpid()).encode())
            return fd


def _refuse(status: int, why: Exception) -> None:
    """End with the sentence as the last line, and without closing what may be damaged."""
    with contextlib.suppress(OSError):
        print(why, file=sys.stderr, flush=True)
    os._exit(status)


def main() -> None:
    os.umask(0o077)
    lifeline.hold()
    data = Path(sys.argv[1])
    ahead_s, sync = float(os.environ.get(AHEAD, "0")), os.environ.get(SYNC) != "0"
    try:
        _lock(data / "emulator.lock")
        from ministack import app as ministack

        from devstack.state.kept import Kept, clock

        kept = Kept(ministack.app, data, clock(ahead_s), sync=sync)
    except Damaged as problem:
        _refuse(EXIT_REFUSED, problem)
    except (NotKept, OSError) as problem:
        _refuse(EXIT_NO_ROOM, problem)
    port = int(os.environ["GATEWAY_PORT"])
    accounts = ACCOUNTS in os.environ
    if accounts:
        from devstack.state import cognito_rules

        cognito_rules.enforce()
    token = os.environ.pop(TOKEN)
    ministack.app = Guard(kept, token, port, os.environ[BUCKET], accounts=accounts)
    sys.argv = sys.argv[:1]
    ministack.main()


if __name__ == "__main__":
    main()

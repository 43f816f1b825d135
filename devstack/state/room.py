"""Room on the disk that pictures leave to the tables."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

MOST_RESERVED = 16 << 20


def leave_room(
    folder: Path, size: int, look: Callable[[Path], os.statvfs_result] = os.statvfs
) -> None:
    """Raise OSError when so many bytes would take the room in which a run can say that it failed.

    That is 16 MB, or a third of a small disk. `look` tells the state of a folder's disk.
    """
    disk = look(folder)
    reserved = min(MOST_RESERVED, disk.f_blocks * disk.f_frsize // 3)
    if disk.f_bavail * disk.f_frsize - size < reserved:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

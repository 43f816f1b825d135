"""Zips for Lambda: compiled, because a cold start that compiles takes seconds longer, and the
same bytes from the same files, so that an unchanged function is not deployed again.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644 << 16
ZIP_LIMIT, UNZIPPED_LIMIT = 50_000_000, 250_000_000
"""Lambda's limits in bytes: of one zip, and of the function with its layers unzipped."""
BYTECODE_DIR = "__pycache__"
LOCAL_TAG = r"^Tag: \S+-linux_\w+$"


@dataclass(frozen=True)
class Size:
    """Bytes of a zip and of its content."""

    zipped: int
    unzipped: int


def size(archive: Path) -> Size:
    with ZipFile(archive) as opened:
        return Size(archive.stat().st_size, sum(entry.file_size for entry in opened.infolist()))


def built_here(archive: Path) -> list[str]:
    """Distributions whose compiled parts were made on this machine, not for every Linux."""
    with ZipFile(archive) as opened:
        described = [n for n in opened.namelist() if n.endswith(".dist-info/WHEEL")]
        return [
            name.split("/")[-2].removesuffix(".dist-info")
            for name in described
            if re.search(LOCAL_TAG, opened.read(name).decode(), re.MULTILINE)
        ]


@dataclass(frozen=True)
class Chosen:
    """Libraries of an archive by the names of their folders or modules, taken or left out."""

    names: tuple[str, ...] = ()
    taken: bool = False

    def holds(self, path: str) -> bool:
        """Return whether a file of the archive is chosen."""
        top = path.partition("/site-packages/")[2].partition("/")[0]
        name = re.sub(r"-[^/]*\.dist-info$|\.py$|\.cpython-[^/]*\.so$", "", top).lower()
        return (name in {known.lower() for known in self.names}) is self.taken


def only(*names: tuple[str, ...]) -> Chosen:
    """Choose these libraries."""
    return Chosen(tuple(name for some in names for name in some), taken=True)


def without(*names: tuple[str, ...]) -> Chosen:
    """Choose all but these libraries."""
    return Chosen(tuple(name for some in names for name in some))


ALL = Chosen()


def compile_archive(source: Path, target: Path, mounted_at: str, chosen: Chosen = ALL) -> None:
    """Writes the chosen files of `source` again with bytecode for every module.

    `mounted_at` is where Lambda unpacks it, which tracebacks then show.
    """
    with TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        with ZipFile(source) as opened:
            opened.extractall(
                tree, [n for n in opened.namelist() if BYTECODE_DIR not in n and chosen.holds(n)]
            )
        _compile(tree, mounted_at)
        packed = Path(scratch, "packed.zip")
        _pack(tree, packed)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(packed, target)


def _compile(tree: Path, mounted_at: str) -> None:
    """In a fresh interpreter: what else a process has loaded shows in the bytes that it writes.

    Lambda's file system has no times to compare, so the bytecode is never checked against them.
    """
    modes = ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", mounted_at]
    subprocess.run(
        [sys.executable, "-I", "-S", "-m", "compileall", "-q", *modes, str(tree)],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _pack(tree: Path, target: Path) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in _files(tree):
            entry = ZipInfo(path.relative_to(tree).as_posix(), EPOCH)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, FILE_MODE
            archive.writestr(entry, path.read_bytes())


def _files(tree: Path) -> Iterator[Path]:
    return (path for path in sorted(tree.rglob("*")) if path.is_file())

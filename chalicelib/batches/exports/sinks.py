"""Where an export's records go: one file, an archive of pictures, or files in folders."""

import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Protocol, cast

from chalicelib.batches.exports.columns import Column, Record
from chalicelib.batches.exports.model import CannotExport
from chalicelib.batches.exports.upload import Upload
from chalicelib.batches.exports.writers import Line, flat_json_line
from chalicelib.generation.model import StoredImage

MOST_STAGED = 3 * 1024**3
"""Bytes on disk, of the four GB that the function has."""
HELD_BYTES = 64 * 1024 * 1024
"""Of files in folders, until one part of each is written."""
MOST_FOLDERS = 10_000
CARD, METADATA, WITHOUT = "README.md", "metadata.jsonl", "without-picture.jsonl"
_A_READ = 1024 * 1024


class Sink(Protocol):
    """Takes records in their order; `close` writes what is left, with the data card if it can."""

    def add(self, record: Record, folder: str, picture: bytes | None) -> None: ...

    def close(self, card: str) -> None: ...


@dataclass(frozen=True)
class OneFile:
    """Records one after the other."""

    upload: Upload
    line: Line
    header: bytes = b""

    def __post_init__(self) -> None:
        self.upload.write(self.header)

    def add(self, record: Record, folder: str, picture: bytes | None) -> None:
        self.upload.write(self.line(record))

    def close(self, card: str) -> None:
        """A single file has no place for a card."""


class Archive:
    """A zip that is written without ever going back; times in it are the export's."""

    def __init__(self, upload: Upload, made_s: float) -> None:
        self._zip = zipfile.ZipFile(cast(IO[bytes], upload), "w")
        self._made = max(time.gmtime(made_s)[:6], (1980, 1, 1, 0, 0, 0))

    def put(self, name: str, data: bytes, pack: bool = True) -> None:
        self._zip.writestr(self._entry(name, pack), data)

    def copy(self, name: str, source: IO[bytes]) -> None:
        """Put what a file holds from its beginning."""
        source.seek(0)
        entry = self._entry(name, pack=True)
        with self._zip.open(entry, "w", force_zip64=True) as target:
            while data := source.read(_A_READ):
                target.write(data)

    def close(self) -> None:
        self._zip.close()

    def _entry(self, name: str, pack: bool) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._made)
        entry.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
        entry.external_attr = 0o644 << 16
        return entry


class PictureFolder:
    """Pictures with `metadata.jsonl`, as data libraries load a folder of pictures.

    Records without a picture are in a file of their own, since those libraries look for the file
    that every record names. Both are kept on disk until the pictures are written.
    """

    def __init__(self, archive: Archive, columns: tuple[Column, ...], with_files: bool) -> None:
        self._archive, self._with_files = archive, with_files
        self._line = flat_json_line(columns)
        self._metadata, self._without = TemporaryFile(), TemporaryFile()  # noqa: SIM115
        self._staged = 0

    def add(self, record: Record, folder: str, picture: bytes | None) -> None:
        if picture is not None:
            self._archive.put(record["file_name"], picture, pack=False)
        line = self._line(record)
        self._staged += len(line)
        if self._staged > MOST_STAGED:
            raise CannotExport(too_large("Export fewer rows, or JSON Lines with addresses."))
        is_shown = picture is not None or not self._with_files
        (self._metadata if is_shown else self._without).write(line)

    def close(self, card: str) -> None:
        with self._metadata as shown, self._without as others:
            self._archive.copy(METADATA, shown)
            if others.tell():
                self._archive.copy(WITHOUT, others)
        self._archive.put(CARD, card.encode())
        self._archive.close()


@dataclass
class Folders:
    """Files in folders of their own: `name=value/part-00001.jsonl`, one of each until 64 MB.

    `packed` makes a file of the lines that came together.
    """

    archive: Archive
    line: Line
    extension: str
    header: bytes = b""
    packed: Callable[[bytes], bytes] = bytes
    held: dict[str, bytearray] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    size: int = 0
    parts: int = 0

    def add(self, record: Record, folder: str, picture: bytes | None) -> None:
        self.seen.add(folder)
        if len(self.seen) > MOST_FOLDERS:
            raise CannotExport(
                f"The field has more than {MOST_FOLDERS:,} values, each of which would be a "
                "folder. Choose another."
            )
        line = self.line(record)
        self.held.setdefault(folder, bytearray(self.header)).extend(line)
        self.size += len(line)
        if self.size >= HELD_BYTES:
            self._write()

    def close(self, card: str) -> None:
        self._write()
        self.archive.put(CARD, card.encode())
        self.archive.close()

    def _write(self) -> None:
        self.parts += 1
        for folder, data in self.held.items():
            name = f"{folder}part-{self.parts:05d}.{self.extension}"
            self.archive.put(name, self.packed(bytes(data)))
        self.held, self.size = {}, 0


def too_large(what_to_do: str) -> str:
    return f"The export is too large for one file of this kind. {what_to_do}"


def picture_name(folder: str, image: StoredImage, prefix: str) -> str:
    """Return where a picture is in the archive."""
    name = image.key.removeprefix(prefix).replace("/", "-")
    return str(PurePosixPath(folder, "pictures", name))

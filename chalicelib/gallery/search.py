"""Looking for runs in the gallery, over all of its pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.gallery.model import GalleryEntry, month_of
from chalicelib.gallery.store import Cursor, GalleryStore, Page

LOOKS, AT_ONCE = 10, 100
"""So many entries are read for one page; then it may be shorter than asked, and goes on."""
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Wanted:
    """Which runs are looked for; what is not said takes all.

    `words` are in lower case, all of them in the prompt; days are in epoch milliseconds, from
    `first_ms` on and before `after_ms`.
    """

    words: tuple[str, ...] = ()
    model: str | None = None
    starred: bool | None = None
    tag: str | None = None
    status: str | None = None
    first_ms: int | None = None
    after_ms: int | None = None

    def takes(self, entry: GalleryEntry) -> bool:
        prompt = entry.prompt.casefold()
        return (
            all(word in prompt for word in self.words)
            and (self.model is None or self.model in entry.models)
            and (self.starred is None or self.starred == entry.starred)
            and (self.tag is None or self.tag in (entry.verdict.tags if entry.verdict else ()))
            and (self.status is None or self.status == entry.status)
        )


EVERYTHING = Wanted()


def search(
    gallery: GalleryStore,
    wanted: Wanted,
    limit: int,
    cursor: str | None,
    now_ms: int,
    owners: Sequence[str] = ("",),
) -> Page:
    """Return up to `limit` entries that are wanted, newest first; raise BadCursor.

    A page may be empty and have a cursor nevertheless, which then is further on.
    """
    if wanted.after_ms is not None:
        if wanted.after_ms <= now_ms - gallery.retention_days * DAY_MS:
            return Page((), None)
        cursor = _not_before(cursor, min(wanted.after_ms, now_ms + DAY_MS))
    found: list[GalleryEntry] = []
    for _ in range(LOOKS):
        page = gallery.page(limit if wanted == EVERYTHING else AT_ONCE, cursor, now_ms, owners)
        for entry in page.entries:
            if entry.created_at_ms < (wanted.first_ms or 0):
                return Page(tuple(found), None)
            if wanted.takes(entry):
                found.append(entry)
            if len(found) == limit:
                is_last = page.cursor is None and entry is page.entries[-1]
                return Page(tuple(found), None if is_last else _after(entry))
        if page.cursor is None:
            return Page(tuple(found), None)
        cursor = page.cursor
    return Page(tuple(found), cursor)


def _after(entry: GalleryEntry) -> str:
    return str(Cursor.of(entry.created_at_ms, entry.job_id))


def _not_before(cursor: str | None, after_ms: int) -> str:
    """Return the place after all that was made at `after_ms` or later, or one further on."""
    top = Cursor(month_of(after_ms), f"{after_ms:015d}#0")
    given = Cursor.parse(cursor) if cursor else top
    return str(min(top, given, key=lambda place: place.sort_key))

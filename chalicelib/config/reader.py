"""Reading values from an environment, each with one sentence about what is wrong with it.

The local engine and the deployment read their own settings with the same look-ups.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_SECRET_REFERENCE = re.compile(r"ssm:/.+|secret:[^#].*")
_ADDRESS = re.compile(r"([a-z]+)://[^\s/?#@\\]+(/[^\s?#@\\]*)?")


class SettingsError(Exception):
    """One sentence naming the variable, what it holds and what it may hold."""


class Secret:
    """A value that shows itself only when asked: never in a repr, a log line or an error."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def reveal(self) -> str:
        return self._value

    @property
    def is_reference(self) -> bool:
        """True for `ssm:/path` and `secret:NAME#key`, which are read when first needed."""
        return bool(_SECRET_REFERENCE.fullmatch(self._value))


class Reader:
    """Typed look-ups in an environment; each says in one sentence what is wrong with a value."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, longest: int | None = None) -> str:
        raw = self._environ.get(name, "").strip()
        if longest and len(raw) > longest:
            raise SettingsError(f"{name} holds {len(raw)} characters; it may hold {longest}.")
        return raw

    def names(self) -> list[str]:
        """What is set and not empty."""
        return [name for name in self._environ if self.text(name)]

    def count_of(self, prefix: str, noun: str, fields: tuple[str, ...], low: int, high: int) -> int:
        """How many there are of a numbered kind, whose settings are `{prefix}<i>_{FIELD}`.

        A misspelt field is an error: without its BASE_URL a key would go to somebody else.
        """
        pattern = re.compile(rf"{prefix}\d+_(.+)", re.ASCII)
        of_kind = {name: match[1] for name in self.names() if (match := pattern.fullmatch(name))}
        known = [field.upper() for field in fields]
        for name, field in of_kind.items():
            if field not in known:
                listed = ", ".join(f"{prefix}<i>_{each}" for each in known)
                raise SettingsError(f"{name} is no setting; those of {noun} are {listed}.")
        counted = f"{prefix}COUNT"
        named = [name for name, field in of_kind.items() if field in ("NAME", "KEY")]
        if named and not self.text(counted):
            raise SettingsError(
                f"{counted} is empty although {named[0]} is set; it must be a whole number from "
                f"{low} to {high}."
            )
        return self.integer(counted, 0, low, high)

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        return int(self.number(name, default, low, high, whole=True))

    def number(
        self, name: str, default: float, low: float, high: float, *, whole: bool = False
    ) -> float:
        raw = self.text(name)
        if not raw:
            return default
        pattern = r"\d{1,9}" if whole else r"\d{1,9}(\.\d{1,3})?"
        if not re.fullmatch(pattern, raw, re.ASCII) or not low <= float(raw) <= high:
            kind = "a whole number" if whole else "a number"
            raise SettingsError(f"{name} is {raw!r}; it must be {kind} from {low} to {high}.")
        return float(raw)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        raw = self.text(name) or default
        if raw not in choices:
            raise SettingsError(f"{name} is {raw!r}; it may be {', '.join(choices)}.")
        return raw

    def address(self, name: str, *schemes: str) -> str:
        """An absolute address without the slash at its end, or the empty text."""
        raw = self.text(name)
        if raw and not _is_address(raw, schemes):
            # What it holds is not shown: it may be a password.
            raise SettingsError(
                f"{name} is no address that can be called; it must begin with "
                f"{' or '.join(f'{scheme}://' for scheme in schemes)} and hold no user, password, "
                "query or fragment."
            )
        return raw.rstrip("/")

    def flag(self, name: str) -> bool:
        return self.choice(name, "0", ("0", "1", "true", "false")) in ("1", "true")


def is_entry(entry: object, fields: tuple[str, ...]) -> bool:
    """Whether something read from a secret is an object of such fields, each a plain value."""
    return (
        isinstance(entry, dict)
        and entry.keys() <= set(fields)
        and all(isinstance(value, str | int | float) for value in entry.values())
    )


def read_entries(prefix: str, entries: Sequence[Mapping[str, object]]) -> Reader:
    """Read a secret's entries, with fields in lower case, as settings `{prefix}<i>_{FIELD}`."""
    return Reader(
        {
            f"{prefix}{i}_{field.upper()}": str(value)
            for i, entry in enumerate(entries, start=1)
            for field, value in entry.items()
        }
    )


def _is_address(raw: str, schemes: tuple[str, ...]) -> bool:
    match = _ADDRESS.fullmatch(raw)
    try:
        parts = urlsplit(raw)
        return (
            match is not None
            and match[1] in schemes
            and parts.hostname is not None
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False

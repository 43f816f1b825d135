"""Settings that are nearly ours: a ceiling that is misspelt holds nothing.

`.env` belongs to the project, so that any name in it that resembles a setting is taken for one.
The process's environment is full of other programs' variables: there only long names count, and
only when next to nothing is different.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from chalicelib import config
from chalicelib.config import SettingsError

SLOT = {
    "MODEL_COUNT": "1",
    "MODEL_1_NAME": "a",
    "MODEL_1_KEY": "k",
    "TEXT_MODEL_COUNT": "1",
    "TEXT_MODEL_1_NAME": "a",
    "TEXT_MODEL_1_KEY": "k",
}
COMMANDS = ("ENV_FILE", "DRY", "CONFIRM")
"""What the commands themselves read."""
IN_FILE, IN_ENVIRONMENT = 0.82, 0.89
LONG = 10


class Asked(Mapping[str, str]):
    """An environment of one model that keeps the names that it was asked for."""

    def __init__(self) -> None:
        self.names = set[str]()

    def __getitem__(self, name: str) -> str:
        self.names.add(re.sub(r"^(TEXT_)?MODEL_1_", r"\1MODEL_<i>_", name))
        return SLOT[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SLOT)

    def __len__(self) -> int:
        return len(SLOT)


def known(project: Path, *loads: Callable[[Mapping[str, str]], object]) -> frozenset[str]:
    """Return the names of all settings: the product's, those of `loads`, and the deployment's."""
    asked = Asked()
    for load in (config.load, *loads):
        load(asked)
    return frozenset({*asked.names, *COMMANDS, *_deployed(project)})


def variable(parameter: str) -> str:
    """Return the environment variable that sets a template parameter."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", parameter).upper()


def check(in_file: Iterable[str], in_environment: Iterable[str], names: frozenset[str]) -> None:
    """Raise SettingsError with one sentence for each name that is nearly one of `names`."""
    problems = [
        f"{name} is no setting; did you mean {meant}?"
        for found, nearest in ((in_file, _nearest), (in_environment, _nearest_by_far))
        for name in sorted(found)
        if (meant := nearest(name, names))
    ]
    if problems:
        raise SettingsError("\n".join(dict.fromkeys(problems)))


def _deployed(project: Path) -> Iterator[str]:
    try:
        template = json.loads((project / ".chalice" / "resources.json").read_text())
    except (OSError, ValueError):
        return
    yield from map(variable, template.get("Parameters", ()))


def _nearest(name: str, names: frozenset[str]) -> str | None:
    """Return the setting that a name of `.env` resembles."""
    return _resembled(name, names, IN_FILE) or _cut_short(name, names)


def _nearest_by_far(name: str, names: frozenset[str]) -> str | None:
    """Return the setting that a variable of the process resembles and nobody else's would."""
    if len(name) < LONG or name != name.upper():
        return None
    meant = _resembled(name, names, IN_ENVIRONMENT)
    # ALLOWED_ORIGIN may well be another program's.
    return meant if meant and meant.rstrip("S") != name.rstrip("S") else None


def _resembled(name: str, names: frozenset[str], closeness: float) -> str | None:
    """Return the setting that is meant, with the slot's own number; None for a known name."""
    number = re.search(r"_(\d+)_", name, re.ASCII)
    general = re.sub(r"_\d+_", "_<i>_", name, count=1, flags=re.ASCII)
    if general in names:
        return None
    close = get_close_matches(general.upper().replace("<I>", "<i>"), sorted(names), 1, closeness)
    return close[0].replace("<i>", number[1] if number else "<i>") if close else None


def _cut_short(name: str, names: frozenset[str]) -> str | None:
    """Return the setting that differs by words at its end only; AWS has names of its own."""
    words = name.split("_")
    if name in names or name.startswith("AWS_"):
        return None
    for whole in sorted(names):
        short, long = sorted((words, whole.split("_")), key=len)
        if 1 < len(short) < len(long) and long[: len(short)] == short:
            return whole
    return None

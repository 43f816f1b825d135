"""The text of a definition as plain values, each with its place: YAML, or JSON as part of it.

Read as YAML 1.2 would have it: `3:2` is a text, `no` is a text, a date is a text. What could make
a small text large or deep (aliases of aliases) is refused while it is read.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from chalicelib.batches.templates.problems import Place, Problem, Refused

MOST_BYTES = 64 * 1024
MOST_NODES, MOST_ALIASES, MOST_DEPTH = 5_000, 50, 40
Path = tuple[str | int, ...]
_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "map", "seq")
}
"""What YAML 1.1 takes plain values for; what they are is decided here."""
_INTEGER = re.compile(r"[-+]?[0-9]{1,19}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True)
class Found:
    """One value's node: where it begins, and how the lines of a text lie in the definition.

    `text_place` is the first character of a text's own first line; `exact` says that each line of
    the text is a line of the definition.
    """

    place: Place
    text_place: Place
    exact: bool = False

    def at(self, line: int) -> Place:
        """Return where a line of the text is, counted from 1."""
        if not self.exact:
            return self.text_place
        return Place(self.text_place.line + line - 1, self.text_place.column)


_START = Found(Place(1, 1), Place(1, 1))


@dataclass(frozen=True)
class Document:
    """The values of a definition, where they are, and what is wrong with the text itself."""

    value: Any
    places: Mapping[Path, Found]
    problems: tuple[Problem, ...] = ()

    def found(self, path: Path) -> Found:
        """Return where a value is, or else the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, _START)


def field_name(path: Path) -> str:
    """Return a path as people write it: `steps[1].prompt`."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name or "definition"


def read(text: str) -> Document:
    """Return the document; raise Refused for a text that is neither YAML nor JSON."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        _refuse(f"is larger than {MOST_BYTES // 1024} KB", Place(1, 1))
    if not text.strip():
        _refuse("is empty; it must have a name and steps", Place(1, 1))
    reading = _Reading()
    try:
        node = _Bounded(_for_yaml(text)).get_single_node()
    except yaml.MarkedYAMLError as error:
        _refuse(_sentence(error), _place(error.problem_mark or error.context_mark))
    except yaml.YAMLError:
        _refuse("holds characters that no text has", Place(1, 1))
    if node is None:
        _refuse("is empty; it must have a name and steps", Place(1, 1))
    value = reading.value(node, ())
    return Document(value, reading.places, tuple(reading.problems))


def _for_yaml(text: str) -> str:
    """Return JSON in the form that the parser of YAML takes, every character in its place.

    A tab in JSON is always between values, and JSON writes large characters as two escapes.
    """
    text = text.removeprefix("\ufeff")
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return text.replace("\t", " ")


def _sentence(error: yaml.MarkedYAMLError) -> str:
    told = " ".join(part for part in (error.context, error.problem) if part)
    return f"cannot be read as YAML or JSON: {told}"


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _refuse(problem: str, place: Place) -> NoReturn:
    raise Refused((Problem("definition", problem, place),))


class _Bounded(yaml.SafeLoader):
    """Makes nodes and nothing else, and stops where they are too many or too deep."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = self._nodes = self._aliases = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._nodes += 1
        self._aliases += isinstance(event, yaml.AliasEvent)
        self._depth += 1
        for count, most, what in (
            (self._depth, MOST_DEPTH, "levels"),
            (self._nodes, MOST_NODES, "values"),
            (self._aliases, MOST_ALIASES, "aliases"),
        ):
            if count > most:
                _refuse(f"has more than {most} {what}", _place(event.start_mark))
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


@dataclass
class _Reading:
    """Nodes to values. An alias is read anew wherever it stands, so their number counts again."""

    places: dict[Path, Found] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    open: list[Node] = field(default_factory=list)

    def value(self, node: Node, path: Path) -> Any:
        self.places[path] = _found(node)
        if len(self.places) > MOST_NODES:
            _refuse(f"has more than {MOST_NODES} values", _place(node.start_mark))
        if any(node is other for other in self.open):
            _refuse("contains itself", _place(node.start_mark))
        if node.tag not in _TAGS:
            self._problem(path, "has a tag or a merge key, which are not understood", node)
            return None
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self.open.append(node)
        if len(self.open) > MOST_DEPTH:
            _refuse(f"has more than {MOST_DEPTH} levels", _place(node.start_mark))
        made: Any
        if isinstance(node, SequenceNode):
            made = [self.value(each, (*path, i)) for i, each in enumerate(node.value)]
        else:
            made = dict(self._items(node, path))
        self.open.pop()
        return made

    def _items(self, node: Node, path: Path) -> Iterator[tuple[str, Any]]:
        assert isinstance(node, MappingNode)
        seen = set[str]()
        for name, value in node.value:
            if not isinstance(name, ScalarNode) or name.tag not in _TAGS:
                self._problem(path, "has a name that is no plain text", name)
                continue
            key = self._whole(name, path)
            if key in seen:
                self._problem((*path, key), "is there twice", name)
                continue
            seen.add(key)
            yield key, self.value(value, (*path, key))

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text = self._whole(node, path)
        if node.style is not None:
            return text
        return self._plain(text, path, node)

    def _whole(self, node: ScalarNode, path: Path) -> str:
        text = _paired(node.value)
        if not _is_broken(text):
            return text
        self._problem(path, "holds half of a character", node)
        return text.encode(errors="replace").decode()

    def _plain(self, text: str, path: Path, node: Node) -> Any:
        lower = text.lower() if text in (text.lower(), text.upper(), text.title()) else text
        if lower in _CONSTANTS:
            return _CONSTANTS[lower]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text) and len(text) <= 400:
            number = float(text)
            if math.isfinite(number):
                return number
            self._problem(path, "is too large a number", node)
        if lower.lstrip("+-") in (".nan", ".inf"):
            self._problem(path, "is no finite number", node)
        return text

    def _problem(self, path: Path, problem: str, node: Node) -> None:
        self.problems.append(Problem(field_name(path), problem, _place(node.start_mark)))


def _found(node: Node) -> Found:
    place = _place(node.start_mark)
    style = getattr(node, "style", None)
    if style == "|":
        return Found(place, _first_line(node), exact=True)
    if style == ">":
        return Found(place, _first_line(node))
    opening = 1 if style in ("'", '"') else 0
    return Found(place, Place(place.line, place.column + opening))


def _first_line(node: Node) -> Place:
    """Return where the text of a block begins: on the line after its sign, indented."""
    mark = node.start_mark
    _, _, rest = (mark.buffer or "")[mark.pointer :].partition("\n")
    first = next((line for line in rest.split("\n") if line.strip()), "")
    return Place(mark.line + 2, len(first) - len(first.lstrip()) + 1)


def _paired(text: str) -> str:
    """Join the halves of characters that JSON writes as two escapes; a single half stays."""
    if not _is_broken(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)

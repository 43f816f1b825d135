"""The language of prompts: Jinja in a sandbox, with what is harmless of it and nothing else.

The API only parses with it, which evaluates nothing. Compiling evaluates constants, so that it is
done like rendering: in a process of its own (`child`).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, NoReturn

from jinja2 import StrictUndefined, pass_context
from jinja2 import filters as jinjas
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.lexer import TOKEN_EOF
from jinja2.nodes import Expr, Template
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from chalicelib.batches.templates import filters

SEED = "__seed__"
"""The variable that names the row and the step, for what is drawn by lot."""
LONGEST_RANGE, LONGEST_REPEAT, LARGEST_POWER, WIDEST_FORMAT = 10_000, 100_000, 1_000, 10_000
HARMLESS = (
    *("abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "first"),
    *("float", "format", "groupby", "indent", "int", "items", "join", "last", "length", "list"),
    *("lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("select", "selectattr", "slice", "sort", "string", "striptags", "sum", "title", "tojson"),
    *("trim", "truncate", "unique", "upper", "wordcount", "wordwrap"),
)
OF_TEXTS = (
    *("capitalize", "center", "indent", "lower", "replace", "string", "striptags", "title", "trim"),
    *("truncate", "upper", "wordcount", "wordwrap", "writing_style", "truncate_tokens"),
    *("extract_keywords", "random_sentence"),
)
"""What would make a text of null."""
OWN = ("random_sentence", "writing_style", "truncate_tokens", "extract_keywords")
GLOBALS = ("range", "namespace")
_WIDTH = re.compile(r"%[^a-zA-Z%]*?\d{5,}")


class Unfinished(TemplateSyntaxError):
    """More stands where an expression should have ended."""


class Named(StrictUndefined):
    """A value that is not there, which says where it was looked for."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint or self._undefined_obj is missing:
            return self._undefined_hint or f"{name} is missing"
        where = Language.path_of(self._undefined_obj)
        if where is not None:
            return (
                f"{where}[{name}] is missing"
                if isinstance(name, int)
                else (f"{where}.{name} is missing")
            )
        return f"{type(self._undefined_obj).__name__} has no {name!r}"


class Language(ImmutableSandboxedEnvironment):
    """What a template may say."""

    intercepted_binops = frozenset({"*", "**", "%"})
    row: Mapping[str, Any] = {}
    """What is being rendered, so that what is missing in it can be named."""

    def __init__(self) -> None:
        super().__init__(undefined=Named, finalize=_printed)
        known: dict[str, Callable[..., Any]] = {n: jinjas.FILTERS[n] for n in HARMLESS}
        for name in OWN[1:]:
            known[name] = getattr(filters, name)
        known |= {"random_sentence": _random_sentence, "tojson": _to_json}
        self.filters = known | {name: _of_text(known[name]) for name in OF_TEXTS}
        self.globals = {"range": _range, "namespace": Namespace}

    def expression(self, source: str) -> Expr:
        """Return an expression as a tree; raise TemplateSyntaxError."""
        parser = Parser(self, source, state="variable")
        tree = parser.parse_expression()
        if parser.stream.current.type != TOKEN_EOF:
            raise Unfinished("the expression should end here", parser.stream.current.lineno)
        tree.set_environment(self)
        return tree

    def prompt(self, source: str) -> Template:
        """Return a prompt as a tree; raise TemplateSyntaxError."""
        return self.parse(source)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Data first: a row's `items` is its own, not the method of a dictionary."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        _CHECKS[operator](left, right)
        return super().call_binop(context, operator, left, right)

    @classmethod
    def path_of(cls, wanted: object) -> str | None:
        """Return where in the row an object is; None for one that is not of it."""
        return next((path for path, found in cls._everything() if found is wanted), None)

    @classmethod
    def nulls(cls) -> list[str]:
        """Return where the row has null."""
        return [path for path, found in cls._everything() if found is None]

    @classmethod
    def _everything(cls) -> Iterator[tuple[str, object]]:
        """Yield every value of the row with its path, the row itself first."""
        waiting: list[tuple[str, object]] = [("", cls.row)]
        for path, found in waiting:
            yield path, found
            if isinstance(found, Mapping):
                waiting += [(f"{path}.{name}".lstrip("."), each) for name, each in found.items()]
            elif isinstance(found, list):
                waiting += [(f"{path}[{i}]", each) for i, each in enumerate(found)]


def _printed(value: object) -> object:
    """Null is no text: a model would be asked for "None", and paid for it."""
    if value is None:
        where = ", ".join(Language.nulls())
        raise UndefinedError(f"null is printed{where and f': the row has it at {where}'}")
    return value


def _of_text(make: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which does not take null for a text either."""
    at = 1 if hasattr(make, "jinja_pass_arg") else 0

    @wraps(make)
    def made(*given: Any, **named: Any) -> Any:
        _printed(given[at])
        return make(*given, **named)

    return made


@pass_context
def _random_sentence(context: Context, value: object) -> str:
    return filters.random_sentence(value, str(context.get(SEED, "")))


def _to_json(value: object, indent: int | None = None) -> str:
    """As it is, and not escaped for web pages as Jinja's own."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > LONGEST_RANGE:
        raise SecurityError(f"a range may have {LONGEST_RANGE} numbers")
    return made


def _repeats(left: Any, right: Any) -> None:
    for many, times in ((left, right), (right, left)):
        sized = isinstance(many, str | bytes | list | tuple)
        if sized and isinstance(times, int) and len(many) * times > LONGEST_REPEAT:
            _refuse("repeats something too often")
    both = isinstance(left, int) and isinstance(right, int)
    if both and left.bit_length() + right.bit_length() > 4 * LARGEST_POWER:
        _refuse("makes too large a number")


def _powers(left: Any, right: Any) -> None:
    large = isinstance(left, int) and isinstance(right, int) and right > 0
    if large and left.bit_length() * right > 4 * LARGEST_POWER:
        _refuse("makes too large a number")


def _formats(left: Any, _: Any) -> None:
    if isinstance(left, str) and (_WIDTH.search(left) or "*" in left):
        _refuse("formats something too wide")


_CHECKS: Mapping[str, Callable[[Any, Any], None]] = {
    "*": _repeats,
    "**": _powers,
    "%": _formats,
}


def _refuse(what: str) -> NoReturn:
    raise SecurityError(f"the template {what}")


__all__ = [
    "GLOBALS",
    "HARMLESS",
    "OWN",
    "SEED",
    "Language",
    "SecurityError",
    "TemplateSyntaxError",
    "UndefinedError",
]

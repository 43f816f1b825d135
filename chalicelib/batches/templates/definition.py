"""From the text of a definition to a template, with everything that is wrong with it at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast, get_args

from chalicelib.batches.templates import schemas
from chalicelib.batches.templates.language import Language, TemplateSyntaxError
from chalicelib.batches.templates.model import (
    DEFAULT_MAX_TOKENS,
    Kind,
    ModelRef,
    Step,
    Template,
)
from chalicelib.batches.templates.problems import Place, Problem, Refused
from chalicelib.batches.templates.references import Fault, References, references
from chalicelib.batches.templates.source import Document, Found, Path, field_name, read
from chalicelib.config.texts import TIERS, Tier
from chalicelib.providers.base import ASPECT_RATIOS

MOST_STEPS, MOST_MODELS, MOST_PROBLEMS = 20, 20, 100
LONGEST_NAME, LONGEST_PROMPT, LONGEST_WHEN, LONGEST_NEGATIVE = 100, 16_000, 500, 1000
MOST_TOKENS = 32_000
ID = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_QUALITY = re.compile(r"[a-z0-9_-]{1,20}", re.ASCII)
_TIER_NAMES: Mapping[str, Tier] = {
    **{tier: tier for tier in TIERS},
    **{f"tier-{number}": tier for number, tier in enumerate(TIERS, start=1)},
}
_OF_ALL = ("id", "kind", "prompt", "when")
_OF_TEXTS = ("model", "tier", "model_tier", "max_tokens")
_SETTINGS = ("aspect_ratio", "seed", "steps", "guidance", "negative_prompt", "quality")
_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "text": (*_OF_ALL, *_OF_TEXTS, "schema"),
    "image": (*_OF_ALL, "models", *_SETTINGS),
    "judge": (*_OF_ALL, *_OF_TEXTS, "of"),
}
_EVERY = tuple(dict.fromkeys(name for names in _FIELDS.values() for name in names))


def check(text: str, language: Language | None = None) -> Template:
    """Return the template; raise Refused with all that is wrong. Evaluates nothing."""
    document = read(text)
    reading = _Reading(document, language or Language())
    template = reading.template()
    found = [*document.problems, *reading.problems]
    if found or template is None:
        told = dict.fromkeys(found)
        ordered = sorted(told, key=lambda each: (each.place.line, each.place.column))
        raise Refused(tuple(ordered[:MOST_PROBLEMS]))
    return template


@dataclass
class _Reading:
    """One definition as it is read; problems are collected as they are met."""

    document: Document
    language: Language
    problems: list[Problem] = field(default_factory=list)
    required: set[tuple[str, ...]] = field(default_factory=set)
    known: dict[str, Kind] = field(default_factory=dict)

    def template(self) -> Template | None:
        root, path = self.document.value, cast(Path, ())
        if isinstance(root, dict) and set(root) == {"template"}:
            root, path = root["template"], ("template",)
        if not isinstance(root, dict):
            self._problem(path, "must be an object with name and steps")
            return None
        allowed = ("name", "steps", *(("id", "version", "schema_requirements") if path else ()))
        self._unknown(root, path, allowed, allowed)
        name = self._text(root, path, "name", LONGEST_NAME, required=True)
        self._requirements(root, path)
        steps = self._steps(root, (*path, "steps"))
        return Template(name, steps, _shown(self.required))

    def _requirements(self, root: dict[str, Any], path: Path) -> None:
        """The original's own list of paths, which is added to those that are found."""
        listed = root.get("schema_requirements", [])
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            self._problem((*path, "schema_requirements"), "must be a list of paths")
            return
        self.required |= {tuple(each.split(".")) for each in listed}

    def _steps(self, root: dict[str, Any], path: Path) -> tuple[Step, ...]:
        steps = root.get("steps")
        if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
            self._problem(path, f"must be a list of 1 to {MOST_STEPS} steps")
            return ()
        made = [self._step(each, (*path, i)) for i, each in enumerate(steps)]
        return tuple(step for step in made if step is not None)

    def _step(self, step: object, path: Path) -> Step | None:
        if not isinstance(step, dict):
            self._problem(path, "must be an object with id and prompt")
            return None
        kind = cast(Kind, self._choice(step, path, "kind", get_args(Kind)) or "text")
        self._unknown(step, path, _FIELDS[kind], _EVERY, kind)
        identity = self._id(step, path)
        prompt = self._text(step, path, "prompt", LONGEST_PROMPT, required=True)
        self._refer((*path, "prompt"), prompt, self.language.prompt)
        when = self._text(step, path, "when", LONGEST_WHEN)
        if when:
            self._refer((*path, "when"), when, self.language.expression)
        model, tier = (None, None) if kind == "image" else self._model(step, path)
        made = Step(
            id=identity,
            kind=kind,
            prompt=prompt,
            model=model,
            tier=tier,
            models=self._models(step, path) if kind == "image" else None,
            of=self._of(step, path) if kind == "judge" else None,
            when=when or None,
            max_tokens=self._number(step, path, "max_tokens", 1, MOST_TOKENS, whole=True)
            or DEFAULT_MAX_TOKENS,
            schema=self._schema(step, path) if kind == "text" else None,
            settings=self._settings(step, path) if kind == "image" else {},
        )
        if identity:
            self.known.setdefault(identity, kind)
        return made

    def _id(self, step: dict[str, Any], path: Path) -> str:
        found = step.get("id")
        if not isinstance(found, str) or not ID.fullmatch(found):
            self._problem(
                (*path, "id"),
                "must be 1 to 32 small letters, digits and underscores, a letter first",
            )
            return ""
        if found in self.known:
            self._problem((*path, "id"), f"is {found}, like an earlier step's")
        return found

    def _model(self, step: dict[str, Any], path: Path) -> tuple[ModelRef | None, Tier | None]:
        model, tier = step.get("model"), step.get("tier", step.get("model_tier"))
        named = "tier" if "tier" in step else "model_tier"
        if (model is None) == (tier is None):
            self._problem(path, "must have either a model or a tier")
            return None, None
        if model is not None and not _is_model(model):
            self._problem((*path, "model"), "must be a text model's name or its index")
            return None, None
        if tier is not None and (not isinstance(tier, str) or tier not in _TIER_NAMES):
            self._problem((*path, named), f"must be one of {', '.join(TIERS)}")
            return None, None
        return model, _TIER_NAMES[tier] if tier is not None else None

    def _models(self, step: dict[str, Any], path: Path) -> tuple[ModelRef, ...] | None:
        models = step.get("models", "all")
        if models == "all":
            return None
        is_list = isinstance(models, list) and 1 <= len(models) <= MOST_MODELS
        if not is_list or not all(_is_model(each) for each in models):
            self._problem((*path, "models"), "must be all, or a list of models' names or indices")
            return None
        if len(set(models)) < len(models):
            self._problem((*path, "models"), "names the same model twice")
        return tuple(models)

    def _of(self, step: dict[str, Any], path: Path) -> str | None:
        of = step.get("of")
        if not isinstance(of, str) or self.known.get(of) != "image":
            images = ", ".join(name for name, kind in self.known.items() if kind == "image")
            self._problem(
                (*path, "of"), f"must be an earlier image step ({images or 'there is none'})"
            )
            return None
        return of

    def _schema(self, step: dict[str, Any], path: Path) -> Mapping[str, Any] | None:
        if "schema" not in step:
            return None
        schema = step["schema"]
        if not isinstance(schema, dict):
            self._problem((*path, "schema"), "must be a JSON Schema, which is an object")
            return None
        for where, problem in schemas.problems(schema):
            self._problem((*path, "schema", *where), problem)
        return schema

    def _settings(self, step: dict[str, Any], path: Path) -> dict[str, Any]:
        made = {
            "aspect_ratio": self._choice(step, path, "aspect_ratio", ASPECT_RATIOS),
            "seed": self._number(step, path, "seed", 0, 4_294_967_294, whole=True),
            "steps": self._number(step, path, "steps", 1, 100, whole=True),
            "guidance": self._number(step, path, "guidance", 0, 20),
            "negative_prompt": self._text(step, path, "negative_prompt", LONGEST_NEGATIVE) or None,
            "quality": self._text(step, path, "quality", 20) or None,
        }
        if made["quality"] and not _QUALITY.fullmatch(str(made["quality"])):
            self._problem((*path, "quality"), "must be a word of the provider's, such as high")
        return {name: value for name, value in made.items() if value is not None}

    def _refer(self, path: Path, text: str, parse: Callable[[str], Any]) -> None:
        """Parse one text and keep what it needs of the row."""
        found = self.document.found(path)
        try:
            seen = references(parse(text), self.language)
        except TemplateSyntaxError as error:
            sentence = (error.message or "cannot be read").rstrip(".")
            self._at(path, found, [Fault(error.lineno, sentence)])
        except (RecursionError, MemoryError):
            self._problem(path, "nests too deeply")
        else:
            self._at(path, found, [*seen.faults, *self._of_steps(seen)])
            self.required |= seen.required

    def _of_steps(self, seen: References) -> Iterable[Fault]:
        """What is wrong with the earlier steps that a text looks at."""
        for path, line in seen.steps:
            told = ".".join(path)
            if len(path) < 2:
                yield Fault(line, "steps must be followed by a step's id and output")
            elif path[1] not in self.known:
                earlier = ", ".join(self.known) or "none"
                yield Fault(line, f"{told} is no earlier step's (there is {earlier})")
            elif len(path) > 2 and path[2] != "output":
                yield Fault(line, f"{told} is not there; a step has output and nothing else")

    def _at(self, path: Path, found: Found, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.problems.append(Problem(field_name(path), fault.problem, found.at(fault.line)))

    def _unknown(
        self,
        given: dict[str, Any],
        path: Path,
        allowed: tuple[str, ...],
        every: tuple[str, ...],
        kind: str = "",
    ) -> None:
        for name in given:
            if name in allowed:
                continue
            if name in every:
                self._problem((*path, name), f"does not belong to a step of the kind {kind}")
                continue
            close = get_close_matches(name, allowed, 1)
            meant = f"; did you mean {close[0]}?" if close else ""
            self._problem((*path, name), f"is unknown{meant}")

    def _text(
        self, given: dict[str, Any], path: Path, name: str, longest: int, required: bool = False
    ) -> str:
        value = given.get(name)
        if value is None and not required and name not in given:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self._problem((*path, name), f"must be a text of 1 to {longest} characters")
            return ""
        return value.strip() if name != "prompt" else value

    def _choice(
        self, given: dict[str, Any], path: Path, name: str, choices: tuple[str, ...]
    ) -> str | None:
        value = given.get(name)
        if name in given and (not isinstance(value, str) or value not in choices):
            self._problem((*path, name), f"must be one of {', '.join(choices)}")
            return None
        return value

    def _number(
        self,
        given: dict[str, Any],
        path: Path,
        name: str,
        low: int,
        high: int,
        whole: bool = False,
    ) -> Any:
        value: Any = given.get(name)
        if name not in given:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high or (whole and value != int(value)):
            kind = "a whole number" if whole else "a number"
            self._problem((*path, name), f"must be {kind} from {low} to {high}")
            return None
        return int(value) if whole else value

    def _problem(self, path: Path, problem: str) -> None:
        place: Place = self.document.found(path).place
        self.problems.append(Problem(field_name(path), problem, place))


def _is_model(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return 1 <= value <= MOST_MODELS
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_NAME


def _shown(required: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the paths, without those that a longer one includes."""
    paths = {path for path in required if path}
    longest = {p for p in paths if not any(q != p and q[: len(p)] == p for q in paths)}
    return tuple(sorted(".".join(path) for path in longest))

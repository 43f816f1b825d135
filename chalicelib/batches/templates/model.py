"""A template: what is made of one row, step by step. Pure."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.config.texts import Tier

Kind = Literal["text", "image", "judge"]
ModelRef = str | int
"""A configured model by its name or by its index."""
DEFAULT_MAX_TOKENS = 500
JUDGEMENT: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "score": {"type": "integer", "minimum": 1, "maximum": 5},
        "reason": {"type": "string", "minLength": 1},
    },
    "required": ["score", "reason"],
}
"""What a judge answers of one picture: 5 is best."""


@dataclass(frozen=True)
class Step:
    """One step; a later one sees its output as `steps.<id>.output`.

    `models` None is every image model. `settings` are those of a picture that were made, by their
    names in the definition. `of` is the image step that a judge looks at.
    """

    id: str
    kind: Kind
    prompt: str
    model: ModelRef | None = None
    tier: Tier | None = None
    models: tuple[ModelRef, ...] | None = None
    of: str | None = None
    when: str | None = None
    max_tokens: int = DEFAULT_MAX_TOKENS
    schema: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> Mapping[str, Any] | None:
        """The JSON Schema of its answers, None where they are any text."""
        return JUDGEMENT if self.kind == "judge" else self.schema

    def without(self, made: Container[str]) -> bool:
        """Return whether it has nothing to judge: who has no pictures is skipped as they were."""
        return self.of is not None and self.of not in made


@dataclass(frozen=True)
class Template:
    """A checked definition; `requires` are the paths that every row must have, sorted."""

    name: str
    steps: tuple[Step, ...]
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """One version of a template as it is kept; times in epoch milliseconds.

    `definition` is the text as it was sent. A sample is shipped with the product and is nobody's.
    """

    template_id: str
    number: int
    template: Template
    definition: str
    made_ms: int = 0
    sample: bool = False

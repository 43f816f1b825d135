"""The language of templates in this process."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.batches.templates.child import Renderer
from chalicelib.batches.templates.renderer import NotRendered, Prompt


class PlainRenderer:
    """The real language without the process around it, which would take most of the time."""

    def __init__(self) -> None:
        self._child = Renderer()

    def __enter__(self) -> "PlainRenderer":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def close(self) -> None:
        return

    def compile(self, kind: str, source: str) -> None:
        self._ask({"kind": kind, "source": source})

    def render(self, source: str, context: Mapping[str, Any], seed: str) -> str:
        asked = {"kind": "prompt", "source": source, "context": dict(context), "seed": seed}
        return str(self._ask(asked)["text"])

    def render_many(self, prompts: Iterable[Prompt]) -> list[str | None]:
        asked = [each._asdict() for each in prompts]
        answers = self._ask({"kind": "prompts", "asked": asked})["answers"]
        return [answer.get("text") for answer in answers]

    def holds(self, source: str, context: Mapping[str, Any], seed: str) -> bool:
        asked = {"kind": "when", "source": source, "context": dict(context), "seed": seed}
        return bool(self._ask(asked)["holds"])

    def matches(self, pattern: str, text: str) -> bool:
        return bool(self._ask({"kind": "match", "source": pattern, "text": text})["holds"])

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._child.answer(dict(message))
        if "error" in answer:
            raise NotRendered(answer["error"], answer["line"])
        return answer

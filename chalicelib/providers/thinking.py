"""What a text model says aloud: its answer without the thoughts that some write into it."""

import re
from collections.abc import Mapping, Sequence

_NAMES = r"(?:\w+:)?(?:think|thinking|thoughts?|reason|reasoning|reflection|analysis|scratchpad)"
_TAG = re.compile(
    rf"<(?P<closes>/)?{_NAMES}(?:\s[^<>]*)?>"
    rf"|\[(?P<closes2>/)?{_NAMES}\]"
    rf"|◁(?P<closes3>/)?{_NAMES}▷"
    r"|<\|(?:begin|(?P<closes4>end))_of_(?:thought|thinking|reasoning)\|>",
    re.IGNORECASE,
)
_FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\s*<\|message\|>")
_CHANNEL = re.compile(r"<\|channel\|>")
_CONTROL = re.compile(r"<\|(?:start|end|return|message|im_end|im_start)\|>(?:assistant\b)?")


def spoken(text: str) -> str:
    """Return the answer without thoughts; empty when there is nothing else.

    Thoughts stand between tags, before a closing tag whose opening one was never written, after
    an opening one that was never closed, or in a channel of their own.
    """
    if _CHANNEL.search(text):
        text = _CONTROL.sub(" ", _final_channel(text))
    kept: list[str] = []
    start, thinking = 0, False
    for tag in _TAG.finditer(text):
        if any(tag.groupdict().values()):
            if not thinking:
                kept.clear()
            start, thinking = tag.end(), False
        elif not thinking:
            kept.append(text[start : tag.start()])
            thinking = True
    if not thinking:
        kept.append(text[start:])
    return " ".join(part.strip() for part in kept if part.strip())


def _final_channel(text: str) -> str:
    parts = _FINAL_CHANNEL.split(text)
    return parts[-1] if len(parts) > 1 else ""


def answer_in(content: object) -> str:
    """Return the answer in a text, or in a list of parts; empty where there is only thinking."""
    if isinstance(content, str):
        return spoken(content)
    if not isinstance(content, Sequence):
        return ""
    texts = [part.get("text") for part in content if _is_text(part)]
    return spoken("".join(text for text in texts if isinstance(text, str)))


def _is_text(part: object) -> bool:
    return isinstance(part, Mapping) and part.get("type", "text") in ("text", "output_text")

"""The filters that templates have beside Jinja's own; each gives the same for the same, always.

Loaded by the process that renders, so nothing is imported here but what that process may have.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping

_TOKEN = re.compile(r"\s*(?:[^\W\d_]{1,6}|\d{1,3}|\S)", re.UNICODE)
"""About a token of the usual tokenizers, rather too short than too long."""
_SENTENCE = re.compile(r"[^.!?…。！？]+(?:[.!?…。！？]+[\"'”’»)]*|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STOP_WORDS = (
    "a about after again all also although always am an and any are as at be because been before "
    "being between both but by can could did do does doing down during each every few for from "
    "further had has have having he her here hers him his how i if in into is it its itself just "
    "like many may me might more most much must my never no nor not now of off on once one only "
    "or other our out over own said same shall she should since so some such than that the their "
    "them then there these they this those though through to too under until up upon us very was "
    "we were what when where which while who whom whose why will with within without would yet "
    "you your"
)
_STYLE_WORDS = (
    "absurd academic accessible aphoristic austere baroque bitter bleak bold brooding candid "
    "classical clear colloquial comic complex concise confessional conversational critical dark "
    "deadpan delicate dense detached detailed direct dramatic dreamlike dry earthy economical "
    "elegant elegiac elliptical eloquent emotional empathetic epic experimental fast-paced fluid "
    "formal fragmented gentle gothic graceful gritty hard-boiled haunting honest humorous "
    "idiomatic imaginative impressionistic informal innovative inquisitive intimate introspective "
    "ironic journalistic laconic lean light lively lucid lush lyrical magical measured meditative "
    "melancholic melodic metaphorical minimalist modernist musical narrative naturalistic "
    "nostalgic objective ornate passionate pastoral philosophical plain playful poetic polemical "
    "precise prosaic provocative psychological quiet raw realist realistic reflective restrained "
    "rhythmic rich romantic satirical scholarly sensual sentimental sharp simple sincere sober "
    "sparse spare spiritual stark stoic subtle surreal surrealist suspenseful symbolic tender "
    "terse thoughtful tragic unadorned understated unsentimental vernacular visionary vivid warm "
    "whimsical wistful witty wry"
)
_STOP, _STYLES = frozenset(_STOP_WORDS.split()), frozenset(_STYLE_WORDS.split())
_MOST_STYLES, _MOST_KEYWORDS = 6, 50
_SHORT_WORDS, _LONG_WORDS = 10, 22


class NoText(ValueError):
    """A filter was given what is no text."""


def tokens_of(text: str) -> int:
    """Return about how many tokens a model counts, rather too many than too few."""
    return sum(1 for _ in _TOKEN.finditer(text))


def random_sentence(value: object, seed: str) -> str:
    """Return one sentence of the text, chosen by the row and the step that `seed` names."""
    found: list[str] = _SENTENCE.findall(_text(value, "random_sentence"))
    sentences = [s.strip() for s in found if s.strip()]
    if not sentences:
        return ""
    digest = hashlib.sha256("\0".join((seed, *sentences)).encode(errors="replace")).digest()
    return sentences[int.from_bytes(digest[:8], "big") % len(sentences)]


def writing_style(value: object) -> str:
    """Return words for how somebody writes, found in a text about them or by them."""
    text = _text(value, "writing_style")
    words = [word.lower() for word in _WORD.findall(text)]
    named = list(dict.fromkeys(word for word in words if word in _STYLES))[:_MOST_STYLES]
    return ", ".join(named or _measured(text, words))


def truncate_tokens(value: object, most: object) -> str:
    """Return the beginning of the text, at most so many tokens of it."""
    text, count = _text(value, "truncate_tokens"), _count(most, "truncate_tokens")
    end = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        if number == count:
            return text[:end]
        end = token.end()
    return text


def extract_keywords(value: object, most: object = 5) -> str:
    """Return the words that the text uses most, the earlier ones first among equals."""
    text, count = _text(value, "extract_keywords"), _count(most, "extract_keywords")
    words = [word.lower() for word in _WORD.findall(text)]
    counted = Counter(word for word in words if len(word) > 1 and word not in _STOP)
    return ", ".join(word for word, _ in counted.most_common(min(count, _MOST_KEYWORDS)))


def _measured(text: str, words: list[str]) -> list[str]:
    """Return what the sentences themselves show where no word says it."""
    sentences = [s for s in _SENTENCE.findall(text) if s.strip()]
    if not words or not sentences:
        return ["plain"]
    long = len(words) / len(sentences)
    found = ["short sentences"] if long <= _SHORT_WORDS else []
    found += ["long, flowing sentences"] if long >= _LONG_WORDS else []
    found += ["first person"] if {"i", "my", "me"} & set(words) else []
    found += ["questions"] if text.count("?") * 4 >= len(sentences) else []
    found += ["exclamations"] if text.count("!") * 4 >= len(sentences) else []
    return found or ["plain"]


def _text(value: object, name: str) -> str:
    """Return a value as text; an undefined one raises its own error when it is looked at."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list | tuple):
        return " ".join(_text(each, name) for each in value)
    if value is None or isinstance(value, bool | Mapping):
        raise NoText(f"{name} needs a text and got {_kind(value)}")
    return str(value)


def _count(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise NoText(f"{name} needs a whole number from 0 to 1000000")
    return value


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return "true or false" if isinstance(value, bool) else "an object"

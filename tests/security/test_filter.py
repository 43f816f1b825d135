"""The keyword filter sees through disguises and leaves harmless prompts alone."""

import random
from pathlib import Path

import pytest

from chalicelib.moderation.service import ContentFilter, blocklist
from tests.figures import RecordFigure
from tests.security.corpora.evasions import DISGUISES
from tests.security.corpora.prompts import composed
from tests.support.yardstick import processor_time, slowness

LIST = Path(__file__).parents[2] / "chalicelib/moderation/blocklist.txt"
BENIGN = Path(__file__).parent / "corpora/benign.txt"
CARRIER = "a large painting of {}, golden light"
MOST_FALSE = 0.001
MOST_SECONDS = 0.001


def listed() -> list[str]:
    """A text for every phrase of the list: groups are completed from the groups beside them."""
    lines = [line.split("#")[0].strip() for line in LIST.read_text("utf-8").splitlines()]
    groups: dict[str, list[str]] = {}
    for name, _, phrases in (line.partition(" = ") for line in lines if " = " in line):
        groups.setdefault(f"<{name}>", []).extend(phrases.split(", "))
    rules = [line for line in lines if line and " = " not in line and line[:6] != "allow "]
    return [text for rule in rules for text in completed(rule.split(" + "), groups)]


def completed(parts: list[str], groups: dict[str, list[str]]) -> list[str]:
    choices = [groups.get(part, [part]) for part in parts]
    first = [options[0] for options in choices]
    return [
        " ".join([*first[:place], option, *first[place + 1 :]])
        for place, options in enumerate(choices)
        for option in options
    ]


def benign() -> list[str]:
    lines = BENIGN.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")] + composed()


def test_blocks_every_listed_phrase_as_it_is_written() -> None:
    keywords = ContentFilter("keywords")
    assert [text for text in listed() if keywords.allows(CARRIER.format(text))] == []


@pytest.mark.parametrize("disguise", DISGUISES)
def test_sees_through_a_disguise(disguise: str, record_figure: RecordFigure) -> None:
    keywords, rng, texts = ContentFilter("keywords"), random.Random(7), listed()
    disguised = [CARRIER.format(DISGUISES[disguise](text, rng)) for text in texts for _ in "123"]
    missed = [text for text in disguised if keywords.allows(text)]
    record_figure("S7", evasion=disguise, texts=len(disguised), missed=len(missed))
    assert missed == []


def test_leaves_harmless_prompts_alone(record_figure: RecordFigure) -> None:
    keywords, prompts = ContentFilter("keywords"), benign()
    blocked = [prompt for prompt in prompts if not keywords.allows(prompt)]
    share = len(blocked) / len(prompts)
    record_figure("S7", benign=len(prompts), blocked=len(blocked), share=f"{share:.4%}")
    assert len(prompts) >= 1000
    assert share <= MOST_FALSE, blocked


def test_takes_less_than_a_millisecond(record_figure: RecordFigure) -> None:
    """Processor time on prompts of full length, plain and disguised, each seen once."""
    rng, keywords = random.Random(11), ContentFilter("keywords")
    keywords.allows("the list is read on first use")
    sources = benign() + [d(text, rng) for d in DISGUISES.values() for text in listed()[:40]]
    times = sorted(seconds(keywords, full_length(sources, rng)) for _ in range(1000))
    record_figure("S7", prompts=len(times), p50_ms=ms(times[500]), p99_ms=ms(times[990]))
    assert times[990] <= MOST_SECONDS


def full_length(sources: list[str], rng: random.Random) -> str:
    return " ".join(rng.choices(sources, k=60))[:1000]


def seconds(keywords: ContentFilter, prompt: str) -> float:
    """Return the processor time; where other processes slow the core down, as if they did not."""
    factor = slowness()
    return processor_time(lambda: keywords.allows(prompt)) / factor


def ms(value: float) -> float:
    return round(value * 1000, 3)


def test_the_list_is_read_without_complaint() -> None:
    assert len(blocklist().rules) > 30

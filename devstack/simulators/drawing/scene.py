"""From a prompt to a scene: the words choose the place, the hour, and what stands in it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from devstack.simulators.drawing.abstract import draw_abstract
from devstack.simulators.drawing.backdrops import BACKDROPS, Scene, heavens
from devstack.simulators.drawing.canvas import Canvas, Size
from devstack.simulators.drawing.palette import choose_palette
from devstack.simulators.drawing.subjects import SUBJECTS, Subject, draw_subject

MAX_SUBJECTS = 2
#: The place that says most comes first.
_PLACE_WORDS: Mapping[str, frozenset[str]] = {
    place: frozenset(words.split())
    for place, words in {
        "sea": "sea ocean lake river water waves beach island coast harbour harbor bay fishing",
        "city": "city skyline town tower towers street tokyo york london paris cyberpunk",
        "mountains": "mountain mountains peak peaks alps valley volcano fjord glacier",
        "forest": "forest forests pine pines woods woodland jungle",
        "hills": """hill hills countryside village landscape meadow garden field fields desert
            dunes space planet mars horizon sunset sunrise sun moon sky stars clouds dawn dusk""",
    }.items()
}


def draw_scene(prompt: str, size: Size, rng: random.Random) -> Canvas:
    """Draw what the prompt names, before any style."""
    words = re.findall(r"[a-z]+", prompt.lower())
    palette = choose_palette(words, rng)
    canvas = Canvas.of_sky(palette.sky, size)
    width, height = size[0] / min(size), size[1] / min(size)
    horizon = height * (0.5 + 0.08 * rng.random())
    light_x = width * rng.choice((rng.uniform(0.2, 0.36), rng.uniform(0.64, 0.8)))
    scene = Scene(canvas, palette, rng, width, height, horizon, light_x)
    subjects = subjects_of(words)
    place = place_of(words, subjects)
    if place is None:
        draw_abstract(scene)
        return canvas
    heavens(scene)
    BACKDROPS[place](scene)
    _place_subjects(scene, subjects)
    return canvas


def place_of(words: Sequence[str], subjects: Sequence[Subject]) -> str | None:
    """Return the most telling place that is named, else the first subject's home."""
    named = [place for place, said in _PLACE_WORDS.items() if said & set(words)]
    telling = [place for place in named if place != "hills"]
    homes = [subject.home for subject in subjects]
    return next(iter([*telling, *homes, *named]), None)


def subjects_of(words: Sequence[str]) -> list[Subject]:
    """Return the first subjects that the words name, each once."""
    found = [subject for word in words for subject in SUBJECTS if word in subject.words]
    return list(dict.fromkeys(found))[:MAX_SUBJECTS]


def _place_subjects(scene: Scene, subjects: Sequence[Subject]) -> None:
    """Put the first subject away from the light, and the second smaller and farther."""
    away = 0.36 if scene.light_x > scene.width / 2 else 0.64
    spots = ((away, 0.7, 1.0), (1 - away, 0.5, 0.62))
    for subject, (share, depth, scale) in reversed(list(zip(subjects, spots, strict=False))):
        x = scene.width * share + scene.rng.uniform(-0.03, 0.03)
        y = scene.horizon + scene.depth * depth
        frame = scene.canvas.at(x, y, subject.size * scale, scene.rng.choice((1, -1)))
        draw_subject(subject, frame, scene.palette)

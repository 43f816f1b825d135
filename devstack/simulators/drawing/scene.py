"""From a prompt to a scene: the words choose the place, the hour, and who stands in it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from devstack.simulators.drawing import buildings, creatures, plants
from devstack.simulators.drawing.abstract import abstract
from devstack.simulators.drawing.backdrops import BACKDROPS, Ground
from devstack.simulators.drawing.palette import Palette, choose_palette
from devstack.simulators.drawing.shapes import Layer, Place, Scene, Shape
from devstack.simulators.drawing.sky import birds, celestial, clouds, stars


@dataclass(frozen=True)
class Subject:
    """What can stand in a scene: how it is drawn, how tall, and where it is at home."""

    motif: Callable[[Place, Palette], list[Shape]]
    size: float
    home: str
    is_afloat: bool = False


#: The place that says most comes first.
_BACKDROP_WORDS: Mapping[str, str] = {
    "space": "space galaxy planet planets cosmos mars nebula universe saturn",
    "sea": "sea ocean lake river water wave waves beach island coast harbour harbor bay",
    "city": """city skyline town tower towers skyscraper skyscrapers street urban tokyo york london
        paris downtown building buildings cyberpunk""",
    "mountains": """mountain mountains peak peaks alps alpine valley volcano fjord
        glacier""",
    "forest": "forest forests pine pines wood woods woodland jungle",
    "desert": "desert dune dunes sand sahara cactus canyon camel pyramid pyramids oasis",
    "meadow": """meadow garden flower flowers field fields grass rose roses tulip tulips lavender
        spring sunflower sunflowers bee butterfly""",
    "hills": "hill hills countryside village landscape",
}
_SUBJECT_WORDS: Mapping[str, Subject] = {
    "lighthouse": Subject(buildings.lighthouse, 0.5, "sea"),
    "castle palace fortress kingdom": Subject(buildings.castle, 0.4, "mountains"),
    "astronaut cosmonaut spaceman": Subject(creatures.astronaut, 0.42, "space"),
    "rocket spaceship spacecraft shuttle": Subject(buildings.rocket, 0.44, "space"),
    "robot android robots droid": Subject(buildings.robot, 0.4, "city"),
    "fox foxes": Subject(creatures.fox, 0.36, "forest"),
    "cat cats kitten kitty feline": Subject(creatures.cat, 0.38, "hills"),
    "wolf wolves dog dogs puppy corgi husky": Subject(creatures.wolf, 0.37, "forest"),
    "owl owls": Subject(creatures.owl, 0.38, "forest"),
    "whale whales orca dolphin": Subject(creatures.whale, 0.24, "sea", is_afloat=True),
    "fish goldfish koi shark": Subject(creatures.fish, 0.34, "sea"),
    "bird birds sparrow robin parrot hummingbird": Subject(creatures.bird, 0.34, "hills"),
    "boat boats ship ships sailboat sail sailing yacht": Subject(
        buildings.boat, 0.36, "sea", is_afloat=True
    ),
    "balloon balloons airship": Subject(buildings.balloon, 0.4, "hills"),
    "house houses cabin cottage hut home farm barn": Subject(buildings.house, 0.3, "hills"),
    "mushroom mushrooms toadstool": Subject(plants.mushroom, 0.34, "forest"),
    "cup coffee tea teacup mug espresso": Subject(buildings.cup, 0.36, "hills"),
    "tree trees oak maple willow": Subject(plants.tree, 0.42, "hills"),
    """person man woman girl boy child traveller traveler wanderer portrait king queen knight
        wizard samurai""": Subject(creatures.person, 0.36, "hills"),
}
_SKY_WORDS = frozenset(
    {"horizon", "sunset", "sunrise", "sun", "moon", "sky", "clouds", "stars", "dawn", "dusk"}
)
_MOON_WORDS = frozenset({"moon", "moonlit", "moonlight", "night", "midnight", "lunar"})
_SNOW_WORDS = frozenset(
    {"snow", "snowy", "winter", "ice", "icy", "frozen", "arctic", "frost", "glacier", "christmas"}
)
MAX_SUBJECTS = 2


def compose(prompt: str, ratio: float, chance: random.Random) -> Scene:
    """A scene of what the prompt names, in the given ratio of width to height."""
    words = re.findall(r"[a-z]+", prompt.lower())
    palette = choose_palette(words, chance)
    width, height = (ratio, 1.0) if ratio >= 1 else (1.0, 1 / ratio)
    subjects = subjects_of(words)
    backdrop = place_of(words, subjects)
    if backdrop is None:
        return abstract(width, height, palette, chance)
    horizon = height * (0.5 + 0.08 * chance.random())
    is_snowy = not _SNOW_WORDS.isdisjoint(words)
    light_x = width * chance.choice((chance.uniform(0.2, 0.36), chance.uniform(0.64, 0.8)))
    ground = Ground(width, height, horizon, palette, chance, light_x, is_snowy)
    layers = _heavens(ground, backdrop, moon=not _MOON_WORDS.isdisjoint(words))
    layers += BACKDROPS[backdrop](ground)
    layers += _placed(subjects, ground)
    return Scene(width, height, palette.sky, layers)


def _heavens(ground: Ground, backdrop: str, *, moon: bool) -> list[Layer]:
    """Stars at night, clouds and birds by day, and the light, unless space has its own."""
    extent = ground.width, ground.horizon, ground.palette, ground.chance
    is_dark = ground.palette.is_dark
    layers = [stars(*extent)] if is_dark else [clouds(*extent), birds(*extent)]
    if backdrop == "space":
        return layers
    light = celestial(
        ground.light_x, ground.horizon, ground.palette, ground.chance, moon=moon or is_dark
    )
    return [light, *layers] if not is_dark else [*layers, light]


def place_of(words: Sequence[str], subjects: Sequence[Subject]) -> str | None:
    """The place that is named, the most telling one if there are several, else a subject's home."""
    named = {_BACKDROP_OF[word] for word in words if word in _BACKDROP_OF}
    places = [place for place in _BACKDROP_WORDS if place in named]
    homes = [subject.home for subject in subjects]
    under_any_sky = [] if _SKY_WORDS.isdisjoint(words) else ["hills"]
    return next(iter([*places, *homes, *under_any_sky]), None)


def subjects_of(words: Sequence[str]) -> list[Subject]:
    """The first subjects that the words name, each once."""
    found = dict.fromkeys(_SUBJECT_OF[word] for word in words if word in _SUBJECT_OF)
    return list(found)[:MAX_SUBJECTS]


def _placed(subjects: Sequence[Subject], ground: Ground) -> list[Layer]:
    """The subjects on the side away from the light, the second one smaller and farther."""
    away = 0.36 if ground.light_x > ground.width / 2 else 0.64
    layers: list[Layer] = []
    for index, subject in enumerate(subjects):
        share, depth, scale = (away, 0.7, 1.0) if index == 0 else (1 - away, 0.5, 0.62)
        place = Place(
            ground.width * share + ground.chance.uniform(-0.03, 0.03),
            ground.horizon + ground.depth * (0.42 if subject.is_afloat else depth),
            subject.size * scale,
            ground.chance.choice((1, -1)),
        )
        layers.append(Layer(subject.motif(place, ground.palette), is_subject=True))
    return list(reversed(layers))


_BACKDROP_OF = {word: name for name, words in _BACKDROP_WORDS.items() for word in words.split()}
_SUBJECT_OF = {word: subject for words, subject in _SUBJECT_WORDS.items() for word in words.split()}

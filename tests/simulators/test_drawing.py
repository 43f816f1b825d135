import io
import time
from dataclasses import replace

import pytest
from PIL import Image

from devstack.simulators.drawing import PictureSpec, dealt_style, draw, picture_bomb
from devstack.simulators.drawing.scene import place_of, subjects_of
from devstack.simulators.drawing.styles import STYLES
from devstack.simulators.drawing.subjects import SUBJECTS
from devstack.simulators.server import discovered

FOX = PictureSpec("poster", "gpt-image-2.6-flare", "a red fox in a snowy forest", 256, 256)
PROMPTS = (
    *(min(subject.words) for subject in SUBJECTS),
    "a castle in the mountains",
    "city skyline at night",
    "jazz",
    "",
    "\ud800 broken text \x00",
)
CPU_SECONDS = 0.15
# Other processes on the same cores make the same work cost more CPU time.
CROWDED = 3.0


def _open(picture: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(picture))
    opened.load()
    return opened


def _fresh(spec: PictureSpec) -> bytes:
    """Drawn again, past the memory of earlier pictures."""
    return draw.__wrapped__(spec)


def test_a_simulator_names_a_style_or_is_dealt_one() -> None:
    assert {simulator.style for simulator in discovered()} - {""} <= set(STYLES)
    assert dealt_style("a-provider-to-come") in STYLES


@pytest.mark.parametrize("style", STYLES)
def test_the_same_specification_gives_the_same_bytes(style: str) -> None:
    spec = replace(FOX, style=style)

    assert _fresh(spec) == _fresh(spec)


@pytest.mark.parametrize(
    "other",
    [
        replace(FOX, prompt="a blue fox in a snowy forest"),
        replace(FOX, model="gpt-image-2"),
        replace(FOX, seed=1),
        replace(FOX, style="relief"),
    ],
)
def test_another_prompt_model_seed_or_style_gives_another_picture(other: PictureSpec) -> None:
    assert _open(draw(FOX)).tobytes() != _open(draw(other)).tobytes()


def test_marks_do_not_show_in_the_picture() -> None:
    assert draw(replace(FOX, prompt=f"{FOX.prompt} [[bfl:hang]]")) == draw(FOX)


@pytest.mark.parametrize("text", PROMPTS)
def test_any_prompt_becomes_a_picture_of_the_size_asked_for(text: str) -> None:
    spec = replace(FOX, prompt=text, width=224, height=128)

    assert _open(draw(spec)).size == (224, 128)


@pytest.mark.parametrize("picture_format", ["png", "jpeg", "webp"])
def test_the_format_is_the_one_asked_for(picture_format: str) -> None:
    spec = replace(FOX, format=picture_format)

    assert _open(draw(spec)).format == picture_format.upper()
    assert spec.content_type == f"image/{picture_format}"


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("width", "height"), [(1344, 768), (768, 1344), (3072, 384), (2048, 2048), (17, 9)]
)
def test_every_size_is_exact(width: int, height: int, style: str) -> None:
    spec = replace(FOX, style=style, width=width, height=height)
    assert _open(_fresh(spec)).size == (width, height)


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("a red balloon over the mountains at sunset", "mountains"),
        ("a lighthouse on a cliff at dusk", "sea"),
        ("a fox under the moon", "forest"),
        ("sunset", "hills"),
        ("jazz", None),
    ],
)
def test_a_picture_shows_the_place_that_the_prompt_means(prompt: str, place: str | None) -> None:
    words = prompt.split()

    assert place_of(words, subjects_of(words)) == place


def test_a_caption_strip_darkens_the_foot_of_the_picture() -> None:
    picture = _open(draw(replace(FOX, style="bloom", prompt="day sky", width=512, height=512)))

    strip = picture.crop((0, 494, 512, 512)).convert("L").tobytes()
    assert min(strip) < 120 < 240 < max(strip)


@pytest.mark.parametrize("style", STYLES)
def test_a_megapixel_is_drawn_quickly_into_a_file_of_usual_size(style: str) -> None:
    spec = PictureSpec(style, "its-model", "a lighthouse by the sea", 1024, 1024)
    sizes, seconds = set(), []
    for seed in range(3):
        started = time.thread_time()
        sizes.add(len(_fresh(replace(spec, seed=seed))))
        seconds.append(time.thread_time() - started)

    assert min(seconds) < CPU_SECONDS * CROWDED
    assert all(50_000 < size < 900_000 for size in sizes)


def test_the_bomb_is_a_small_file_that_claims_900_megapixels() -> None:
    bomb = picture_bomb()

    assert len(bomb) < 200_000
    assert int.from_bytes(bomb[16:20], "big") == int.from_bytes(bomb[20:24], "big") == 30_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb))

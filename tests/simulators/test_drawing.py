import io
import time
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from devstack.simulators.drawing import Commission, draw, picture_bomb
from devstack.simulators.drawing.scene import place_of, subjects_of

MODELS = {"openai": "gpt-image-2", "bfl": "flux-2-pro", "a-provider-to-come": "its-model"}
FOX = Commission("openai", "gpt-image-2.6-flare", "a red fox in a snowy forest", 256, 256)
PROMPTS = (
    "a lighthouse by the sea at dusk",
    "a castle in the mountains",
    "city skyline at night",
    "astronaut with a rocket on mars",
    "a cup of coffee in a flower garden",
    "jazz",
    "",
    "\ud800 broken text \x00",
)
CPU_SECONDS = 0.15
# Other processes on the same cores make the same work cost more CPU time.
CROWDED = 2.0


def _open(picture: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(picture))
    opened.load()
    return opened


def _fresh(commission: Commission) -> bytes:
    """Drawn again, past the memory of earlier pictures."""
    return draw.__wrapped__(commission)


@pytest.mark.parametrize("provider", MODELS)
def test_the_same_commission_gives_the_same_bytes(provider: str) -> None:
    commission = replace(FOX, provider=provider, model=MODELS[provider])

    assert _fresh(commission) == _fresh(commission)


@pytest.mark.parametrize(
    "other",
    [
        replace(FOX, prompt="a blue fox in a snowy forest"),
        replace(FOX, model="gpt-image-2"),
        replace(FOX, seed=1),
        replace(FOX, provider="qwen"),
    ],
)
def test_another_prompt_model_seed_or_provider_gives_another_picture(other: Commission) -> None:
    assert _open(draw(FOX)).tobytes() != _open(draw(other)).tobytes()


def test_marks_do_not_show_in_the_picture() -> None:
    assert draw(replace(FOX, prompt=f"{FOX.prompt} [[bfl:hang]]")) == draw(FOX)


@pytest.mark.parametrize("text", PROMPTS)
@pytest.mark.parametrize("provider", MODELS)
def test_any_prompt_becomes_a_picture_of_the_size_asked_for(provider: str, text: str) -> None:
    commission = Commission(provider, MODELS[provider], text, 224, 128)

    assert _open(draw(commission)).size == (224, 128)


@pytest.mark.parametrize("picture_format", ["png", "jpeg", "webp"])
def test_the_format_is_the_one_asked_for(picture_format: str) -> None:
    commission = replace(FOX, format=picture_format)

    assert _open(draw(commission)).format == picture_format.upper()
    assert commission.content_type == f"image/{picture_format}"


@pytest.mark.parametrize(
    ("width", "height"),
    [(1024, 1024), (1344, 768), (768, 1344), (3072, 384), (2048, 2048), (17, 9)],
)
def test_every_size_is_exact(width: int, height: int) -> None:
    assert _open(draw(replace(FOX, width=width, height=height))).size == (width, height)


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("a red balloon over the mountains at sunset", "mountains"),
        ("a lighthouse on a cliff at dusk", "sea"),
        ("a fox under the moon", "forest"),
        ("sunset", "hills"),
    ],
)
def test_a_picture_shows_the_place_that_the_prompt_means(prompt: str, place: str) -> None:
    words = prompt.split()

    assert place_of(words, subjects_of(words)) == place


def test_a_caption_strip_darkens_the_foot_of_the_picture() -> None:
    picture = _open(draw(replace(FOX, provider="google", prompt="day sky", width=512, height=512)))

    strip = picture.crop((0, 494, 512, 512)).convert("L").tobytes()
    assert min(strip) < 120 < 240 < max(strip)


def test_a_vector_drawing_names_the_model_and_says_simulated() -> None:
    drawn = draw(replace(FOX, provider="recraft", model="recraftv4_<vector>", format="svg"))

    texts = [node.text for node in ElementTree.fromstring(drawn).iter() if node.text]
    assert texts == ["recraftv4_<vector>", "SIMULATED"]


@pytest.mark.parametrize("provider", MODELS)
def test_a_megapixel_is_drawn_quickly_into_a_file_of_usual_size(provider: str) -> None:
    commission = Commission(provider, MODELS[provider], "a lighthouse by the sea", 1024, 1024)
    sizes, seconds = set(), []
    for seed in range(3):
        started = time.thread_time()
        sizes.add(len(_fresh(replace(commission, seed=seed))))
        seconds.append(time.thread_time() - started)

    assert min(seconds) < CPU_SECONDS * CROWDED
    assert all(50_000 < size < 900_000 for size in sizes)


def test_the_bomb_is_a_small_file_that_claims_900_megapixels() -> None:
    bomb = picture_bomb()

    assert len(bomb) < 200_000
    assert int.from_bytes(bomb[16:20], "big") == int.from_bytes(bomb[20:24], "big") == 30_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb))

"""Which configured model somebody means who names one."""

import pytest

from chalicelib.config import load
from chalicelib.providers.choosing import slot_named, text_named, text_of_tier
from chalicelib.providers.registry import slots, text_slots

SETTINGS = load(
    {
        "MODEL_COUNT": "2",
        "MODEL_1_NAME": "GPT Image 2",
        "MODEL_1_KEY": "k",
        "MODEL_2_NAME": "FLUX.2 pro",
        "MODEL_2_KEY": "k",
        "TEXT_MODEL_COUNT": "3",
        "TEXT_MODEL_1_NAME": "Llama 3.1 8B",
        "TEXT_MODEL_1_KEY": "N/A",
        "TEXT_MODEL_2_NAME": "Claude Sonnet",
        "TEXT_MODEL_2_KEY": "N/A",
        "TEXT_MODEL_3_NAME": "my writer",
        "TEXT_MODEL_3_KEY": "k",
        "TEXT_MODEL_3_TIER": "premium",
    }
)
IMAGES, TEXTS = slots(SETTINGS), text_slots(SETTINGS)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (1, 1),
        (4, None),
        ("llama-3.1-8b", 1),
        ("Llama", 1),
        ("us.meta.llama3-1-8b-instruct-v1:0", 1),
        ("claude-sonnet", 2),
        ("Claude 3.5 Sonnet", 2),
        ("My Writer", 3),
        ("Claude Opus", None),
        ("nobody", None),
    ],
)
def test_a_text_model_is_found_by_index_name_id_or_what_its_name_means(
    wanted: str | int, index: int | None
) -> None:
    found = text_named(TEXTS, wanted)
    assert (found and found.index) == index


@pytest.mark.parametrize(("tier", "index"), [("cheap", 1), ("premium", 2), ("balanced", None)])
def test_a_tier_is_the_first_of_it(tier: str, index: int | None) -> None:
    found = text_of_tier(TEXTS, tier)  # type: ignore[arg-type]
    assert (found and found.index) == index


@pytest.mark.parametrize(
    ("wanted", "index"), [(2, 2), (3, None), ("flux.2-pro", 2), ("gpt-image-2", 1), ("x", None)]
)
def test_an_image_model_is_found_by_index_name_or_id(wanted: str | int, index: int | None) -> None:
    found = slot_named(IMAGES, wanted)
    assert (found and found.index) == index

"""S5: no key anywhere, no prompt in a log line."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.figures import RecordFigure
from tests.security import canaries
from tests.security.canaries import KEY, NEGATIVE, PROMPT, PROMPTS, Recorder, found

EVERY_FAILURE = {
    "BAD_KEY",
    "BAD_RESPONSE",
    "MODEL_RETIRED",
    "OUT_OF_CREDIT",
    "RATE_LIMITED",
    "REFUSED",
    "TIMEOUT",
    "UNAVAILABLE",
}


def test_keys_are_found_nowhere_and_prompts_in_no_log_line(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    with canaries.installation(tmp_path) as product:
        visitor = Recorder(product.url)
        codes = canaries.use_everything(visitor)
        items, objects = canaries.items(product), canaries.objects(product)
        product.stop()
        logs, files = canaries.logs(product), canaries.files(product)
    places: dict[str, str | bytes] = {
        "logs": logs,
        "answers": "\n".join(visitor.answers),
        "items": items,
        "objects": objects,
        "files": files,
    }
    keys = {place: found(KEY, text) for place, text in places.items()}
    prompts = [spelling for prompt in PROMPTS for spelling in found(prompt, logs)]
    record_figure(
        "S5",
        failures=len(codes),
        answers=len(visitor.answers),
        bytes_searched=sum(len(text) for text in places.values()),
        keys_found=sum(len(spellings) for spellings in keys.values()),
        prompts_in_logs=len(prompts),
    )
    assert set(codes) >= EVERY_FAILURE
    assert found(PROMPT, items)
    assert found(NEGATIVE, items)
    assert logs.count('"event": "request"') > 50
    assert not any(keys.values()), keys
    assert prompts == []


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_canary_is_found_in_any_spelling(before: str) -> None:
    hidden = base64.b64encode(f"{before}{KEY}-openai and more".encode())
    assert found(KEY, hidden)
    assert found(KEY, f"key={KEY.upper()}")
    assert not found(KEY, "nothing of it")

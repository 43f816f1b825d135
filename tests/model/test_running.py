"""The container's life: loading, one picture at a time, callers that leave, and its end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from model.device import ABANDON_SECONDS, FINISH_SECONDS, WAITING_LIMIT
from tests.model.conftest import IS_REAL, Start
from tests.model.container import STAND_IN, Answer, Container

END_LIMIT = 10.0
"""Seconds from SIGTERM to the end: then Docker kills."""
LONG = {"prompt": "slow", "steps": 100} | ({"width": 512, "height": 512} if IS_REAL else {})


def stopped_in_the_middle(container: Container, **order: object) -> tuple[Answer, int, float]:
    """What a picture's caller and the process came to, and the seconds that it took."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(container.invoke, **order)
        time.sleep(0.5)
        assert not asked.done()
        began = time.monotonic()
        container.terminate()
        answer, status = asked.result(), container.wait()
        return answer, status, time.monotonic() - began


def test_the_word_to_stop_ends_a_long_picture_in_time(start_container: Start) -> None:
    container = start_container()
    container.wait_for("ready")
    answer, status, seconds = stopped_in_the_middle(container, **LONG)
    assert answer.status == 200 or answer.error == (503, "STOPPING")
    assert (status, seconds < END_LIMIT) == (0, True), seconds


def test_a_picture_that_is_nearly_done_is_finished(start_container: Start) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    answer, status, seconds = stopped_in_the_middle(container, prompt="slow", steps=20)
    assert answer.picture.size == (64, 64)
    assert (status, seconds < FINISH_SECONDS) == (0, True)


def test_a_step_that_never_ends_is_abandoned(start_container: Start) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    answer, status, seconds = stopped_in_the_middle(container, prompt="stuck")
    assert answer.error == (503, "STOPPING")
    assert status == 0
    assert ABANDON_SECONDS <= seconds < END_LIMIT


def test_until_it_is_loaded_it_answers_503(start_container: Start) -> None:
    container = start_container(module=STAND_IN, LOAD="never")
    assert container.ask("GET", "/ping").error == (503, "LOADING")
    assert container.invoke(prompt="a").error == (503, "LOADING")
    container.terminate()
    assert container.wait() == 0


def test_once_loaded_it_says_so(container: Container) -> None:
    assert container.is_ready()


def test_what_cannot_be_loaded_ends_the_container(start_container: Start) -> None:
    container = start_container(module=STAND_IN, LOAD="broken")
    assert container.wait_for("not loaded")["reason"] == "no such folder"
    assert container.wait() == 1


@pytest.mark.parametrize(
    ("prompt", "error"),
    [
        ("broken", (500, "DRAWING_FAILED")),
        ("huge", (500, "OUT_OF_MEMORY")),
        ("filtered", (422, "CONTENT_FILTERED")),
    ],
)
def test_a_failure_has_its_name_and_the_next_picture_is_drawn(
    start_container: Start, prompt: str, error: tuple[int, str]
) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    assert container.invoke(prompt=prompt).error == error
    assert container.invoke(prompt="a").status == 200


def test_the_log_has_the_trace_and_the_id_and_no_prompt(start_container: Start) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    headers = {"Content-Type": "application/json", "X-Amzn-SageMaker-Inference-Id": "job.1.1"}
    container.ask("POST", "/invocations", b'{"prompt": "broken"}', headers)
    container.ask("POST", "/invocations", b'{"prompt": "a secret garden"}', headers)
    container.terminate()
    container.wait()
    log = "".join(container.lines)
    assert "RuntimeError: canary" in log
    assert log.count('"inferenceId": "job.1.1"') == 3
    assert "garden" not in log


def test_pictures_wait_for_each_other_and_too_many_are_refused(start_container: Start) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    asked = WAITING_LIMIT + 4
    with ThreadPoolExecutor(asked) as pool:
        answers = list(pool.map(lambda _: container.invoke(prompt="slow", steps=10), range(asked)))
    refused = [answer.error for answer in answers if answer.status != 200]
    assert refused == [(503, "BUSY")] * 3


def test_whoever_hangs_up_gives_the_device_free(start_container: Start) -> None:
    container = start_container(module=STAND_IN)
    container.wait_for("ready")
    container.hang_up_on(prompt="slow", steps=100)
    began = time.monotonic()
    assert container.invoke(prompt="a").status == 200
    assert time.monotonic() - began < 100 * 0.05 / 2


def test_the_caps_are_settings(start_container: Start) -> None:
    container = start_container(module=STAND_IN, MAX_SIDE="512", MAX_STEPS="8")
    container.wait_for("ready")
    assert container.invoke(prompt="a", width=520).error == (400, "SIZE_REFUSED")
    assert container.invoke(prompt="a", steps=9).error == (400, "STEPS_REFUSED")
    assert container.invoke(prompt="a", width=512, steps=8).status == 200

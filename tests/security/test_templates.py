"""S8: no template leaves its sandbox, and none harms more than the process that renders it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.batches.templates.definition import check
from chalicelib.batches.templates.problems import Refused
from chalicelib.batches.templates.renderer import NotRendered, Renderer
from tests.figures import RecordFigure
from tests.security.corpora.templates import BOMBS, TELLTALES, escapes

ROW = {"product": {"name": "a lamp", "tags": ["x"]}, "steps": {}}
ESCAPES = tuple(escapes())
MOST_SECONDS, MOST_MB = 2.0, 64
IS_LINUX = Path("/proc/self/status").exists()


class Watched(Renderer):
    """A renderer whose process can be looked at."""

    def start(self) -> None:
        self.render("", ROW, "0:a")

    def peak_mb(self) -> float:
        """The most memory that the process had; the limit's own where it had to be ended."""
        if self._process is None:
            return MOST_MB
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as opened:
        yield opened


def parsed(prompt: str) -> str:
    """Return why the check refuses a prompt; empty where it does not."""
    quoted = prompt.replace("\\", "\\\\").replace('"', '\\"')
    try:
        check(f'name: x\nsteps:\n  - {{id: a, tier: cheap, prompt: "{quoted}"}}\n')
    except Refused as refused:
        return refused.problems[0].problem
    return ""


@pytest.mark.parametrize("prompt", ESCAPES)
def test_s8_no_template_leaves_the_sandbox(renderer: Renderer, prompt: str) -> None:
    """Whatever the check would say: the sandbox alone has to hold."""
    try:
        text = renderer.render(prompt, ROW, "0:a")
    except NotRendered as refused:
        text = refused.problem
        # A refusal may name what it refuses, in the template's own words.
        assert not [t for t in TELLTALES if t in text and t not in prompt and "unsafe" not in text]
    else:
        assert not [telltale for telltale in TELLTALES if telltale in text], text


@pytest.mark.skipif(not IS_LINUX, reason="peak memory is read in Linux")
@pytest.mark.parametrize("name", BOMBS)
def test_s8_every_bomb_ends_soon_and_small(name: str, record_figure: RecordFigure) -> None:
    with Watched() as renderer:
        renderer.start()
        began, ended = time.monotonic(), ""
        try:
            renderer.render(BOMBS[name], ROW, "0:a")
        except NotRendered as refused:
            ended = refused.problem
        seconds, peak = time.monotonic() - began, renderer.peak_mb()
    record_figure("S8 bomb", bomb=name, seconds=round(seconds, 2), mb=round(peak, 1), ended=ended)
    assert seconds <= MOST_SECONDS
    assert peak <= MOST_MB


def test_s8_a_check_evaluates_nothing(record_figure: RecordFigure) -> None:
    began = time.process_time()
    refused = sum(1 for prompt in BOMBS.values() if parsed(prompt))
    seconds = time.process_time() - began
    record_figure("S8 parsing", bombs=len(BOMBS), refused=refused, seconds=round(seconds, 2))
    assert seconds < MOST_SECONDS * len(BOMBS) / 5


def test_s8_the_corpora_are_large_enough(record_figure: RecordFigure) -> None:
    record_figure("S8", escapes=len(set(ESCAPES)), bombs=len(BOMBS))
    assert len(set(ESCAPES)) >= 50
    assert len(BOMBS) >= 15


@pytest.mark.skipif(not IS_LINUX, reason="limits are read in Linux")
def test_s8_the_process_has_nothing_that_a_template_could_want() -> None:
    with Watched({"HOME": "/nowhere"}) as renderer:
        renderer.start()
        assert renderer._process is not None
        folder = Path(f"/proc/{renderer._process.pid}")
        limits = (folder / "limits").read_text()
        variables = (folder / "environ").read_bytes()
        open_files = len(list((folder / "fd").iterdir()))
    assert variables == b"HOME=/nowhere\x00"
    assert open_files == 3
    for limit, value in (("Max open files", 3), ("Max file size", 0), ("Max processes", 0)):
        assert limits.partition(limit)[2].split()[0] == str(value)

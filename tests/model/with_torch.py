"""What only the real library shows; `make model` runs it beside the rest."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model import tiny
from tests.model.conftest import Start
from tests.model.container import PROJECT, TINY, Container

SMALL = {"prompt": "a lighthouse", "width": 64, "height": 64, "steps": 2, "seed": 3}
DIMENSIONS = (256, 256)


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str]]]:
    """A place that a library may fetch from, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_the_dockerfile_has_no_finding() -> None:
    linter = PROJECT / ".venv-model" / "bin" / "hadolint"
    done = subprocess.run(
        [linter, PROJECT / "model" / "Dockerfile"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_nothing_is_fetched(start_container: Start, hub: tuple[str, list[str]]) -> None:
    address, asked = hub
    container = start_container(HF_ENDPOINT=address, HTTPS_PROXY=address, HTTP_PROXY=address)
    container.wait_for("ready")
    assert container.invoke(**SMALL).status == 200
    assert asked == []


def test_another_process_makes_the_same_bytes(container: Container, start_container: Start) -> None:
    other = start_container()
    other.wait_for("ready")
    assert other.invoke(**SMALL).body == container.invoke(**SMALL).body


def test_what_is_not_asked_for_is_told_as_the_pipeline_chose_it(container: Container) -> None:
    answer = container.invoke(prompt="a lighthouse", seed=3, steps=1)
    assert answer.picture.size == DIMENSIONS
    told = answer.parameters
    assert (told["width"], told["height"], told["guidance"]) == (*DIMENSIONS, 7.5)
    assert told["model"] == "StableDiffusionPipeline"


def test_what_a_pipeline_does_not_take_is_told_as_ignored(
    start_container: Start, tmp_path: Path
) -> None:
    tiny.make(tmp_path, "lcm")
    container = start_container(MODEL_DIR=str(tmp_path))
    container.wait_for("ready")
    told = container.invoke(**SMALL, negativePrompt="fog").parameters
    assert (told["model"], told["ignored"]) == (
        "LatentConsistencyModelPipeline",
        ["negativePrompt"],
    )
    assert "negativePrompt" not in told


def test_a_long_prompt_is_cut_without_a_word_of_it_in_the_log(start_container: Start) -> None:
    container = start_container()
    container.wait_for("ready")
    assert container.invoke(**{**SMALL, "prompt": "canary " * 300}).status == 200
    container.terminate()
    assert container.wait() == 0
    assert "canary" not in "".join(container.lines)


def test_a_folder_without_a_pipeline_ends_the_container(
    start_container: Start, tmp_path: Path
) -> None:
    container = start_container(MODEL_DIR=str(tmp_path))
    assert "model_index.json" in container.wait_for("not loaded")["reason"]
    assert container.wait() == 1


def test_weights_that_run_code_are_not_read(start_container: Start, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    subprocess.run(["cp", "-r", f"{TINY}/.", tmp_path], check=True)
    weights = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    torch.save(load_file(weights), weights.with_suffix(".bin"))
    weights.unlink()
    container = start_container(MODEL_DIR=str(tmp_path))
    container.wait_for("not loaded")
    assert container.wait() == 1

"""Bombs and polyglots end as a typed error, without their pixels ever being in memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.images.previews import draw
from chalicelib.images.sniff import BadImage, sniff
from tests.figures import RecordFigure
from tests.security.corpora.bombs import bombs, encoded

MOST_EXTRA_MB = 64
ROOT = Path(__file__).parents[2]
MEASURE = r"""
import json, re, sys
from pathlib import Path
from chalicelib.images.sniff import BadImage, sniff
from chalicelib.images.previews import draw

def peak():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

folder = Path(sys.argv[1])
for form in ("PNG", "JPEG", "WEBP", "GIF", "AVIF"):
    draw((folder / f"harmless.{form}").read_bytes())
before, typed, bombs = peak(), 0, sorted(folder.glob("*.bomb"))
for bomb in bombs:
    for look in (sniff, draw):
        try:
            look(bomb.read_bytes())
        except BadImage:
            typed += 1
print(json.dumps({"looks": 2 * len(bombs), "typed": typed, "extra_mb": round(peak() - before, 1)}))
"""
CORPUS = dict(bombs())


@pytest.mark.parametrize("name", CORPUS)
def test_every_bomb_is_a_typed_error(name: str) -> None:
    for look in (sniff, draw):
        with pytest.raises(BadImage) as caught:
            look(CORPUS[name])
        assert caught.value.reason


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read in Linux")
def test_no_bomb_takes_memory(tmp_path: Path, record_figure: RecordFigure) -> None:
    for number, data in enumerate(CORPUS.values()):
        (tmp_path / f"{number}.bomb").write_bytes(data)
    for form in ("PNG", "JPEG", "WEBP", "GIF", "AVIF"):
        (tmp_path / f"harmless.{form}").write_bytes(encoded(form, (256, 256)))
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    figures = json.loads(run.stdout)
    record_figure("S3", files=len(CORPUS), **figures)
    assert figures["typed"] == figures["looks"] == 2 * len(CORPUS)
    assert figures["extra_mb"] <= MOST_EXTRA_MB
    assert len(CORPUS) >= 30

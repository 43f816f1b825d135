"""The zips: small enough, complete, the same every time, and quick to start."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import boto3
import pytest

from chalicelib.config import PROVIDER_IDS
from deploy import package as packaging
from deploy.archive import UNZIPPED_LIMIT, ZIP_LIMIT, built_here, size
from deploy.package import package
from deploy.stage import PROJECT
from tests.figures import RecordFigure
from tests.template.conftest import Stack

RUNTIMES_OWN = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
"""What the Lambda runtime brings along."""
SETTINGS = {"STAGE": "dev", "TABLE_NAME": "t", "S3_BUCKET": "b", "AWS_DEFAULT_REGION": "us-east-1"}
GLIBC_MINOR = {11: 26, 12: 34, 13: 34, 14: 34}
"""2.x of the runtimes' C library: Amazon Linux 2 under Python 3.11, 2023 under the later ones."""
STARTS, EDITS = 5, 3
YARDSTICK, YARDSTICK_MS = "import boto3; boto3.session.Session().client('s3')", 250
"""The runtime's own part of a start, and what it takes on an idle core of 2026."""
PACKAGED_FROM = ("app.py", "requirements.txt", ".chalice", "chalicelib", "deploy")
NO_INSTALLATION_SECONDS = 10
"""Far less than fetching the libraries takes, on the busiest machine."""


def test_a_clean_checkout_has_no_folder_for_the_lock_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaging, "BUILD", tmp_path / "build")
    with packaging._alone():
        assert (tmp_path / "build" / "lock").exists()


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory, stacks: dict[str, Stack]) -> Path:
    """A directory as Lambda lays it out: task, opt, and the runtime's own packages."""
    root = tmp_path_factory.mktemp("lambda")
    artefact = stacks["dev"].artefact
    layers = (
        (artefact.layer, "opt"),
        (artefact.previews_layer, "previews"),
        (artefact.layer, "exports"),
        (artefact.exports_layer, "exports"),
    )
    for archive, name in ((artefact.code, "task"), *layers):
        with ZipFile(archive) as opened:
            opened.extractall(root / name)
    runtime = root / "runtime"
    runtime.mkdir()
    installed = Path(boto3.__file__).parents[1]
    for package_name in RUNTIMES_OWN:
        (runtime / package_name).symlink_to(installed / package_name)
    return root


def start(root: Path, statement: str, layer: str = "opt") -> float:
    """Milliseconds of a core that the statement takes in a fresh process with Lambda's paths only.

    Not of the clock, which also counts what else the machine does.
    """
    libraries = root / layer / "python" / "lib" / f"python3.{sys.version_info.minor}"
    paths = [root / "task", libraries / "site-packages", root / "runtime"]
    program = (
        f"import sys, time; sys.path[:0] = {[str(p) for p in paths]!r}; "
        f"began = time.process_time(); {statement}; "
        "print((time.process_time() - began) * 1000)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        env={**SETTINGS, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def best_start(root: Path, statement: str, layer: str = "opt") -> float:
    """Milliseconds on an idle core: a core that others slow is slow for the yardstick beside."""
    return min(
        start(root, statement, layer) / max(1.0, start(root, YARDSTICK) / YARDSTICK_MS)
        for _ in range(STARTS)
    )


def test_the_zips_are_within_lambdas_limits(stack: Stack, record_figure: RecordFigure) -> None:
    code, layer = size(stack.artefact.code), size(stack.artefact.layer)
    exports = size(stack.artefact.exports_layer)
    record_figure(
        f"package {stack.stage}",
        code_mb=round(code.zipped / 1e6, 2),
        layer_mb=round(layer.zipped / 1e6, 1),
        exports_layer_mb=round(exports.zipped / 1e6, 1),
        unzipped_mb=round((code.unzipped + layer.unzipped) / 1e6, 1),
        exports_unzipped_mb=round((code.unzipped + layer.unzipped + exports.unzipped) / 1e6, 1),
    )
    assert max(code.zipped, layer.zipped, exports.zipped) < ZIP_LIMIT
    assert code.unzipped + layer.unzipped + exports.unzipped < UNZIPPED_LIMIT


def test_the_code_has_no_tests_tools_or_libraries(stack: Stack) -> None:
    with ZipFile(stack.artefact.code) as opened:
        roots = {name.split("/")[0] for name in opened.namelist()}
    assert roots <= {"app.py", "__pycache__", "chalicelib", "chalice"}


def test_no_library_is_shipped_that_the_runtime_has(stack: Stack) -> None:
    with ZipFile(stack.artefact.layer) as opened:
        shipped = {name.split("/")[4] for name in opened.namelist() if name.count("/") > 4}
    assert not shipped & {"boto3", "botocore"}


def test_libraries_are_made_for_lambda_not_for_this_machine(stack: Stack) -> None:
    assert built_here(stack.artefact.layer) == []


def test_machine_code_fits_the_runtime_that_the_template_names(stack: Stack) -> None:
    """`manylinux` tags are promises; what a library asks the C library for is the fact."""
    runtimes = {f["Runtime"] for f in stack.of_type("AWS::Lambda::Function").values()}
    minor = sys.version_info.minor
    assert runtimes == {f"python3.{minor}"}
    libraries: dict[str, bytes] = {}
    artefact = stack.artefact
    for layer in (artefact.layer, artefact.previews_layer, artefact.exports_layer):
        with ZipFile(layer) as opened:
            libraries |= {n: opened.read(n) for n in opened.namelist() if ".so" in n}
    assert len(libraries) > 10
    for name, code in libraries.items():
        asked = [int(version) for version in re.findall(rb"GLIBC_2\.(\d+)", code)]
        assert max(asked, default=0) <= GLIBC_MINOR[minor], name
        assert set(re.findall(r"cpython-(\d+)", name)) <= {f"3{minor}"}, name


def test_a_library_built_here_is_noticed(tmp_path: Path) -> None:
    archive = tmp_path / "layer.zip"
    with ZipFile(archive, "w") as opened:
        opened.writestr("python/a-1.0.dist-info/WHEEL", "Tag: cp311-cp311-linux_x86_64\n")
        opened.writestr("python/b-1.0.dist-info/WHEEL", "Tag: cp311-abi3-manylinux_2_17_x86_64\n")
        opened.writestr("python/c-1.0.dist-info/WHEEL", "Tag: py3-none-any\n")
    assert built_here(archive) == ["a-1.0"]


def test_the_same_tree_gives_the_same_bytes(stacks: dict[str, Stack]) -> None:
    artefact = stacks["dev"].artefact
    files = (artefact.template, artefact.sam_template, artefact.code, artefact.layer)

    def digests() -> list[str]:
        package("dev")
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]

    assert digests() == digests()


def test_a_code_edit_packages_the_code_alone(
    tmp_path: Path, stacks: dict[str, Stack], record_figure: RecordFigure
) -> None:
    """In a copy of the project with what the last packaging left."""
    for name in (*PACKAGED_FROM, "build/layers", "build/templates"):
        source = PROJECT / name
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, tmp_path / name)
    times, codes = [], {hashlib.sha256(stacks["dev"].artefact.code.read_bytes()).hexdigest()}
    for edit in range(EDITS):
        with (tmp_path / "chalicelib" / "worker.py").open("a") as module:
            module.write(f"EDIT = {edit}\n")
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "deploy.package", "dev"], cwd=tmp_path, check=True)
        times.append(time.perf_counter() - began)
        built = tmp_path / "build" / "dev"
        codes.add(hashlib.sha256((built / "deployment.zip").read_bytes()).hexdigest())
        assert (built / "layer.zip").read_bytes() == stacks["dev"].artefact.layer.read_bytes()
    record_figure("package after a code edit", seconds=round(min(times), 2))
    assert len(codes) == EDITS + 1
    assert min(times) < NO_INSTALLATION_SECONDS


@pytest.mark.parametrize(
    ("entry", "statement", "bar"),
    [
        ("API", "import app; from chalicelib.wiring import services; services()", 700),
        (
            "worker",
            "import app; from chalicelib.wiring import services; services().jobs.executor",
            900,
        ),
    ],
)
def test_a_cold_start_imports_quickly(
    unpacked: Path, record_figure: RecordFigure, entry: str, statement: str, bar: int
) -> None:
    """Nothing but the zips and the runtime's packages, so a missing library shows as well."""
    best = best_start(unpacked, statement)
    record_figure(f"P8 {entry}", milliseconds=round(best))
    assert best <= bar


def test_every_provider_is_complete_in_the_zips(unpacked: Path) -> None:
    adapters = (f"chalicelib.providers.adapters.{provider}.adapter" for provider in PROVIDER_IDS)
    imports = "; ".join(f"import {adapter}" for adapter in adapters)
    assert start(unpacked, imports) > 0


def test_templates_can_be_rendered_with_what_is_shipped(unpacked: Path) -> None:
    """The process that renders finds its libraries and its own code in the zips alone."""
    rendered = start(
        unpacked,
        "from chalicelib.batches.templates.renderer import Renderer; "
        "from chalicelib.batches.templates.samples import samples; "
        "from chalicelib.batches.templates.trial import try_rows; "
        "renderer = Renderer(); "
        "tried = [try_rows(s.version.template, s.rows, renderer) for s in samples().values()]; "
        "renderer.__exit__(None, None, None); "
        "assert all(each.rendered and not each.problems for each in tried)",
    )
    assert rendered > 0


def test_parquet_can_be_written_with_what_is_shipped_to_the_exports_alone(unpacked: Path) -> None:
    written = start(
        unpacked,
        "import app; from chalicelib.batches.exports.columns import Column; "
        "from chalicelib.batches.exports.parquet import packed; "
        "data = packed(b'{\"row\":1}', (Column('row', 'whole'),)); "
        "assert data[:4] == data[-4:] == b'PAR1'",
        "exports",
    )
    assert written > 0
    assert "duckdb" not in {path.name for path in (unpacked / "opt").rglob("site-packages/*")}


def test_pictures_can_be_made_small_with_what_is_shipped(unpacked: Path) -> None:
    drawn = start(
        unpacked,
        "import io; from PIL import Image; from chalicelib.images.previews import draw; "
        "data = io.BytesIO(); Image.new('RGB', (64, 64)).save(data, 'PNG'); "
        "assert draw(data.getvalue()).thumbnail[8:12] == b'WEBP'",
        "previews",
    )
    assert drawn > 0


def test_the_previews_start_with_their_own_layer_alone(
    unpacked: Path, record_figure: RecordFigure
) -> None:
    """Everything that the entry needs is there, and nothing of the providers' SDKs."""
    statement = (
        "from chalicelib.previews import handler; from chalicelib.wiring import services; "
        "services().jobs.previewing; from PIL import Image, ImageCms, WebPImagePlugin"
    )
    best = best_start(unpacked, statement, "previews")
    record_figure("P8 previews", milliseconds=round(best))
    assert best <= 700
    libraries = {path.name for path in (unpacked / "previews").rglob("site-packages/*")}
    assert not libraries & {"openai", "google", "requests", "certifi"}
    assert "PIL" not in {path.name for path in (unpacked / "opt").rglob("site-packages/*")}

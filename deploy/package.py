"""Makes the artefact of one stage: `python -m deploy.package STAGE`."""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.archive import (
    UNZIPPED_LIMIT,
    ZIP_LIMIT,
    Chosen,
    built_here,
    compile_archive,
    only,
    size,
    without,
)
from deploy.stage import BUILD, CHALICE_DIR, PROJECT, STAGES, Artefact, StageName
from deploy.template import Template, finish

CODE_MOUNT, LAYER_MOUNT = "/var/task", "/opt"
LAYER_CACHE = BUILD / "layers"
TEMPLATE_CACHE = BUILD / "templates"
TEMPLATE_REGION = "us-east-1"
"""Chalice and SAM insist on a region; the template itself names none."""
MEGABYTE = 1_000_000
DRAWING = ("PIL", "pillow", "pillow.libs")
"""What only the previews need."""
TABLES = ("_duckdb", "_duckdb-stubs", "adbc_driver_duckdb", "duckdb")
"""What only the exports need, beside what all functions have."""
TELLING = ("annotated_types", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection")
"""What they need beside it, to read a job and tell it."""


class PackagingError(Exception):
    """One sentence about why there is no artefact."""


def package(stage: StageName, directory: Path | None = None) -> Artefact:
    """Writes `build/<stage>/`, or another directory; raises PackagingError."""
    artefact = Artefact(directory, directory / "template.json") if directory else Artefact.of(stage)
    artefact.directory.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("AWS_DEFAULT_REGION", TEMPLATE_REGION)
    with _alone(), TemporaryDirectory() as scratch, ThreadPoolExecutor(1) as beside:
        _run_chalice(stage, Path(scratch))
        code = Path(scratch, "deployment.zip")
        compiled = beside.submit(compile_archive, code, artefact.code, CODE_MOUNT)
        libraries = Path(scratch, "layer-deployment.zip")
        shutil.copyfile(_layer(libraries, without(DRAWING, TABLES)), artefact.layer)
        shutil.copyfile(_layer(libraries, only(TABLES)), artefact.exports_layer)
        shutil.copyfile(_layer(libraries, only(DRAWING, TELLING)), artefact.previews_layer)
        sam = finish(json.loads(Path(scratch, "sam.json").read_text()), stage, CHALICE_DIR)
        artefact.sam_template.write_text(json.dumps(sam, indent=1))
        shutil.copyfile(_plain(sam), artefact.template)
        compiled.result()
    return artefact


def report(artefact: Artefact) -> str:
    """The sizes beside Lambda's limits; raises PackagingError when one is passed."""
    lines, unzipped = [], {}
    for archive in artefact.archives:
        measured = size(archive)
        unzipped[archive] = measured.unzipped
        if measured.zipped > ZIP_LIMIT:
            raise PackagingError(f"{archive.name} is larger than Lambda's limit of 50 MB.")
        lines.append(f"{archive.relative_to(PROJECT)}: {measured.zipped / MEGABYTE:.1f} of 50 MB")
    for layers in artefact.layered:
        whole = unzipped[artefact.code] + sum(unzipped[layer] for layer in layers)
        named = " and ".join(layer.name for layer in layers)
        if whole > UNZIPPED_LIMIT:
            raise PackagingError(f"The code with {named} passes Lambda's 250 MB unzipped.")
        lines.append(f"unzipped with {named}: {whole / MEGABYTE:.1f} of 250 MB")
    lines.append(f"{artefact.template.relative_to(PROJECT)}: {_kilobytes(artefact.template)} KB")
    return "\n".join(lines)


@contextmanager
def _alone() -> Iterator[None]:
    """Chalice and the layer's cache keep files that two runs at once would write over."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_chalice(stage: StageName, target: Path) -> None:
    merge = CHALICE_DIR / "resources.json"
    chalice = Path(sys.executable).with_name("chalice")
    done = subprocess.run(
        [chalice, "package", "--stage", stage, "--merge-template", merge, target],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PackagingError(f"Chalice could not package the app: {done.stderr.strip()}")


def _layer(raw: Path, chosen: Chosen) -> Path:
    """The chosen libraries compiled; once, since they change far more rarely than the code.

    Chalice builds a library on this machine when no wheel fits Lambda's; such a one may need
    system libraries that are not there, and fail only when it is used.
    """
    strangers = built_here(raw)
    if strangers:
        raise PackagingError(
            f"{', '.join(strangers)} has no wheel for Lambda's runtime and was built here; pin a "
            "version in requirements.txt that has one."
        )
    digest = hashlib.sha256(raw.read_bytes() + repr(chosen).encode()).hexdigest()[:16]
    compiled = LAYER_CACHE / f"{digest}.zip"
    if not compiled.exists():
        compile_archive(raw, compiled, LAYER_MOUNT, chosen)
    return compiled


def _plain(sam: Template) -> Path:
    """The template without SAM; once, since an edit of the code leaves it as it is.

    The transform takes as long as all the rest, most of it to load.
    """
    known = json.dumps([version("aws-sam-translator"), sam], sort_keys=True)
    plain = TEMPLATE_CACHE / f"{hashlib.sha256(known.encode()).hexdigest()[:16]}.json"
    if not plain.exists():
        from deploy.sam import to_cloudformation

        text = json.dumps(to_cloudformation(sam), indent=1)
        TEMPLATE_CACHE.mkdir(exist_ok=True)
        plain.with_suffix(".part").write_text(text)
        plain.with_suffix(".part").rename(plain)
    return plain


def _kilobytes(path: Path) -> int:
    return path.stat().st_size // 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=STAGES)
    try:
        sys.stdout.write(report(package(parser.parse_args().stage)) + "\n")
    except PackagingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A deployment's whole life by the steps of a real one: made, changed, restarted, removed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from deploy.__main__ import COSTS, run
from deploy.aws import Aws
from deploy.emulator import gaps, product
from deploy.emulator.product import awaited, opened, simulated_models
from deploy.emulator.server import REGION, Emulator, running_emulator
from deploy.package import package
from deploy.release import UNCHANGED
from deploy.site import KEPT_FOR, Site
from deploy.smoke import Smoke
from deploy.stack import StackError
from deploy.stage import PROJECT, Artefact, StageName, stack_name
from devstack.simulators import running_simulators
from tests.e2e.engines import PACE, Stack, running_stack
from tests.e2e.guest import Guest


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that the test may change and remove."""
    with running_stack(tmp_path_factory.mktemp("own")) as deployed:
        yield deployed


def copied(artefact: Artefact, directory: Path) -> Artefact:
    shutil.copytree(artefact.directory, directory, dirs_exist_ok=True)
    return Artefact(directory, directory / "template.json")


def silent(_: str) -> None:
    """Nobody reads along."""


def test_a_deployment_lives_through_change_failure_restart_and_removal(
    own: Stack, tmp_path: Path
) -> None:
    job = _tried_and_used(own)
    _a_preview_changes_nothing(own)
    _what_is_stale_is_removed(own)
    _update_keeps_what_is_there(own, tmp_path, job)
    _a_failure_is_rolled_back_and_explained(own, tmp_path)
    _a_restart_loses_nothing(own, job)
    _removal_asks_first(own)
    _without_models_nothing_is_deployed(own)
    _nothing_is_left(own)


def _tried_and_used(own: Stack) -> dict[str, object]:
    with opened(own.emulator, own.outputs) as url:
        assert len(Smoke(url, product.STAGE, own.outputs["Url"]).test()) == 2
        guest = Guest(url)
        return guest.wait(guest.generate("kept", models=[1])["jobId"], 60)


def _a_preview_changes_nothing(own: Stack) -> None:
    stacks = own.client("cloudformation")
    before = stacks.describe_stacks()["Stacks"]
    environ = {**own.packaged.environ, "GLOBAL_LIMIT": "999"}
    text = product.preview(own.emulator, replace(own.packaged, environ=environ))
    assert "would be updated" in text
    assert "Modify  AWS::Lambda::Function APIHandler" in text
    assert stacks.describe_stacks()["Stacks"] == before


def _update_keeps_what_is_there(own: Stack, tmp_path: Path, job: dict[str, object]) -> None:
    functions, name = own.client("lambda"), own.physical("Worker")
    before = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    page = shutil.copytree(own.packaged.page, tmp_path / "page")
    (page / "index.html").write_text((page / "index.html").read_text() + "<!-- second -->")
    artefact = copied(own.packaged.artefact, tmp_path / "second")
    with ZipFile(artefact.code, "a") as archive:
        archive.writestr("chalicelib/second.txt", "changed")
    outputs = product.deploy(
        own.emulator, replace(own.packaged, artefact=artefact, page=page), silent
    )
    assert functions.get_function_configuration(FunctionName=name)["CodeSha256"] != before
    assert outputs["DistributionId"] == own.outputs["DistributionId"]
    with opened(own.emulator, outputs) as url:
        guest = Guest(url)
        assert guest.page("/").text.endswith("<!-- second -->")
        assert guest.status(str(job["jobId"])) == job
    kept = own.client("s3").list_objects_v2(Bucket=outputs["BucketName"], Prefix="site/")
    versions = {entry["Key"].split("/")[1] for entry in kept["Contents"]}
    assert versions == {own.outputs["SiteVersion"], outputs["SiteVersion"]}


def _what_is_stale_is_removed(own: Stack) -> None:
    """Old pages at once; what they load only when no open browser can need it any more."""
    bucket, objects, now = own.outputs["BucketName"], own.client("s3"), datetime.now(UTC)
    old = {"assets/old.js", "site/old/index.html"}
    for key in old:
        objects.put_object(Bucket=bucket, Key=key, Body=b"old")
    site = Site(Aws(REGION, own.emulator.credentials), bucket)
    kept = frozenset({own.outputs["SiteVersion"]})

    def keys() -> set[str]:
        listed = objects.list_objects_v2(Bucket=bucket)["Contents"]
        return {entry["Key"] for entry in listed}

    site.remove_stale(own.packaged.page, kept, now)
    assert keys() & old == {"assets/old.js"}
    site.remove_stale(own.packaged.page, kept, now + 2 * KEPT_FOR)
    needed = {f"assets/{path.name}" for path in (own.packaged.page / "assets").iterdir()}
    assert {key for key in keys() if key.startswith("assets/")} == needed
    assert f"site/{own.outputs['SiteVersion']}/index.html" in keys()


def _a_failure_is_rolled_back_and_explained(own: Stack, tmp_path: Path) -> None:
    broken = copied(own.packaged.artefact, tmp_path / "broken")
    template = json.loads(broken.template.read_text())
    worker = template["Resources"]["Worker"]["Properties"]
    worker["Role"] = "arn:aws:iam::000000000000:role/nobody"
    worker["Code"] = {"S3Bucket": "no-such-bucket", "S3Key": "no-such-key"}
    broken.template.write_text(json.dumps(template))
    with pytest.raises(StackError, match=r"rolled back(.|\n)*Worker"):
        product.deploy(own.emulator, replace(own.packaged, artefact=broken), silent)
    with opened(own.emulator, own.outputs) as url:
        assert Guest(url).call("GET", "/health").status_code == 200


def _a_restart_loses_nothing(own: Stack, job: dict[str, object]) -> None:
    own.emulator.stop()
    own.emulator.start()
    with opened(own.emulator, own.outputs) as url:
        guest = Guest(url)
        assert guest.status(str(job["jobId"])) == job
        assert guest.image(job["results"][0]["imageUrl"]).status_code == 200  # type: ignore[index]


def command(own: Stack, name: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`make deploy` or `make destroy` with the emulator's credentials and nobody's `.env`."""
    return subprocess.run(
        [sys.executable, "-m", "deploy", name, product.STAGE],
        cwd=PROJECT,
        env={**own.emulator.credentials, "ENV_FILE": os.devnull, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _removal_asks_first(own: Stack) -> None:
    assert "Nothing was removed." in command(own, "destroy", CONFIRM="something else").stdout
    assert len(own.client("cloudformation").describe_stacks()["Stacks"]) == 1
    removed = command(own, "destroy", CONFIRM=stack_name(product.STAGE))
    assert (removed.returncode, removed.stderr) == (0, "")


def _without_models_nothing_is_deployed(own: Stack) -> None:
    refused = command(own, "deploy")
    assert refused.returncode == 1
    assert "No model is configured: set MODEL_COUNT" in refused.stderr


def _nothing_is_left(own: Stack) -> None:
    assert own.client("cloudformation").describe_stacks()["Stacks"] == []
    assert own.client("s3").list_buckets()["Buckets"] == []
    assert own.client("dynamodb").list_tables()["TableNames"] == []
    assert own.client("lambda").list_functions()["Functions"] == []
    assert own.client("lambda").list_layers()["Layers"] == []
    assert own.client("secretsmanager").list_secrets()["SecretList"] == []
    assert own.client("sqs").list_queues().get("QueueUrls", []) == []
    assert own.client("iam").list_roles()["Roles"] == []


@dataclass(frozen=True)
class Person:
    """Somebody at a terminal, whose account is an emulator where nothing has been deployed."""

    emulator: Emulator
    environ: dict[str, str]
    url: str
    terminal: pytest.CaptureFixture[str]

    def deploy(self, packaging: Packaging | None = None, **environ: str) -> Said:
        """`python -m deploy deploy dev`; only the packaged template is not AWS's own."""
        status = run(
            ["deploy", product.STAGE], {**self.environ, **environ}, packaging or self.packaged
        )
        printed = self.terminal.readouterr()
        return Said(status, printed.out.splitlines(), printed.err)

    def packaged(self, stage: StageName) -> Artefact:
        return gaps.adapt(package(stage), self.emulator.endpoint, self.url)

    def account(self) -> dict[str, object]:
        """What a deployment leaves anywhere; the stack with its id and state."""
        client = self.emulator.client
        stacks = client("cloudformation").describe_stacks()["Stacks"]
        secrets = client("secretsmanager").list_secrets()["SecretList"]
        return {
            "stacks": [(stack["StackId"], stack["StackStatus"]) for stack in stacks],
            "buckets": [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]],
            "secrets": [secret["Name"] for secret in secrets],
            "functions": client("lambda").list_functions()["Functions"],
            "layers": client("lambda").list_layers()["Layers"],
            "tables": client("dynamodb").list_tables()["TableNames"],
            "roles": client("iam").list_roles()["Roles"],
        }

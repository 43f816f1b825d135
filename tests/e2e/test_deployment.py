"""A deployment's whole life by the steps of a real one: made, changed, restarted, removed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from deploy.__main__ import COSTS, OPEN, Packaging, run
from deploy.aws import Aws
from deploy.emulator import gaps, product
from deploy.emulator.product import awaited, opened, simulated_models
from deploy.emulator.server import REGION, Emulator, running_emulator
from deploy.models_secret import ModelsSecret
from deploy.package import package
from deploy.release import UNCHANGED
from deploy.site import KEPT_FOR, Site
from deploy.smoke import Smoke
from deploy.stack import StackError
from deploy.stage import PROJECT, Artefact, StageName, stack_name
from devstack.simulators import running_simulators
from tests.e2e.engines import PACE, Stack, running_stack
from tests.e2e.guest import Guest

STACK = stack_name(product.STAGE)
CHEAPEST = "FLUX.2 pro"


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
        return guest.wait_drawn(guest.generate("kept", models=[1])["jobId"], 60)


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


def test_models_that_were_removed_with_a_kept_stage_come_back_with_it(tmp_path: Path) -> None:
    """Until the secret is gone for good its name is taken, and nothing can be done under it."""
    with running_emulator(tmp_path) as emulator:
        secret = ModelsSecret(Aws(REGION, emulator.credentials), stack_name("prod"))
        secret.restore()
        kept = secret.keep("[]")
        for _ in range(2):
            secret.remove(recoverable=True)
            assert secret.version() is None
        secret.restore()
        assert secret.version() == kept
        assert secret.keep("[1]") != kept


@dataclass(frozen=True)
class Said:
    """How the command ended and what it printed."""

    status: int
    lines: list[str]
    errors: str


@dataclass(frozen=True)
class Person:
    """Somebody at a terminal; the account is an emulator where nothing has been deployed."""

    emulator: Emulator
    environ: dict[str, str]
    url: str
    terminal: pytest.CaptureFixture[str]

    def deploy(self, packaging: Packaging | None = None, **environ: str) -> Said:
        """All of `python -m deploy deploy dev`; the emulator's gaps are closed in its artefact."""
        settings = {**self.environ, **environ}
        status = run(["deploy", product.STAGE], settings, packaging or self.packaged)
        printed = self.terminal.readouterr()
        return Said(status, printed.out.splitlines(), printed.err)

    def packaged(self, stage: StageName) -> Artefact:
        return gaps.adapt(package(stage), self.emulator.endpoint, self.url)

    def account(self) -> dict[str, list[str]]:
        """What deployments left: the stack's id and state, and the names of all else.

        A picture of the product, whose previews may still come, is not theirs.
        """
        client = self.emulator.client
        stacks = client("cloudformation").describe_stacks()["Stacks"]
        buckets = client("s3").list_buckets()["Buckets"]
        secrets = client("secretsmanager").list_secrets()["SecretList"]
        functions = client("lambda").list_functions()["Functions"]
        return {
            "stacks": [f"{stack['StackStatus']} {stack['StackId']}" for stack in stacks],
            "objects": [key for bucket in buckets for key in self._keys(bucket["Name"])],
            "secrets": [secret["ARN"] for secret in secrets],
            "functions": [function["FunctionName"] for function in functions],
            "roles": [role["RoleName"] for role in client("iam").list_roles()["Roles"]],
            "tables": client("dynamodb").list_tables()["TableNames"],
        }

    def _keys(self, bucket: str) -> list[str]:
        listed = self.emulator.client("s3").list_objects_v2(Bucket=bucket).get("Contents", ())
        keys = [entry["Key"] for entry in listed]
        return [f"{bucket}/{key}" for key in keys if not key.startswith("group-images/")]


@pytest.fixture
def person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Person]:
    with running_simulators(PACE) as simulators, running_emulator(tmp_path) as emulator:
        environ = {**emulator.credentials, **simulated_models(simulators.base_urls)}
        with awaited(emulator) as url:
            yield Person(emulator, environ, url, capsys)


def test_the_command_explains_a_failed_beginning_and_then_goes_all_the_way(person: Person) -> None:
    _what_cloudformation_refuses_is_said(person)
    _a_failed_creation_is_rolled_back_and_explained(person)
    _a_dry_run_leaves_a_stack_that_never_worked(person)
    _the_next_deployment_ends_with_the_address(person)
    _a_dry_run_says_when_nothing_would_change(person)
    _a_dry_run_says_that_a_changed_key_would_be_stored(person)


def _what_cloudformation_refuses_is_said(person: Person) -> None:
    """Such a template makes no stack, so there are no events that could tell why."""

    def misspelt(stage: StageName) -> Artefact:
        artefact = person.packaged(stage)
        text = artefact.template.read_text()
        artefact.template.write_text(text.replace("AWS::DynamoDB::Table", "AWS::DynamoDB::Tabel"))
        return artefact

    said = person.deploy(misspelt)
    assert said.status == 1
    assert said.errors.endswith("Unrecognized resource types: [AWS::DynamoDB::Tabel]\n")
    assert person.account()["stacks"] == []


def _a_failed_creation_is_rolled_back_and_explained(person: Person) -> None:
    """The name is taken, as when the stage is in another region: CloudFront's names are global."""
    cloudfront, name = person.emulator.client("cloudfront"), f"{STACK}-page-routes"
    taken = cloudfront.create_function(
        Name=name,
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        FunctionCode=b"function handler(event) { return event.request; }",
    )
    said = person.deploy()
    assert said.status == 1
    assert said.errors == (
        f"The deployment of {STACK} failed and was rolled back (ROLLBACK_COMPLETE): "
        f"PageRoutes: AWS::CloudFront::Function: {name} already exists\n"
    )
    left = person.account()
    assert [left[kind] for kind in ("functions", "roles", "tables")] == [[], [], []]
    cloudfront.delete_function(Name=name, IfMatch=taken["ETag"])


def _a_dry_run_leaves_a_stack_that_never_worked(person: Person) -> None:
    before = person.account()
    said = person.deploy(DRY="1")
    assert (said.status, said.errors) == (0, "")
    assert said.lines[-1] == (
        f"Stack {STACK} never worked (ROLLBACK_COMPLETE); it would be made anew."
    )
    assert person.account() == before


def _the_next_deployment_ends_with_the_address(person: Person) -> None:
    (failed,) = person.account()["stacks"]
    said = person.deploy()
    assert (said.status, said.errors) == (0, "")
    assert said.lines[0] == "Account 000000000000, region us-east-1, stage dev"
    assert re.fullmatch(r"build/dev/deployment\.zip: \d\.\d of 50 MB", said.lines[1])
    begun = said.lines.index("Storing the models' keys …")
    assert said.lines[begun:] == [
        "Storing the models' keys …",
        "Uploading the functions …",
        f"Creating stack {STACK} …",
        "Uploading the page …",
        "Renewing the page at the CDN …",
        "Trying it …",
        "  page, health and models answer",
        f"  {CHEAPEST} drew a picture, told over the socket",
        COSTS,
        OPEN,
        f"Pixel Prompt is at {person.url}",
    ]
    (made,) = person.account()["stacks"]
    assert made.startswith("CREATE_COMPLETE")
    assert made.split()[1] != failed.split()[1]


def _a_dry_run_says_when_nothing_would_change(person: Person) -> None:
    before = person.account()
    said = person.deploy(DRY="1")
    assert (said.status, said.lines[-1]) == (0, UNCHANGED)
    assert person.account() == before


def _a_dry_run_says_that_a_changed_key_would_be_stored(person: Person) -> None:
    before = person.account()
    said = person.deploy(DRY="1", MODEL_1_KEY="another-key-of-the-first-model")
    assert (said.status, said.errors) == (0, "")
    assert f"  Secret {STACK}/models would get the models and keys of .env" in said.lines
    assert UNCHANGED not in said.lines
    assert "another-key" not in "\n".join(said.lines)
    assert person.account() == before

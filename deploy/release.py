"""Putting an artefact and a page on AWS, and taking them off: the steps in their order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy.artefacts import ArtefactBucket
from deploy.aws import Aws
from deploy.inputs import Inputs
from deploy.models_secret import ModelsSecret
from deploy.site import Site, version_of
from deploy.stack import NEVER_CREATED, Change, Stack, StackError
from deploy.stage import KEPT_STAGE, Artefact, StageName, stack_name

Tell = Callable[[str], None]
UNCHANGED = "As it is; nothing would change."


@dataclass(frozen=True)
class Release:
    """One artefact, one page and their settings on the way to one account."""

    aws: Aws
    account: str
    stage: StageName
    artefact: Artefact
    page: Path
    inputs: Inputs
    tell: Tell

    @property
    def stack(self) -> Stack:
        return Stack(self.aws, stack_name(self.stage))

    @property
    def secret(self) -> ModelsSecret:
        return ModelsSecret(self.aws, self.stack.name)

    @property
    def artefacts(self) -> ArtefactBucket:
        return ArtefactBucket.of(self.aws, self.account)

    def perform(self) -> dict[str, str]:
        """Everything up to the page that the CDN serves; returns the stack's outputs.

        The page is there before the CDN points at it; on the first deployment there is no
        bucket before there is a stack.
        """
        present = self.stack.make_ready()
        self.tell("Storing the models' keys …")
        models = self._keep_models()
        before = self.stack.outputs() if present else {}
        version = version_of(self.page)
        if before:
            self._upload_page(before["BucketName"], version)
        self.tell("Uploading the functions …")
        change = self._change(models, version)
        self.tell(f"{'Updating' if present else 'Creating'} stack {self.stack.name} …")
        self.stack.apply(change)
        outputs = self.stack.outputs()
        if not before:
            self._upload_page(outputs["BucketName"], version)
        self._renew_page(outputs, frozenset({version, before.get("SiteVersion", "")}))
        return outputs

    def preview(self) -> str:
        """Return what `perform` would change: the models' secret, then the stack."""
        status = self.stack.status()
        if status in NEVER_CREATED:
            return f"Stack {self.stack.name} never worked ({status}); it would be made anew."
        renewed = self._renews_secret()
        models = None if renewed else self.secret.version()
        lines = self.stack.preview(self._change(models or "new", version_of(self.page)))
        if renewed:
            lines = [f"  Secret {self.secret.name} would get the models and keys of .env", *lines]
        heading = f"Stack {self.stack.name} would be {'updated' if status else 'created'}:"
        return "\n".join([heading, *lines]) if lines else UNCHANGED

    def _renews_secret(self) -> bool:
        models = self.inputs.models
        return models is not None and not self.secret.holds(models)

    def _keep_models(self) -> str:
        self.secret.restore()
        if self.inputs.models is not None:
            return self.secret.keep(self.inputs.models)
        version = self.secret.version()
        if version is None:
            raise StackError(
                "No model is configured: set MODEL_COUNT, MODEL_1_NAME and MODEL_1_KEY in .env. "
                f"They will be kept in the secret {self.secret.name}."
            )
        return version

    def _change(self, models_version: str, site_version: str) -> Change:
        self.artefacts.ensure()
        decided = {
            "Stage": self.stage,
            "ArtifactBucket": self.artefacts.name,
            "CodeKey": self.artefacts.upload(self.artefact.code, self.stage),
            "LayerKey": self.artefacts.upload(self.artefact.layer, self.stage),
            "ExportsLayerKey": self.artefacts.upload(self.artefact.exports_layer, self.stage),
            "PreviewsLayerKey": self.artefacts.upload(self.artefact.previews_layer, self.stage),
            "SiteVersion": site_version,
            "ModelsVersion": models_version,
        }
        return Change(
            template=self.artefact.template,
            parameters={**self.inputs.parameters, **decided},
            bucket=self.artefacts.name,
            prefix=self.stage,
            tags={"application": "pixel-prompt", "stage": self.stage},
        )

    def _upload_page(self, bucket: str, version: str) -> None:
        self.tell("Uploading the page …")
        Site(self.aws, bucket).upload(self.page, version)

    def _renew_page(self, outputs: dict[str, str], kept: frozenset[str]) -> None:
        self.tell("Renewing the page at the CDN …")
        site = Site(self.aws, outputs["BucketName"])
        site.remove_stale(self.page, kept, datetime.now(UTC))
        site.refresh(outputs["DistributionId"])


@dataclass(frozen=True)
class Removal:
    """Everything of one stage off one account; the kept stage's table and images stay."""

    aws: Aws
    account: str
    stage: StageName
    tell: Tell

    def perform(self) -> None:
        stack = Stack(self.aws, stack_name(self.stage))
        bucket = stack.outputs().get("BucketName")
        if bucket and self.stage != KEPT_STAGE:
            self.tell("Emptying the bucket …")
            self.aws.run("s3", "rm", "--recursive", "--only-show-errors", f"s3://{bucket}")
        if stack.status():
            self.tell(f"Deleting stack {stack.name}; the CDN takes some minutes …")
            stack.delete()
        ModelsSecret(self.aws, stack.name).remove(recoverable=self.stage == KEPT_STAGE)
        ArtefactBucket.of(self.aws, self.account).remove(self.stage)

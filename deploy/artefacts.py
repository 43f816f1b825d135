"""Where CloudFormation finds the zips: a private bucket per account and region."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from deploy.aws import Aws, AwsError

BLOCK_PUBLIC = (
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
)


@dataclass(frozen=True)
class ArtefactBucket:
    """Holds every stage's zips under the stage's name."""

    aws: Aws
    name: str

    @classmethod
    def of(cls, aws: Aws, account: str) -> "ArtefactBucket":
        return cls(aws, f"pixel-prompt-artefacts-{account}-{aws.region}")

    def ensure(self) -> None:
        """Makes the bucket unless it is there."""
        if self.exists():
            return
        self.aws.run("s3", "mb", f"s3://{self.name}")
        self.aws.run(
            *("s3api", "put-public-access-block", "--bucket", self.name),
            *("--public-access-block-configuration", BLOCK_PUBLIC),
        )

    def exists(self) -> bool:
        try:
            self.aws.run("s3api", "head-bucket", "--bucket", self.name)
        except AwsError as error:
            if error.code in ("404", "NoSuchBucket"):
                return False
            raise
        return True

    def upload(self, archive: Path, stage: str) -> str:
        """The archive's key, which its content gives it: what is there already stays."""
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()[:20]
        key = f"{stage}/{archive.stem}-{digest}.zip"
        if key not in self._keys(stage):
            self.aws.run("s3", "cp", "--only-show-errors", str(archive), f"s3://{self.name}/{key}")
        return key

    def remove(self, stage: str) -> None:
        """Takes a stage's zips away, and the bucket with the last of them."""
        if not self.exists():
            return
        self.aws.run("s3", "rm", "--recursive", "--only-show-errors", f"s3://{self.name}/{stage}/")
        if not self._keys(""):
            self.aws.run("s3", "rb", f"s3://{self.name}")

    def _keys(self, stage: str) -> list[str]:
        printed = self.aws.run(
            *("s3api", "list-objects-v2", "--bucket", self.name, "--prefix", stage),
            *("--query", "Contents[].Key", "--output", "json"),
        )
        return json.loads(printed) or [] if printed.strip() else []

"""The stages of the product and where each one's artefact lies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

StageName = Literal["dev", "staging", "prod"]
STAGES: tuple[StageName, ...] = get_args(StageName)
PROJECT = Path(__file__).resolve().parent.parent
CHALICE_DIR = PROJECT / ".chalice"
BUILD = PROJECT / "build"


KEPT_STAGE: StageName = "prod"
"""The stage whose table and images outlive its stack."""


@dataclass(frozen=True)
class Artefact:
    """What `make package` leaves of one stage: plain CloudFormation and four zips."""

    directory: Path
    template: Path

    @classmethod
    def of(cls, stage: StageName) -> "Artefact":
        return cls(BUILD / stage, BUILD / stage / "template.json")

    @property
    def sam_template(self) -> Path:
        """The same before the SAM transform; only the checks read it."""
        return self.directory / "sam.json"

    @property
    def code(self) -> Path:
        return self.directory / "deployment.zip"

    @property
    def layer(self) -> Path:
        """The libraries of all functions but the previews."""
        return self.directory / "layer.zip"

    @property
    def previews_layer(self) -> Path:
        """The libraries of the previews: what draws, and what reads and tells a job."""
        return self.directory / "previews-layer.zip"

    @property
    def exports_layer(self) -> Path:
        """What the exports need beside the libraries of all: it writes Parquet."""
        return self.directory / "exports-layer.zip"

    @property
    def archives(self) -> tuple[Path, ...]:
        return (self.code, self.layer, self.previews_layer, self.exports_layer)

    @property
    def layered(self) -> tuple[tuple[Path, ...], ...]:
        """The layers that functions have, beside the code."""
        return ((self.layer,), (self.previews_layer,), (self.layer, self.exports_layer))


def stack_name(stage: StageName) -> str:
    return f"pixel-prompt-{stage}"

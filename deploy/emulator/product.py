"""The packaged product, deployed to an emulator by the steps of a real deployment."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.config import AWS_CREDENTIALS, OWN_MODEL
from deploy import inputs
from deploy.aws import Aws
from deploy.emulator import gaps
from deploy.emulator.door import open_door
from deploy.emulator.server import ACCOUNT, REGION, Emulator
from deploy.release import Release, Removal, Tell
from deploy.stage import Artefact, StageName, stack_name
from devstack.default_slots import DEFAULT_SLOTS, OWN_SETTINGS, PROMPT_SLOT, DefaultSlot

STAGE: StageName = "dev"


@dataclass(frozen=True)
class Packaged:
    """One artefact and one page with the models to be configured.

    With `url` the page is opened there, and not at the CDN's own name.
    """

    artefact: Artefact
    page: Path
    environ: Mapping[str, str]
    url: str | None = None


def deploy(emulator: Emulator, packaged: Packaged, tell: Tell) -> dict[str, str]:
    """Creates or updates the stack; returns its outputs."""
    outputs = _release(emulator, packaged, tell).perform()
    gaps.mend(emulator.session, emulator.endpoint, stack_name(STAGE), packaged.artefact)
    return outputs


def preview(emulator: Emulator, packaged: Packaged) -> str:
    """What `deploy` would change."""
    return _release(emulator, packaged, lambda _: None).preview()


def _release(emulator: Emulator, packaged: Packaged, tell: Tell) -> Release:
    template = json.loads(packaged.artefact.template.read_text())
    return Release(
        aws=Aws(REGION, emulator.credentials),
        account=ACCOUNT,
        stage=STAGE,
        artefact=gaps.adapt(packaged.artefact, emulator.endpoint, packaged.url),
        page=packaged.page,
        inputs=inputs.read(packaged.environ, template),
        tell=tell,
    )


def destroy(emulator: Emulator, tell: Tell) -> None:
    """Removes everything that `deploy` made."""
    Removal(Aws(REGION, emulator.credentials), ACCOUNT, STAGE, tell).perform()


@contextmanager
def opened(emulator: Emulator, outputs: Mapping[str, str]) -> Iterator[str]:
    """The deployed product's base URL."""
    with open_door(emulator.port, lambda: outputs["DistributionDomain"]) as url:
        yield url


@contextmanager
def awaited(emulator: Emulator) -> Iterator[str]:
    """The base URL that the product will have once it is deployed."""
    cloudfront = emulator.client("cloudfront")

    def domain() -> str:
        (distribution,) = cloudfront.list_distributions()["DistributionList"]["Items"]
        return str(distribution["DomainName"])

    with open_door(emulator.port, domain) as url:
        yield url


def simulated_models(
    base_urls: Mapping[str, str], slots: Sequence[DefaultSlot] = DEFAULT_SLOTS
) -> dict[str, str]:
    """Settings that send the slots to the simulators at these addresses."""
    chosen = {
        "MODEL_COUNT": str(len(slots)),
        "PROMPT_MODEL_INDEX": str(PROMPT_SLOT),
        "SIMULATED": "1",
        "IP_LIMIT": "off",
    }
    for index, slot in enumerate(slots, start=1):
        chosen[f"MODEL_{index}_NAME"] = slot.name
        chosen[f"MODEL_{index}_PROVIDER"] = slot.provider
        by_role = slot.provider in ("bedrock", OWN_MODEL)
        chosen[f"MODEL_{index}_KEY"] = AWS_CREDENTIALS if by_role else "simulated"
        chosen[f"MODEL_{index}_BASE_URL"] = base_urls[slot.provider]
        if slot.provider == OWN_MODEL:
            chosen |= {f"MODEL_{index}_{name}": held for name, held in OWN_SETTINGS.items()}
    return chosen

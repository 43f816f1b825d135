"""The two engines that the same tests run against, each reduced to its addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests

from deploy.emulator import product as packaged_product
from deploy.emulator.product import Packaged
from deploy.emulator.server import Emulator, running_emulator
from deploy.package import package
from deploy.stage import PROJECT, Artefact, stack_name
from devstack.default_slots import DEFAULT_SLOTS, OWN_SLOT
from devstack.simulators import running_simulators
from devstack.simulators.server import Kind, discovered
from tests.e2e.own_model import Endpoint, SageMaker
from tests.support.people import People
from tests.support.product import running_product

PACE = 0.05
OWN = len(DEFAULT_SLOTS) + 1
"""The slot of the own model, where a stack has one."""
SOMEBODY = "ann@example.org"
WITH_ACCOUNTS = {"AUTH": "cognito", "SIGN_UP": "open", "IMAGE_URL_SECONDS": "86400"}
"""Addresses stay the same for six hours, so that answers can be compared."""
PAGE = PROJECT / "frontend" / "dist"


@dataclass(frozen=True)
class Running:
    """A product that answers at `url`; all that the shared tests may know of it.

    `token` is somebody's where people sign in.
    """

    url: str
    token: str = ""


@dataclass(frozen=True)
class Stack:
    """The packaged product on the emulator, and what its own tests look at besides.

    `calls_url` shows what the simulators were asked for.
    """

    emulator: Emulator
    packaged: Packaged
    outputs: dict[str, str]
    calls_url: str
    own: SageMaker

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def physical(self, logical: str) -> str:
        """What a resource of the template is called in the account."""
        answer = self.client("cloudformation").describe_stack_resource(
            StackName=stack_name(packaged_product.STAGE), LogicalResourceId=logical
        )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def calls(self) -> list[dict[str, Any]]:
        """Every AWS call that the functions have made."""
        answer = requests.get(f"{self.emulator.endpoint}/_meter", timeout=10)
        found: list[dict[str, Any]] = answer.json()
        return found


@contextmanager
def running_stack(
    directory: Path,
    artefact: Artefact | None = None,
    settings: Mapping[str, str] | None = None,
    for_browsers: bool = False,
) -> Iterator[Stack]:
    """A freshly packaged artefact, deployed to an emulator of its own with nine models.

    With `OWN_MODEL=1` in the settings there is a tenth, which sleeps. `for_browsers` makes the
    output `Url` an address that a browser reaches.
    """
    wanted, own = settings or {}, SageMaker()
    kinds: list[Kind] = [*discovered(), partial(Endpoint, delivery=own, pace=PACE)]
    slots = (*DEFAULT_SLOTS, OWN_SLOT) if wanted.get("OWN_MODEL") else DEFAULT_SLOTS
    with (
        running_simulators(PACE, kinds) as simulators,
        running_emulator(directory) as emulator,
        packaged_product.awaited(emulator) as url,
    ):
        environ = {**packaged_product.simulated_models(simulators.base_urls, slots), **wanted}
        made = artefact or package(packaged_product.STAGE, directory / "artefact")
        packaged = Packaged(made, PAGE, environ, url if for_browsers else None)
        outputs = packaged_product.deploy(emulator, packaged, lambda _: None)
        stack = Stack(emulator, packaged, outputs, simulators.control_url, own)
        if OWN_SLOT in slots:
            own.serve(stack)
        yield stack


@contextmanager
def running_engine(directory: Path, has_accounts: bool = False) -> Iterator[Running]:
    """The local engine with the same ten models; where there are accounts, somebody signs in."""
    settings = {"OWN_MODEL": "1", **(WITH_ACCOUNTS if has_accounts else {})}
    with running_product(directory, settings) as product:
        token = ""
        if has_accounts:
            people = People(product)
            people.sign_up(SOMEBODY)
            token = people.sign_in(SOMEBODY).access
        yield Running(product.url, token)

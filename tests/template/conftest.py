"""Every stage's artefact, packaged once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.package import package
from deploy.stage import STAGES, Artefact, StageName

PATIENCE = 600


@dataclass(frozen=True)
class Stack:
    """One stage's template in both forms."""

    stage: StageName
    artefact: Artefact

    @property
    def template(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.artefact.template.read_text())
        return found

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.template["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {n: r["Properties"] for n, r in self.resources.items() if r["Type"] == kind}

    def statements(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Every statement of every role's policies, with the name of what holds it."""
        for name, policy in self.of_type("AWS::IAM::Policy").items():
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
        for name, role in self.of_type("AWS::IAM::Role").items():
            for policy in role["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/template/" in item.path.as_posix():
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture(scope="session")
def stacks() -> dict[str, Stack]:
    return {stage: Stack(stage, package(stage)) for stage in STAGES}


@pytest.fixture(params=STAGES)
def stack(request: pytest.FixtureRequest, stacks: dict[str, Stack]) -> Stack:
    return stacks[request.param]

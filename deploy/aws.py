"""The AWS command line, as pinned in requirements-tools.txt."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.stage import PROJECT

CLI = PROJECT / ".venv-tools" / "bin" / "aws"


class AwsError(Exception):
    """What AWS said, in one line."""

    @property
    def code(self) -> str:
        """Such as `ValidationError`; empty when the failure has none."""
        _, found, rest = str(self).partition("An error occurred (")
        return rest.partition(")")[0] if found else ""


@dataclass(frozen=True)
class Aws:
    """Runs commands in one region; `environment` has the credentials and may name an endpoint."""

    region: str
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def run(self, *arguments: str, given: str | None = None) -> str:
        """What the command printed; `given` is its standard input. Raises AwsError."""
        done = subprocess.run(
            [CLI, "--region", self.region, *arguments],
            env=dict(self.environment),
            input=given or "",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AwsError(_last_line(done.stderr) or f"aws {arguments[0]} failed")
        return done.stdout

    def json(self, *arguments: str, given: str | None = None) -> Any:
        """The command's answer, None when it has none; raises AwsError."""
        printed = self.run(*arguments, "--output", "json", given=given)
        return json.loads(printed) if printed.strip() else None


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""

"""What docs/operations.md tells to type is understood by the AWS command line that is pinned."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from deploy.stage import PROJECT

GUIDE = (PROJECT / "docs" / "operations.md").read_text()
COMMANDS = re.findall(r"^ {4}(\.venv-tools/bin/aws (?:.*\\\n)*.*)$", GUIDE, re.M)
NOWHERE = {
    "PATH": os.environ["PATH"],
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "some-id",
    "AWS_SECRET_ACCESS_KEY": "some-secret",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def test_the_guide_tells_commands() -> None:
    assert len(COMMANDS) > 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_gets_as_far_as_the_network(command: str) -> None:
    done = subprocess.run(
        command, shell=True, cwd=PROJECT, env=NOWHERE, capture_output=True, text=True, check=False
    )
    assert "Could not connect to the endpoint" in done.stderr, done.stderr

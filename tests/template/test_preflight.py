"""What is missing is said in one sentence before anything is changed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from deploy.stage import PROJECT

NOBODY = {
    "PATH": os.environ["PATH"],
    "ENV_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
REGION = {"AWS_REGION": "us-east-1"}
UNREACHABLE = {
    "AWS_ACCESS_KEY_ID": "some-id",
    "AWS_SECRET_ACCESS_KEY": "canary-secret",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
}


@pytest.mark.parametrize("command", ["deploy", "destroy"])
@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "No region is set: say where to deploy with AWS_REGION"),
        (REGION, "Unable to locate credentials"),
        (REGION | {"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
        (REGION | UNREACHABLE, "Could not connect to the endpoint"),
    ],
    ids=["no region", "no credentials", "unknown profile", "no connection"],
)
def test_nothing_starts_without_an_account(
    command: str, environ: dict[str, str], sentence: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy", command, "dev"],
        cwd=PROJECT,
        env={**NOBODY, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert "canary-secret" not in done.stderr

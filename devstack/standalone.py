"""What `chalice local --stage local` needs to work against the running engine.

Chalice gives that process only the fixed variables of its stage in `.chalice/config.json`. They
name a profile in a file that is written here, with the addresses of the moment, and a secret with
the simulated models. Real models are not handed over: their keys stay in the engine's processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import boto3

from devstack.environment import Addresses
from devstack.state.bootstrap import REGION

FILE = "aws-config"
PROFILE = "pixel-prompt-local"
SECRET_NAME = "pixel-prompt-local-models"
SLOT_FIELDS = ("NAME", "PROVIDER", "KEY", "BASE_URL")


def hand_over(data: Path, addresses: Addresses, environment: Mapping[str, str]) -> None:
    """Writes the profile, and the secret when the models are simulated."""
    simulated = bool(environment.get("SIMULATED"))
    access_key = environment["AWS_ACCESS_KEY_ID"] if simulated else "local"
    _write_profile(data, addresses, access_key)
    if simulated:
        _store_models(addresses.emulator, environment)


def _write_profile(data: Path, addresses: Addresses, access_key: str) -> None:
    services = {
        "dynamodb": addresses.emulator,
        "s3": addresses.emulator,
        "secrets_manager": addresses.emulator,
        "sqs": addresses.emulator,
        "lambda": addresses.control,
        "apigatewaymanagementapi": addresses.control,
    }
    lines = [
        f"[profile {PROFILE}]",
        f"region = {REGION}",
        f"aws_access_key_id = {access_key}",
        "aws_secret_access_key = local",
        "services = engine",
        "[services engine]",
        *(f"{name} =\n  endpoint_url = {url}" for name, url in services.items()),
    ]
    (data / FILE).write_text("\n".join(lines) + "\n")


def _store_models(emulator: str, environment: Mapping[str, str]) -> None:
    models, texts = (
        [_slot(environment, f"{kind}MODEL_", i + 1) for i in range(int(environment.get(count, 0)))]
        for kind, count in (("", "MODEL_COUNT"), ("TEXT_", "TEXT_MODEL_COUNT"))
    )
    text = json.dumps({"models": models, "textModels": texts})
    session = boto3.Session("local", "local", region_name=REGION)
    secrets = session.client("secretsmanager", endpoint_url=emulator)
    try:
        secrets.put_secret_value(SecretId=SECRET_NAME, SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=SECRET_NAME, SecretString=text)


def _slot(environment: Mapping[str, str], prefix: str, index: int) -> dict[str, str]:
    return {field.lower(): environment[f"{prefix}{index}_{field}"] for field in SLOT_FIELDS}

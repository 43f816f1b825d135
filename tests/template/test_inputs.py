"""Settings become parameters, or one sentence that says what is wrong."""

from __future__ import annotations

import json

import pytest

from chalicelib import config
from chalicelib.config import SettingsError
from deploy import inputs
from tests.template.conftest import Stack

MODELS = {"MODEL_COUNT": "1", "MODEL_1_NAME": "GPT Image", "MODEL_1_KEY": "canary-key"}


def test_what_is_not_set_has_the_templates_default(stack: Stack) -> None:
    read = inputs.read({}, stack.template)
    assert read.parameters["IpLimit"] == "50"
    assert read.models is None


def test_every_variable_reaches_its_parameter(stack: Stack) -> None:
    environ = {"IP_LIMIT": "off", "GLOBAL_LIMIT": "7", "ALARM_EMAIL": "a@example.org"}
    parameters = inputs.read(environ, stack.template).parameters
    assert parameters["IpLimit"] == "off"
    assert parameters["GlobalLimit"] == "7"
    assert parameters["AlarmEmail"] == "a@example.org"


def test_a_domain_comes_with_its_certificate(stack: Stack) -> None:
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    environ = {"DOMAIN_NAME": "studio.example.org", "CERTIFICATE_ARN": certificate}
    parameters = inputs.read(environ, stack.template).parameters
    assert (parameters["DomainName"], parameters["CertificateArn"]) == tuple(environ.values())


def test_keys_go_into_the_secret_and_nowhere_else(stack: Stack) -> None:
    read = inputs.read(MODELS, stack.template)
    assert "canary-key" not in json.dumps(dict(read.parameters))
    (model,) = json.loads(read.models or "")
    assert (model["name"], model["key"]) == ("GPT Image", "canary-key")


def test_the_secret_says_all_that_is_set_of_a_model(stack: Stack) -> None:
    of_slot = {"PROVIDER": "generic", "ID": "m", "BASE_URL": "https://a.example", "TIMEOUT": "9"}
    of_slot |= {"SIZE": "none", "QUALITY": "high", "PRICE_USD": "0.25"}
    environ = MODELS | {f"MODEL_1_{field}": value for field, value in of_slot.items()}
    secret = inputs.read(environ, stack.template).models or ""
    deployed = config.load({"MODELS_SECRET": "models"}, lambda name: secret)
    assert deployed.models.slots == config.load(environ).models.slots


def test_the_secret_says_all_that_is_set_of_a_text_model(stack: Stack) -> None:
    of_text = {"NAME": "m", "KEY": "k", "PROVIDER": "generic", "ID": "m", "TIMEOUT": "9"}
    of_text |= {"BASE_URL": "https://a.example", "TIER": "cheap", "PRICE_USD": "0.25/1.5"}
    environ = MODELS | {f"TEXT_MODEL_1_{field}": value for field, value in of_text.items()}
    environ["TEXT_MODEL_COUNT"] = "1"
    secret = inputs.read(environ, stack.template).models or ""
    deployed = config.load({"MODELS_SECRET": "models"}, lambda name: secret)
    assert deployed.texts == config.load(environ).texts
    assert deployed.models.slots == config.load(environ).models.slots


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        (
            {
                "TEXT_MODEL_COUNT": "1",
                "TEXT_MODEL_1_NAME": "Claude Sonnet",
                "TEXT_MODEL_1_KEY": "k",
            },
            "TEXT_MODEL_COUNT is set and MODEL_COUNT is not",
        ),
        ({"IP_LIMIT": "many"}, "IP_LIMIT"),
        ({"GLOBAL_LIMIT": "0"}, "GLOBAL_LIMIT"),
        ({"LOG_RETENTION_DAYS": "2"}, "LOG_RETENTION_DAYS is '2'; it must be one of 1, 3"),
        ({"THROTTLE_RATE": "x"}, "THROTTLE_RATE is 'x'; it must be a whole number from 1"),
        ({"DOMAIN_NAME": "a.example"}, "CERTIFICATE_ARN"),
        ({"DOMAIN_NAME": "https://a.example"}, "DOMAIN_NAME is 'https://a.example'"),
        (
            {"CERTIFICATE_ARN": "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b"},
            "CERTIFICATE_ARN is .* of the form .*us-east-1",
        ),
        ({"ALARM_EMAIL": "nobody"}, "ALARM_EMAIL is 'nobody'"),
        ({"MODEL_COUNT": "1"}, "MODEL_1_NAME"),
    ],
)
def test_a_wrong_setting_is_named(stack: Stack, environ: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        inputs.read(environ, stack.template)

"""What a person set for a deployment, from the environment and `.env`, checked.

Every parameter of the template has its variable: `GlobalLimit` is set by GLOBAL_LIMIT. One that
is not set goes back to the template's default, so that `.env` always tells the whole truth.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import config
from chalicelib.config import Settings, SettingsError, SlotSettings, TextSettings
from chalicelib.providers import registry
from deploy import own_model
from deploy.template import Template
from devstack.misspelt import variable

DECIDED_BY_THE_RELEASE = frozenset(
    {
        "Stage",
        "ArtifactBucket",
        "CodeKey",
        "LayerKey",
        "PreviewsLayerKey",
        "ExportsLayerKey",
        "SiteVersion",
        "ModelsVersion",
    }
)


@dataclass(frozen=True)
class Inputs:
    """Template parameters, and the models' secret as JSON; None leaves the one that is there."""

    parameters: Mapping[str, str]
    models: str | None


def read(environ: Mapping[str, str], template: Template) -> Inputs:
    """Raises SettingsError for what the app or the CDN would refuse."""
    settings = config.load({k: v for k, v in environ.items() if k != "MODELS_SECRET"})
    registry.slots(settings)
    registry.text_slots(settings)
    parameters = {
        name: environ.get(variable(name), "").strip() or str(parameter["Default"])
        for name, parameter in template["Parameters"].items()
        if name not in DECIDED_BY_THE_RELEASE
    }
    _check(parameters, template)
    return Inputs(parameters, _models(settings))


def _check(parameters: Mapping[str, str], template: Template) -> None:
    for name, value in parameters.items():
        problem = _problem(template["Parameters"][name], value)
        if problem:
            raise SettingsError(f"{variable(name)} is {value!r}; it must be {problem}.")
    domain = parameters["DomainName"]
    if domain and not parameters["CertificateArn"]:
        raise SettingsError(
            f"DOMAIN_NAME is {domain!r}; CERTIFICATE_ARN must then name a certificate for it in "
            "us-east-1, where CloudFront looks for it."
        )
    own_model.check(parameters)


def _problem(rule: Mapping[str, str], value: str) -> str | None:
    """What the template says that this value is not."""
    allowed = [str(choice) for choice in rule.get("AllowedValues", ())]
    if allowed and value not in allowed:
        return f"one of {', '.join(allowed)}"
    if "AllowedPattern" in rule and not re.fullmatch(rule["AllowedPattern"], value, re.ASCII):
        return f"of the form {rule['AllowedPattern']}"
    if "MinValue" in rule and not (
        re.fullmatch(r"\d{1,9}", value, re.ASCII)
        and int(rule["MinValue"]) <= int(value) <= int(rule["MaxValue"])
    ):
        return f"a whole number from {rule['MinValue']} to {rule['MaxValue']}"
    return None


def _models(settings: Settings) -> str | None:
    models = [_entry(slot) for slot in settings.models.slots]
    if not settings.texts:
        return json.dumps(models) if models else None
    if not models:
        raise SettingsError("TEXT_MODEL_COUNT is set and MODEL_COUNT is not; set both.")
    texts = [_text_entry(text) for text in settings.texts]
    return json.dumps({"models": models, "textModels": texts})


def _text_entry(text: TextSettings) -> dict[str, str]:
    """One text model as MODELS_SECRET has it."""
    price = text.price
    optional = {
        "provider": text.provider,
        "id": text.model_id,
        "base_url": text.base_url,
        "tier": text.tier,
        "price_usd": f"{price[0]:.6f}/{price[1]:.6f}" if price else None,
    }
    return {
        "name": text.name,
        "key": text.key.reveal(),
        "timeout": f"{text.timeout:g}",
        **{name: value for name, value in optional.items() if value},
    }


def _entry(slot: SlotSettings) -> dict[str, str]:
    """One slot as MODELS_SECRET has it: the per-slot settings in lower case."""
    optional = {
        "provider": slot.provider,
        "id": slot.model_id,
        "base_url": slot.base_url,
        "size": slot.size,
        "quality": slot.quality,
        "price_usd": None if slot.price_usd is None else f"{slot.price_usd:g}",
    }
    return {
        "name": slot.name,
        "key": slot.key.reveal(),
        "timeout": f"{slot.timeout:g}",
        **{name: value for name, value in optional.items() if value},
    }

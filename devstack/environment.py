"""The environment that the app's processes get: the person's settings and the engine's addresses.

The engine points boto3 at itself through boto3's own variables, one per service, so that Bedrock
and Secrets Manager stay the real ones for real models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import config
from chalicelib.config import AWS_CREDENTIALS, OWN_MODEL, SettingsError
from chalicelib.providers import registry
from devstack.default_slots import (
    DEFAULT_SLOTS,
    DEFAULT_TEXTS,
    OWN_SETTINGS,
    OWN_SIZE,
    OWN_SLOT,
    PROMPT_SLOT,
)
from devstack.edge import sign_in, uploads
from devstack.state.bootstrap import BUCKET, REGION, ROW_QUEUE, TABLE
from devstack.state.pool import UserPool

PERSONAL_AWS = ("AWS_ID", "AWS_SECRET", "AWS_PROFILE", "AWS_SESSION_TOKEN")
MODEL_SIGN = re.compile(r"MODEL_COUNT|MODELS_SECRET|MODEL_\d+_(NAME|KEY)", re.ASCII)
LOOPBACK = ("localhost", "127.0.0.1", "::1")
OUTWARD = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE"),
)
"""How the outside is reached: nothing of it holds for loopback."""
AWS_SIGNS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE")

ROW_QUEUE_PATH = f"/000000000000/{ROW_QUEUE}"

Environment = dict[str, str]


@dataclass(frozen=True)
class Addresses:
    """Where the engine's parts listen, and what signs the addresses of uploads."""

    origin: str
    control: str
    emulator: str
    upload_secret: str = ""


@dataclass(frozen=True)
class Accounts:
    """The pool that people are in, and the key that signs their pictures' addresses."""

    pool: UserPool
    signing_key: str


@dataclass(frozen=True)
class SimulatedProviders:
    """Where the simulators are, by provider, and the one key that they take."""

    base_urls: Mapping[str, str]
    key: str


def wants_simulators(person: Mapping[str, str], simulate: bool) -> bool:
    """Without a configured model, or when asked, nothing real is called."""
    return simulate or not any(held and MODEL_SIGN.fullmatch(name) for name, held in person.items())


def app_environment(
    person: Mapping[str, str],
    addresses: Addresses,
    simulated: SimulatedProviders | None,
    accounts: Accounts | None = None,
) -> Environment:
    """Return the app's environment; without simulated providers the person's models stay."""
    environment = {**person, **_engine(addresses), **_left_open(person, addresses.origin)}
    if accounts is not None:
        environment.update(_of_accounts(addresses, accounts))
    environment.update(unproxied(person))
    if simulated is not None:
        _drop_personal_aws(environment)
        _drop_ways_out(environment)
        environment.update(_simulated(person, simulated))
        return environment
    _check_reachable(person)
    if not any(person.get(sign) for sign in AWS_SIGNS):
        environment.update(_dummy_credentials())
    return environment


def unproxied(environment: Mapping[str, str]) -> Environment:
    """Return NO_PROXY in both spellings: what the person excepts, and loopback always."""
    own = environment.get("no_proxy") or environment.get("NO_PROXY", "")
    excepted = ",".join([*filter(None, [own.strip()]), *LOOPBACK])
    return {"NO_PROXY": excepted, "no_proxy": excepted}


def check(environment: Mapping[str, str]) -> None:
    """Raise SettingsError for a setting that the app would refuse."""
    if not environment.get("MODELS_SECRET"):
        settings = config.load(environment)
        registry.slots(settings)
        registry.text_slots(settings)


def _engine(addresses: Addresses) -> Environment:
    scheme, _, host = addresses.origin.partition("://")
    signed = f"{scheme}://{uploads.KEY_ID}:{addresses.upload_secret}@{host}{uploads.PATH}"
    return {
        "STAGE": "local",
        "TABLE_NAME": TABLE,
        "S3_BUCKET": BUCKET,
        "WORKER_FUNCTION": "worker",
        "PREVIEWS_FUNCTION": "previews",
        "SEED_DATA_FUNCTION": "seed_data",
        "EXPORTS_FUNCTION": "exports",
        "UPLOAD_ENDPOINT": signed if addresses.upload_secret else "",
        "BATCH_QUEUE_URL": f"{addresses.emulator}{ROW_QUEUE_PATH}",
        "WS_URL": addresses.origin.replace("http", "ws", 1) + "/ws",
        "WS_PUSH_ENDPOINT": addresses.control,
        "AWS_ENDPOINT_URL_DYNAMODB": addresses.emulator,
        "AWS_ENDPOINT_URL_S3": addresses.emulator,
        "AWS_ENDPOINT_URL_LAMBDA": addresses.control,
        "AWS_ENDPOINT_URL_SQS": addresses.emulator,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _of_accounts(addresses: Addresses, accounts: Accounts) -> Environment:
    pool = accounts.pool
    return {
        "USER_POOL_ID": pool.pool_id,
        "USER_POOL_CLIENT_ID": pool.client_id,
        "TOKEN_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/{pool.pool_id}",
        "TOKEN_KEYS_URL": f"{addresses.emulator}/{pool.pool_id}/.well-known/jwks.json",
        "SIGN_IN_ENDPOINT": addresses.origin + sign_in.PATH,
        "IMAGE_SIGNING_KEY": accounts.signing_key,
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": addresses.emulator,
    }


def _left_open(person: Mapping[str, str], origin: str) -> Environment:
    """Settings that a person may make, with what holds on a laptop otherwise."""
    numeric = origin.replace("localhost", "127.0.0.1")
    defaults = {
        "IP_LIMIT": "off",
        "ALLOW_DELETE": "1",
        "BATCHES": "1",
        "ALLOWED_ORIGINS": f"{origin},{numeric}",
    }
    return {name: person.get(name, "").strip() or value for name, value in defaults.items()}


def _dummy_credentials() -> Environment:
    return {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def _drop_personal_aws(environment: Environment) -> None:
    for name in PERSONAL_AWS:
        environment.pop(name, None)
    environment.update(_dummy_credentials())


def _drop_ways_out(environment: Environment) -> None:
    """Simulators are on this machine: a broken proxy or certificate file does not matter."""
    for name in OUTWARD:
        environment.pop(name, None)
        environment.pop(name.lower(), None)


def _wants_own(person: Mapping[str, str]) -> bool:
    return person.get("OWN_MODEL", "").strip() == "1" or _draws_itself(person)


def _draws_itself(person: Mapping[str, str]) -> bool:
    """Whether the real container draws for a model of one's own, and no simulator."""
    return bool(person.get("OWN_MODEL_PIPELINE", "").strip())


def _check_reachable(person: Mapping[str, str]) -> None:
    """What an endpoint in AWS draws never reaches the bucket of this machine."""
    for name, held in person.items():
        if re.fullmatch(r"MODEL_\d+_PROVIDER", name, re.ASCII) and held.strip() == OWN_MODEL:
            raise SettingsError(
                f"{name} is {OWN_MODEL!r}, whose pictures come through AWS and never reach this "
                "machine; deploy it, or set SIMULATE=1."
            )


def _simulated(person: Mapping[str, str], simulated: SimulatedProviders) -> Environment:
    if person.get("MODELS_SECRET"):
        raise SettingsError(
            "MODELS_SECRET is set together with SIMULATE; simulated models must be named by "
            "MODEL_COUNT and MODEL_<i>_NAME."
        )
    if person.get("MODEL_COUNT"):
        named = registry.slots(config.load(person))
        providers = [(slot.name, slot.model.provider) for slot in named]
        chosen: Environment = {}
    else:
        own = [OWN_SLOT] if _wants_own(person) else []
        providers = [(slot.name, slot.provider) for slot in (*DEFAULT_SLOTS, *own)]
        chosen = {"MODEL_COUNT": str(len(providers)), "PROMPT_MODEL_INDEX": str(PROMPT_SLOT)}
        if own:
            settings = OWN_SETTINGS | (OWN_SIZE if _draws_itself(person) else {})
            chosen |= {f"MODEL_{len(providers)}_{name}": held for name, held in settings.items()}
    chosen |= {"SIMULATED": "1", "AWS_ACCESS_KEY_ID": simulated.key}
    for index, (name, provider) in enumerate(providers, start=1):
        chosen[f"MODEL_{index}_NAME"] = name
        chosen[f"MODEL_{index}_PROVIDER"] = provider
        has_key = provider not in ("bedrock", OWN_MODEL)
        chosen[f"MODEL_{index}_KEY"] = simulated.key if has_key else AWS_CREDENTIALS
        chosen[f"MODEL_{index}_BASE_URL"] = simulated.base_urls[provider]
    return chosen | _simulated_texts(person, simulated)


def _simulated_texts(person: Mapping[str, str], simulated: SimulatedProviders) -> Environment:
    """The person's text models, or one for each tier where nothing at all is configured."""
    if person.get("TEXT_MODEL_COUNT"):
        named = registry.text_slots(config.load(person))
        texts = [(text.name, text.model.provider) for text in named]
    elif person.get("MODEL_COUNT"):
        return {}
    else:
        texts = [(text.name, text.provider) for text in DEFAULT_TEXTS]
    chosen = {"TEXT_MODEL_COUNT": str(len(texts))}
    for index, (name, provider) in enumerate(texts, start=1):
        prefix = f"TEXT_MODEL_{index}_"
        chosen[prefix + "NAME"] = name
        chosen[prefix + "PROVIDER"] = provider
        chosen[prefix + "KEY"] = AWS_CREDENTIALS if provider == "bedrock" else simulated.key
        chosen[prefix + "BASE_URL"] = simulated.base_urls[provider]
    return chosen

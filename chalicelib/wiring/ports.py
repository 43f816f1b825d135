"""What the product touches outside itself: AWS clients, time, ids, chance and the models."""

import json
import secrets
import time
import uuid
from functools import cache, cached_property
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config

from chalicelib.config import Secret, Settings
from chalicelib.generation.fanout import Fanout, ThreadFanout
from chalicelib.providers.base import ImageProvider, SeeingProvider
from chalicelib.providers.registry import PromptModel, Providers, Slot, TextSlot, text_slots

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client

AWS = Config(
    connect_timeout=3,
    read_timeout=5,
    retries={"total_max_attempts": 4, "mode": "standard"},
    max_pool_connections=64,
)

UPLOADS = Config(
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
)
LOCAL_UPLOADS = UPLOADS.merge(Config(s3={"addressing_style": "path"}))

KEYS_S, KEYS_BYTES = 4.0, 64 * 1024


class Models(Protocol):
    """The configured models: what they are, and how to call them."""

    @property
    def slots(self) -> tuple[Slot, ...]: ...

    def image(self, index: int) -> ImageProvider: ...

    def is_warm(self, model_id: str) -> bool | None: ...

    def text(self) -> PromptModel | None: ...


class Writers(Protocol):
    """The configured text models as things that complete."""

    def text_at(self, index: int) -> SeeingProvider: ...


class Ports:
    """The real outside; everything is made on first use. Tests and benches hand in their own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def clock(self) -> int:
        """Return the time in epoch milliseconds."""
        return time.time_ns() // 1_000_000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def new_secret(self) -> str:
        """Return 256 random bits as text for an address or a header."""
        return secrets.token_urlsafe(32)

    def rng(self) -> float:
        """Return a random number from 0 up to 1."""
        return SystemRandom().random()

    def fanout(self) -> Fanout:
        return ThreadFanout()

    @cached_property
    def providers(self) -> Providers:
        return Providers(self._settings, reveal, self.clock)

    @cached_property
    def models(self) -> Models:
        return self.providers

    @cached_property
    def writers(self) -> Writers:
        return self.providers

    @cached_property
    def texts(self) -> tuple[TextSlot, ...]:
        """The configured text models; raises SettingsError for one that nobody knows."""
        return text_slots(self._settings)

    def fetch_token_keys(self) -> bytes:
        """Return the document of the keys that sign the pool's tokens."""
        from chalicelib.providers.base import EndsAt
        from chalicelib.providers.transport.fetch import Fetcher

        url = self._settings.accounts.keys_url
        deadline = EndsAt(time.monotonic() + KEYS_S, time.monotonic)
        return Fetcher((), trusted_origin=url, max_bytes=KEYS_BYTES).get(url, deadline)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return boto3.client("dynamodb", config=AWS)

    @cached_property
    def user_pool(self) -> Any:
        return boto3.client("cognito-idp", config=AWS)

    @cached_property
    def s3(self) -> "S3Client":
        return boto3.client("s3", config=AWS)

    @cached_property
    def uploads(self) -> "S3Client":
        """The client whose signed addresses take uploads: the bucket's own host, of its region."""
        endpoint = self._settings.batches.upload_endpoint
        if endpoint is None:
            return boto3.client("s3", config=UPLOADS)
        return boto3.client(
            "s3",
            endpoint_url=endpoint.url,
            aws_access_key_id=endpoint.key_id,
            aws_secret_access_key=endpoint.secret.reveal(),
            config=LOCAL_UPLOADS,
        )

    @cached_property
    def queues(self) -> Any:
        return boto3.client("sqs", config=AWS)

    @cached_property
    def functions(self) -> "LambdaClient":
        return boto3.client("lambda", config=AWS)

    @cached_property
    def sockets(self) -> "ApiGatewayManagementApiClient":
        endpoint = self._settings.network.ws_push_endpoint or None
        return boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, config=AWS)


def read_secret(name: str) -> str:
    """Return a secret's text from Secrets Manager."""
    return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


@cache
def read_reference(reference: str) -> str:
    """Return what `ssm:/path` or `secret:NAME#json-key` stands for; read once per process."""
    kind, _, rest = reference.partition(":")
    if kind == "ssm":
        answer = boto3.client("ssm").get_parameter(Name=rest, WithDecryption=True)
        return str(answer["Parameter"]["Value"])
    name, _, field = rest.partition("#")
    text = read_secret(name)
    return str(json.loads(text)[field]) if field else text


def reveal(secret: Secret) -> str:
    """Return a secret, or what its reference stands for."""
    return secret.reveal() if not secret.is_reference else read_reference(secret.reveal())

"""The composition root: the only builder of AWS clients, stores and services.

Everything is made on first use, so that importing costs nothing and needs no setting.
"""

import json
import os
import random
import time
import uuid
from functools import cache, cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chalicelib import config
from chalicelib.config import Secret, Settings
from chalicelib.enhance.service import Enhancer
from chalicelib.enhance.store import EnhanceStore
from chalicelib.events.publisher import Publisher
from chalicelib.gallery.store import GalleryStore
from chalicelib.images.store import ImageStore
from chalicelib.jobs.dispatch import Dispatcher
from chalicelib.jobs.events import JobEvents
from chalicelib.jobs.executor import Executor
from chalicelib.jobs.fanout import ThreadFanout
from chalicelib.jobs.idempotency import KeyStore
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.reaper import Reaper
from chalicelib.jobs.reservations import JobReservations
from chalicelib.jobs.service import JobService
from chalicelib.jobs.store import JobStore
from chalicelib.limits.service import Limiter
from chalicelib.limits.store import WindowStore
from chalicelib.moderation.judge import judge_by
from chalicelib.moderation.service import ContentFilter
from chalicelib.providers.base import TextProvider
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.registry import Providers, Slot, slots
from chalicelib.spend.model import micros
from chalicelib.spend.service import Spending
from chalicelib.spend.store import Ledger
from chalicelib.spend.texts import PaidText

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client

DAY_MS = 86_400_000
ENHANCE_FACTOR = 4
AWS = Config(
    connect_timeout=3,
    read_timeout=5,
    retries={"total_max_attempts": 4, "mode": "standard"},
    max_pool_connections=64,
)


class Services:
    """One installation, put together from its settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def clock(self) -> int:
        return time.time_ns() // 1_000_000

    def new_id(self) -> str:
        return str(uuid.uuid4())

    @property
    def cdn(self) -> str:
        """Return what stands before `/` and a picture's key: nothing on the page's own origin."""
        domain = self.settings.cloudfront_domain
        return f"https://{domain}" if domain else ""

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return slots(self.settings)

    @cached_property
    def job_store(self) -> JobStore:
        return JobStore(self._dynamodb, self.settings.table_name)

    @cached_property
    def pictures(self) -> JobPictures:
        return JobPictures(ImageStore(self._s3, self.settings.bucket))

    @cached_property
    def gallery(self) -> GalleryStore:
        settings = self.settings
        return GalleryStore(self._dynamodb, settings.table_name, settings.retention_days)

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(self._sockets, time.sleep, random.random)

    @cached_property
    def job_events(self) -> JobEvents:
        return JobEvents(self.publisher, self.job_store, self.cdn)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(self.job_store, self.gallery, self.job_events, self.job_money)

    @cached_property
    def job_money(self) -> JobReservations:
        return JobReservations(self.spending)

    @cached_property
    def spending(self) -> Spending:
        limit = self.settings.daily_spend_limit
        return Spending(
            ledger=Ledger(self._dynamodb, self.settings.table_name),
            limit=None if limit is None else micros(limit),
            slots=self.slots,
            clock=self.clock,
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self._lambda, self.settings.worker_function)

    @cached_property
    def jobs(self) -> JobService:
        return JobService(
            store=self.job_store,
            keys=KeyStore(self._dynamodb, self.settings.table_name),
            dispatcher=self.dispatcher,
            lifecycle=self.lifecycle,
            money=self.job_money,
            slots=self.slots,
            admit=self._limiter("generate", 1).admit,
            keywords_allow=self.content_filter.keywords_allow,
            judge_allows=self.content_filter.judge_allows,
            clock=self.clock,
            sleep=time.sleep,
            new_id=self.new_id,
            retention_ms=self.settings.retention_days * DAY_MS,
        )

    @cached_property
    def enhance_limiter(self) -> Limiter:
        return self._limiter("enhance", ENHANCE_FACTOR)

    @cached_property
    def content_filter(self) -> ContentFilter:
        return ContentFilter(self.settings.moderation, self._judge)

    @cached_property
    def enhancer(self) -> Enhancer:
        return Enhancer(
            text=self._text,
            cache=EnhanceStore(self._dynamodb, self.settings.table_name),
            allows=self.content_filter.allows,
        )

    @cached_property
    def has_text_model(self) -> bool:
        return self.providers.text_model_name is not None

    @cached_property
    def providers(self) -> Providers:
        return Providers(self.settings, self._reveal)

    @cached_property
    def executor(self) -> Executor:
        from chalicelib.images.thumbnail import Thumbnails

        return Executor(
            store=self.job_store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            slots={slot.index: slot for slot in self.slots},
            provider=self.providers.image,
            shrink=Thumbnails().begin,
            fanout=ThreadFanout,
            clock=self.clock,
            sleep=time.sleep,
            new_id=self.new_id,
            permanent_negative=self.settings.perm_negative_prompt,
        )

    @cached_property
    def reaper(self) -> Reaper:
        from chalicelib.images.thumbnail import thumbnail

        return Reaper(
            store=self.job_store,
            pictures=self.pictures,
            lifecycle=self.lifecycle,
            dispatcher=self.dispatcher,
            thumbnail=thumbnail,
            clock=self.clock,
        )

    def _limiter(self, use: str, factor: int) -> Limiter:
        settings = self.settings
        return Limiter(
            store=WindowStore(self._dynamodb, settings.table_name),
            use=use,
            global_limit=settings.global_limit * factor,
            ip_limit=settings.ip_limit and settings.ip_limit * factor,
            included=settings.ip_include,
            clock=self.clock,
            new_id=self.new_id,
        )

    def _text(self) -> tuple[str, TextProvider] | None:
        found = self.providers.text()
        if found is None:
            return None
        return found.id, PaidText(found, self.spending, self.clock, self.new_id)

    def _judge(self, text: str) -> bool:
        found = self._text()
        if found is None:
            raise ProviderDown("No configured model can judge texts.")
        return judge_by(found[1], time.monotonic)(text)

    def _reveal(self, secret: Secret) -> str:
        return secret.reveal() if not secret.is_reference else read_reference(secret.reveal())

    @cached_property
    def _dynamodb(self) -> "DynamoDBClient":
        return boto3.client("dynamodb", config=AWS)

    @cached_property
    def _s3(self) -> "S3Client":
        return boto3.client("s3", config=AWS)

    @cached_property
    def _lambda(self) -> "LambdaClient":
        return boto3.client("lambda", config=AWS)

    @cached_property
    def _sockets(self) -> "ApiGatewayManagementApiClient":
        endpoint = self.settings.ws_push_endpoint or None
        return boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, config=AWS)


@cache
def services() -> Services:
    """The installation that the environment describes; raises SettingsError."""
    return Services(config.load(os.environ, read_secret))


def read_secret(name: str) -> str:
    """A secret's text from Secrets Manager."""
    return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])


@cache
def read_reference(reference: str) -> str:
    """What `ssm:/path` or `secret:NAME#json-key` stands for; read once per process."""
    kind, _, rest = reference.partition(":")
    if kind == "ssm":
        answer = boto3.client("ssm").get_parameter(Name=rest, WithDecryption=True)
        return str(answer["Parameter"]["Value"])
    name, _, field = rest.partition("#")
    text = read_secret(name)
    return str(json.loads(text)[field]) if field else text

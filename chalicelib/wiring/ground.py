"""The rooms that every department shares, put together from settings and ports."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.callers import PersonalLimits
from chalicelib.config import Settings, SettingsError
from chalicelib.enhance.service import Enhancer
from chalicelib.enhance.store import EnhanceStore
from chalicelib.events.listeners import Listeners
from chalicelib.events.publisher import Publisher
from chalicelib.events.sessions import SessionStore
from chalicelib.gallery.store import GalleryStore
from chalicelib.generation.outputs import Outputs
from chalicelib.generation.service import Generator
from chalicelib.generation.warmth import Warmth
from chalicelib.images.addresses import PictureAddresses, Signing
from chalicelib.images.store import CACHE_FOR_EVER, CACHE_FOR_OWNER, ImageStore
from chalicelib.limits.service import Limiter
from chalicelib.limits.store import WindowStore
from chalicelib.moderation.judge import ModelJudge
from chalicelib.moderation.service import ContentFilter
from chalicelib.spend.ledger import Ledger
from chalicelib.spend.model import micros
from chalicelib.spend.report import SpendReport
from chalicelib.spend.service import Spending
from chalicelib.spend.store import LedgerStore
from chalicelib.spend.texts import PaidTexts
from chalicelib.switches.store import SwitchStore
from chalicelib.verdicts.store import BallotStore
from chalicelib.wiring.ports import Ports, reveal

if TYPE_CHECKING:
    from chalicelib.accounts.members import Members
    from chalicelib.accounts.profiles import Profiles

ENHANCE_FACTOR = 4


class Ground:
    """The ground floor; everything is made on first use."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports

    @cached_property
    def addresses(self) -> PictureAddresses:
        domain = self.settings.network.cloudfront_domain
        return PictureAddresses(f"https://{domain}" if domain else "", self._signing)

    @cached_property
    def _signing(self) -> Signing | None:
        if not self.has_accounts:
            return None
        settings = self.settings.pictures
        if settings.signing_key is None:
            raise SettingsError(
                "IMAGE_SIGNING_KEY is empty although AUTH is 'cognito'; it must hold the key that "
                "the CDN checks the addresses of pictures with."
            )
        key = reveal(settings.signing_key).encode()
        return Signing(key, settings.url_seconds, self.ports.clock)

    @property
    def has_accounts(self) -> bool:
        return self.settings.accounts.auth != "off"

    @cached_property
    def switches(self) -> SwitchStore:
        ports = self.ports
        return SwitchStore(ports.dynamodb, self.settings.storage.table_name, ports.clock)

    @cached_property
    def sessions(self) -> SessionStore:
        return SessionStore(self.ports.dynamodb, self.settings.storage.table_name)

    @cached_property
    def listeners(self) -> Listeners | None:
        """Return who decides which connections may hear of a job; None where all may."""
        if not self.has_accounts:
            return None
        return Listeners(self.sessions, self.publisher, self._is_enabled, self.ports.clock)

    def _is_enabled(self, user_id: str) -> bool:
        return self.profiles.of(user_id).enabled

    @cached_property
    def profiles(self) -> "Profiles":
        """Return what is set for people; nothing of it is loaded without accounts."""
        from chalicelib.accounts.profiles import Profiles

        accounts, ports = self.settings.accounts, self.ports
        own = PersonalLimits(accounts.user_daily_limit, accounts.user_daily_spend)
        return Profiles(ports.dynamodb, self.settings.storage.table_name, own, ports.clock)

    @cached_property
    def members(self) -> "Members":
        """Return whom the pool still has; only where there are accounts."""
        from chalicelib.accounts.members import Members

        ports = self.ports
        return Members(ports.user_pool, self.settings.accounts.user_pool_id, ports.clock)

    @cached_property
    def images(self) -> ImageStore:
        kept = CACHE_FOR_OWNER if self.has_accounts else CACHE_FOR_EVER
        return ImageStore(self.ports.s3, self.settings.storage.bucket, kept)

    @cached_property
    def gallery(self) -> GalleryStore:
        settings = self.settings
        return GalleryStore(
            self.ports.dynamodb, settings.storage.table_name, settings.storage.retention_days
        )

    @cached_property
    def ballots(self) -> BallotStore:
        return BallotStore(self.ports.dynamodb, self.settings.storage.table_name)

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(self.ports.sockets, self.ports.sleep, self.ports.rng)

    @cached_property
    def generator(self) -> Generator:
        ports = self.ports
        negative = self.settings.models.perm_negative_prompt
        return Generator(ports.models, ports.clock, ports.sleep, negative)

    @cached_property
    def outputs(self) -> Outputs:
        return Outputs(self.images)

    @cached_property
    def warmth(self) -> Warmth:
        return Warmth(lambda model_id: self.ports.models.is_warm(model_id), self.ports.clock)

    @cached_property
    def spending(self) -> Spending:
        limit = self.settings.limits.daily_spend_limit
        return Spending(
            ledger=self.ledger,
            limit=None if limit is None else micros(limit),
            clock=self.ports.clock,
            with_accounts=self.has_accounts,
        )

    @cached_property
    def spend_report(self) -> SpendReport:
        return SpendReport(self.ledger)

    @cached_property
    def ledger(self) -> Ledger:
        store = LedgerStore(self.ports.dynamodb, self.settings.storage.table_name)
        return Ledger(store, self.ports.clock, self.ports.new_id)

    @cached_property
    def generate_limiter(self) -> Limiter:
        return self._limiter("generate", 1)

    @cached_property
    def enhance_limiter(self) -> Limiter:
        return self._limiter("enhance", ENHANCE_FACTOR)

    @cached_property
    def content_filter(self) -> ContentFilter:
        return ContentFilter(self.settings.moderation, ModelJudge(self._texts))

    @cached_property
    def enhancer(self) -> Enhancer:
        cache = EnhanceStore(self.ports.dynamodb, self.settings.storage.table_name)
        return Enhancer(self._texts, cache, self.content_filter)

    @cached_property
    def _texts(self) -> PaidTexts:
        ports = self.ports
        return PaidTexts(ports.models, self.spending, ports.clock, ports.new_id)

    def _limiter(self, use: str, factor: int) -> Limiter:
        settings, ports = self.settings, self.ports
        return Limiter(
            store=WindowStore(ports.dynamodb, settings.storage.table_name),
            use=use,
            global_limit=settings.limits.global_limit * factor,
            ip_limit=settings.limits.ip_limit and settings.limits.ip_limit * factor,
            included=settings.limits.ip_include,
            clock=ports.clock,
            new_id=ports.new_id,
            factor=factor,
        )

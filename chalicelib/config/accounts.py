"""The sections of accounts: who may come in, what a person may do, and private pictures."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from chalicelib.config.reader import Reader, Secret

Auth = Literal["off", "cognito"]
SignUp = Literal["open", "invited"]
Mfa = Literal["off", "optional", "required"]


@dataclass(frozen=True)
class AccountSettings:
    """The user pool, how people come into it, and what a person may do in a day.

    `issuer` is what a token names, `keys_url` where the keys are that sign it, `endpoint` where a
    page signs in if that is not AWS itself. A daily limit that is None does not exist.
    """

    auth: Auth
    user_pool_id: str
    client_id: str
    issuer: str
    keys_url: str
    endpoint: str
    sign_up: SignUp
    mfa: Mfa
    user_daily_limit: int | None
    user_daily_spend: float | None
    allow_delete: bool

    @property
    def can_delete(self) -> bool:
        """Return whether runs can be deleted: their owner's, or everybody's where that is set."""
        return self.auth != "off" or self.allow_delete

    @property
    def region(self) -> str:
        return self.user_pool_id.partition("_")[0]


@dataclass(frozen=True)
class PictureSettings:
    """How long the address of a private picture works, in seconds, and the key that signs it."""

    url_seconds: int
    signing_key: Secret | None


def read(env: Reader) -> AccountSettings:
    """Read the section of accounts; raise SettingsError."""
    pool = env.text("USER_POOL_ID")
    issuer = env.address("TOKEN_ISSUER", "https", "http") or _issuer(pool)
    return AccountSettings(
        auth=cast(Auth, env.choice("AUTH", "off", get_args(Auth))),
        user_pool_id=pool,
        client_id=env.text("USER_POOL_CLIENT_ID"),
        issuer=issuer,
        keys_url=env.address("TOKEN_KEYS_URL", "https", "http") or _keys_url(issuer),
        endpoint=env.address("SIGN_IN_ENDPOINT", "https", "http"),
        sign_up=cast(SignUp, env.choice("SIGN_UP", "invited", get_args(SignUp))),
        mfa=cast(Mfa, env.choice("MFA", "off", get_args(Mfa))),
        user_daily_limit=_daily_limit(env),
        user_daily_spend=_daily_spend(env),
        allow_delete=env.flag("ALLOW_DELETE"),
    )


def read_pictures(env: Reader) -> PictureSettings:
    """Read the section of pictures; raise SettingsError."""
    key = env.text("IMAGE_SIGNING_KEY")
    return PictureSettings(
        url_seconds=env.integer("IMAGE_URL_SECONDS", 900, 60, 86_400),
        signing_key=Secret(key) if key else None,
    )


def _issuer(pool: str) -> str:
    region = pool.partition("_")[0]
    return f"https://cognito-idp.{region}.amazonaws.com/{pool}" if pool else ""


def _keys_url(issuer: str) -> str:
    return f"{issuer}/.well-known/jwks.json" if issuer else ""


def _daily_limit(env: Reader) -> int | None:
    """`off` lets a signed-in person make as many runs as the installation allows."""
    if env.text("USER_DAILY_LIMIT") == "off":
        return None
    return env.integer("USER_DAILY_LIMIT", 50, 1, 1_000_000)


def _daily_spend(env: Reader) -> float | None:
    """US dollars a UTC day and person; unset, there is no such ceiling."""
    if not env.text("USER_DAILY_SPEND_USD"):
        return None
    return env.number("USER_DAILY_SPEND_USD", 0, 0.01, 1_000_000)

"""The department of accounts, put together on the ground; loaded only where there are accounts."""

from functools import cached_property

from chalicelib.accounts.api_keys import ApiKeys
from chalicelib.accounts.directory import Directory
from chalicelib.accounts.gate import Gate
from chalicelib.accounts.heir import Heir
from chalicelib.accounts.keyset import KeySet
from chalicelib.accounts.profiles import Profiles
from chalicelib.accounts.tokens import TokenVerifier
from chalicelib.accounts.users import Users
from chalicelib.callers import Caller
from chalicelib.config import SettingsError
from chalicelib.wiring.ground import Ground


class Accounts:
    """Everything about accounts; made on first use."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._ports = ground.ports
        self._settings = ground.settings.accounts
        self._table = ground.settings.storage.table_name
        if not self._settings.issuer or not self._settings.client_id:
            raise SettingsError(
                "AUTH is 'cognito', but USER_POOL_ID or USER_POOL_CLIENT_ID is empty; they name "
                "the user pool and its client."
            )

    @cached_property
    def tokens(self) -> TokenVerifier:
        keys = KeySet(self._ports.fetch_token_keys, self._ports.clock)
        settings = self._settings
        return TokenVerifier(settings.issuer, settings.client_id, keys, self._ports.clock)

    @cached_property
    def gate(self) -> Gate:
        return Gate(
            self.tokens, self.keys, self.profiles, self.heir.is_heir, self._ground.members.has
        )

    @cached_property
    def keys(self) -> ApiKeys:
        ports = self._ports
        return ApiKeys(ports.dynamodb, self._table, ports.clock, ports.new_id, ports.new_secret)

    @property
    def profiles(self) -> Profiles:
        return self._ground.profiles

    @cached_property
    def directory(self) -> Directory:
        return Directory(self._ports.user_pool, self._settings.user_pool_id)

    @cached_property
    def users(self) -> Users:
        return Users(self.directory, self.profiles, self._used)

    def _used(self, caller: Caller) -> tuple[int, float]:
        ground = self._ground
        return ground.generate_limiter.used(caller), ground.spending.spent_today(caller)

    @cached_property
    def heir(self) -> Heir:
        return Heir(self._ports.dynamodb, self._table)

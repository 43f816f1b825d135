"""The composition root: the only builder of AWS clients, stores and services.

Everything is made on first use, so that importing costs nothing and needs no setting.
"""

import os
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib import config
from chalicelib.config import Settings
from chalicelib.wiring.ground import Ground
from chalicelib.wiring.jobs import Jobs
from chalicelib.wiring.ports import Ports, read_secret

if TYPE_CHECKING:
    from chalicelib.wiring.accounts import Accounts
    from chalicelib.wiring.batches import Batches


LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Where an interpreter finds its own library, as on Lambda."""


class Services:
    """One installation: the ground, and a department each on top of it."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports
        self.ground = Ground(settings, ports)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.ground)

    @cached_property
    def accounts(self) -> "Accounts":
        """Return the accounts; nothing of theirs is loaded where there are none."""
        from chalicelib.wiring.accounts import Accounts

        return Accounts(self.ground)

    @property
    def has_batches(self) -> bool:
        """Return whether there are batches: with accounts, or where everybody may have them."""
        return self.ground.has_accounts or self.settings.batches.open_to_all

    @cached_property
    def batches(self) -> "Batches":
        """Return the batches; nothing of theirs is loaded before somebody asks for them."""
        from chalicelib.wiring.batches import Batches

        return Batches(self.ground, {n: os.environ[n] for n in LOADER if n in os.environ})


@cache
def services() -> Services:
    """Return the installation that the environment describes; raise SettingsError."""
    settings = config.load(os.environ, read_secret)
    return Services(settings, Ports(settings))

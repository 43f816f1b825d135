"""Simulators of the image providers: their real wire protocols, strict, with faults on demand."""

from devstack.simulators.ledger import Call, Ledger
from devstack.simulators.server import Simulators, running_simulators

__all__ = ["Call", "Ledger", "Simulators", "running_simulators"]

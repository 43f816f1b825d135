"""What the emulator keeps beside items and objects: small, so each service's is one record."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ministack import app as ministack
from ministack.core.persistence import _json_default, _json_object_hook

from devstack.state import tables
from devstack.state.store import Damaged, Key

SERVICE = "service"
OTHERS = ("secretsmanager", "cognito", "sqs", "kms")
"""Services whose state is kept once something has asked for them."""
Note = Callable[[Key, bytes | None], None]


class Services:
    """Notes the state of each service that differs from what was noted last."""

    def __init__(self) -> None:
        self._noted: dict[str, bytes] = {}

    def load(self, name: str, value: bytes) -> None:
        """Put back the state of a service."""
        self._noted[name] = value
        self.put_back(name, json.loads(value, object_hook=_json_object_hook))

    def put_back(self, name: str, state: Any) -> None:
        ministack._get_module(name).load_persisted_state(state)

    def note(self, note: Note) -> None:
        """Note what has changed; the whole of it when nothing was noted before."""
        for name, state in _states().items():
            value = json.dumps(state, default=_json_default).encode()
            if self._noted.get(name) != value:
                self._noted[name] = value
                note((SERVICE, name), value)

    def forget(self, name: str) -> None:
        """Note a service again: what was noted could not be kept."""
        self._noted.pop(name, None)


def former_state(folder: Path) -> Mapping[str, Any]:
    """Return what an earlier version kept: a JSON document a service; raise Damaged."""
    found = {}
    for name in ("dynamodb", "s3", *OTHERS):
        path = folder / f"{name}.json"
        if not path.exists():
            continue
        try:
            document = json.loads(path.read_text(), object_hook=_json_object_hook)
        except ValueError as problem:
            raise Damaged(
                f"{path} is damaged ({problem}); nothing was changed. To go on, put a copy of it "
                "back, or choose another directory with DATA_DIR=…."
            ) from problem
        found[name] = document.get("payload", document)
    return found


def _states() -> dict[str, Any]:
    states = {"dynamodb": tables.definitions(), "s3": ministack._get_module("s3").get_state()}
    for name in OTHERS:
        if name in ministack._loaded_modules:
            states[name] = ministack._loaded_modules[name].get_state()
    return states

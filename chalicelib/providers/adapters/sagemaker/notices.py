"""What SageMaker says when an asynchronous call has ended, and where its picture then lies.

A notice comes at least once, in any order, and names the call by the id that it was made with.
Everything else in it is another's word: the object is looked for where the id says it must be.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures

PREFIX = "own-models"
"""Below which the endpoint writes, in the product's own bucket."""
FAILURES = f"{PREFIX}/failures/"
"""Below which it writes why it has drawn nothing, under names of its own."""
_CLIENT_ERROR = re.compile(r"client error \(4\d\d\)|ClientError", re.IGNORECASE)
_TOO_LATE = re.compile(r"expired|\bTTL\b|timed? ?out", re.IGNORECASE)
_ITS_CODE = re.compile(r"code\\*\"\s*:\s*\\*\"([A-Z_]{3,40})")
_BAD_INPUT = (
    *("BAD_JSON", "INVALID_INPUT", "SIZE_REFUSED", "STEPS_REFUSED"),
    *("PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"),
)


class NoNotice(ValueError):
    """The message is none of SageMaker's notices about an asynchronous call."""


@dataclass(frozen=True)
class Notice:
    """The end of the call that was made as `name`; `reason` is set when it failed."""

    name: str
    is_completed: bool
    reason: str = ""


def read_notice(body: str) -> Notice:
    """Return what a message says; raise NoNotice."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NoNotice("no JSON") from None
    if not isinstance(told, Mapping):
        raise NoNotice("no object")
    name, status = told.get("inferenceId"), told.get("invocationStatus")
    if not isinstance(name, str) or status not in ("Completed", "Failed", "Expired"):
        raise NoNotice("no id, or no end")
    reason = _text(told.get("failureReason"))
    return Notice(name, status == "Completed", reason or (status if status == "Expired" else ""))


def failure_of(notice: Notice, failures: Failures) -> ProviderError:
    """Return the typed end of a call that failed: by the container's own code, then by words."""
    told = _ITS_CODE.search(notice.reason)
    code = told[1] if told else ""
    if code == "CONTENT_FILTERED":
        return failures.refused(billed="unknown")
    if code in _BAD_INPUT or _CLIENT_ERROR.search(notice.reason):
        return failures.bad_request()
    if _TOO_LATE.search(notice.reason):
        return failures.timed_out()
    return failures.down()


def output_place(name: str) -> tuple[str, str]:
    """Return the folder and the file of a call's picture below `PREFIX`."""
    folder, _, rest = name.partition(".")
    return folder, f"{rest.replace('.', '-')}.png"


def output_key(name: str) -> str:
    """Return the key of a call's picture in the bucket."""
    return "/".join((PREFIX, *output_place(name)))


def failure_key(address: str, bucket: str) -> str | None:
    """Return the key of what the endpoint would tell of a failure; None for another place."""
    key = address.removeprefix(f"s3://{bucket}/")
    return key if key != address and key.startswith(FAILURES) else None


def output_folder(owner: str) -> str:
    """Return the beginning of the keys of everything that was drawn for one owner of calls."""
    return f"{PREFIX}/{owner}/"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

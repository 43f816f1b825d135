"""What a failed answer in OpenAI's protocol says, whoever speaks it and in whatever words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures


@dataclass(frozen=True)
class ErrorBody:
    """What a failed answer says: `words` is its code, type and message, never shown to anybody.

    `stage` is where a moderation took place: at the prompt or at the picture.
    """

    status: int
    code: str
    kind: str
    field: object
    retry_after: float | None
    stage: object = None
    words: str = ""


Classifier = Callable[[ErrorBody, Failures], ProviderError | None]
"""A provider's own reading of an error; None leaves it to the HTTP status."""

_WORDED = (
    "code", "type", "status", "title", "message", "msg", "status_msg", "detail", "reason", "raw",
    "error", "errors", "innererror", "inner_error", "base_resp", "metadata",
)  # fmt: skip
"""Where gateways write what happened; nowhere else, because the prompt may be repeated there."""
_DEPTH, _LISTED = 5, 10

_REFUSAL = re.compile(
    r"moderation|content.?(policy|filter|check)|safety|sensitive|flagged|inappropriate|unsafe"
    r"|usage (policy|guidelines)|acceptable use|invalid_prompt|responsible.?ai|nsfw|prohibited"
    r"|risk.?detection|banned|(sexual|violent|explicit|adult|harmful|hateful|disallowed) content"
    r"|violat.{0,40}(polic|guideline|terms)|policy_violation|infring|copyright|third.?party rights"
    r"|敏感|违规|审核",
    re.IGNORECASE,
)
_NO_MONEY = re.compile(
    r"insufficient.{0,12}(quota|funds|units|credits?|balance)|budget|overdue|arrear"
    r"|balance.{0,20}insufficient|not.?enough.?(balance|credits)|\blimit: 0\b|unpaid|余额|额度|欠费"
    r"|limit.{0,40}(this|per|for the) month|monthly.{0,20}(limit|quota)|quota.{0,12}exhaust",
    re.IGNORECASE,
)
"""An empty account, whatever else is said."""
_MONEY = re.compile(
    r"credits?\b|balance|billing|spend(ing)?.?(limit|cap)|payment|top.?up|recharge"
    r"|free.?(trial|tier|quota)|set.?limit.?exceeded",
    re.IGNORECASE,
)
"""An empty account, unless a rate is meant: many a rate limit advertises what lifts it."""
_RATE = re.compile(
    r"rate.?limit(?!error)|per (second|minute|hour|day)|(again|retry) (in|after) \d", re.IGNORECASE
)
_BAD_KEY = re.compile(
    r"(incorrect|invalid|wrong|missing|expired|revoked).{0,20}(api.?key|\btoken\b)"
    r"|(api.?key|\btoken\b).{0,20}(invalid|incorrect|not valid|expired|revoked)|authentication"
    r"|not (been )?activated|model.?not.?open",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"model.?not.?(found|available)|deployment.?not.?found|no endpoints found"
    r"|(model|deployment).{0,60}(does not exist|not exist|not found|deprecated|retired|no longer"
    r"|not supported|disabled|not available)"
    r"|(unknown|invalid|unsupported|no such|unable to access).?model|not a (valid|supported) model",
    re.IGNORECASE,
)
_NO_SUCH_PATH = re.compile(
    r"(unexpected|unknown|no such) endpoint|endpoint not found|invalid url|cannot post|no route",
    re.IGNORECASE,
)


def error_body(found: object, status: int, retry_after: float | None = None) -> ErrorBody:
    """Read an answer's JSON: its error stands in `error`, or is the whole answer."""
    answer = found[0] if isinstance(found, list) and found else found
    whole = answer if isinstance(answer, Mapping) else {}
    inner = whole.get("error")
    body = inner if isinstance(inner, Mapping) else whole
    moderation, metadata = body.get("moderation_details"), body.get("metadata")
    reasons = metadata.get("reasons") if isinstance(metadata, Mapping) else None
    return ErrorBody(
        status=status,
        code=str(body.get("code") or ""),
        kind=str(body.get("type") or ""),
        field=body.get("param") or _located(body.get("detail")),
        retry_after=retry_after,
        stage=moderation.get("moderation_stage") if isinstance(moderation, Mapping) else None,
        words=" ".join([*_words(whole, _DEPTH), "flagged" if reasons else ""]),
    )


def is_refusal(words: str) -> bool:
    """Return whether the words of an error say that a policy refused the prompt or the picture."""
    return bool(_REFUSAL.search(words))


def classify_words(error: ErrorBody, failures: Failures) -> ProviderError | None:
    """Read the words of an error whose codes nobody documents, the clearest sign first."""
    if not 400 <= error.status < 500:
        return None
    if error.status != 429 and is_refusal(error.words):
        return failures.refused("no" if error.stage in (None, "input") else "unknown")
    if _BAD_KEY.search(error.words):
        return failures.bad_key()
    if _is_empty(error):
        return failures.out_of_credit()
    if error.status not in (400, 403, 404, 405, 410, 422) or error.field not in (None, "", "model"):
        return None
    if error.status in (404, 405) and _NO_SUCH_PATH.search(error.words):
        return failures.wrong_address()
    return failures.retired() if _GONE.search(error.words) else None


def _is_empty(error: ErrorBody) -> bool:
    if _NO_MONEY.search(error.words):
        return True
    of_a_rate = error.status == 429 and _RATE.search(error.words)
    return bool(_MONEY.search(error.words)) and not of_a_rate


def _located(details: object) -> object:
    """Return the field that a list of details names first."""
    first = details[0] if isinstance(details, list) and details else None
    place = first.get("loc") if isinstance(first, Mapping) else None
    return place[-1] if isinstance(place, list) and place else None


def _words(found: object, depth: int) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping) and depth:
        for name in _WORDED:
            yield from _words(found.get(name), depth - 1)
    elif isinstance(found, list) and depth:
        for each in found[:_LISTED]:
            yield from _words(each, depth - 1)

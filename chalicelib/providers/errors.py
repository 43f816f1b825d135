"""Why a provider gave no picture, told apart by each provider's own signs.

    ProviderError
    ├── BadKey           the key is wrong, missing or not permitted
    ├── OutOfCredit      the account is empty or has met its own spending cap
    ├── RateLimited      too many calls; carries the provider's own hint
    ├── Refused          the provider's policy refused the prompt or the picture
    ├── ModelRetired     the model id is gone; the sentence names the successor
    ├── BadRequest       the provider did not understand what we sent
    │   └── NotReached   the settings lead to no provider
    ├── TimedOut         no answer within the deadline
    ├── ProviderDown     the provider answered with a fault of its own, or could not be reached
    ├── BadResponse      an answer that is no picture
    └── Interrupted      our side stopped while the call was out

`billed` says what is known about the money: "no" (certainly not billed), "yes" or "unknown".
Only "no" may ever be retried on our own account. No message ever contains a key.
"""

from typing import ClassVar, Literal

Billed = Literal["no", "yes", "unknown"]


class ProviderError(Exception):
    """A typed end of one provider call.

    `sentence` tells a person what to do; `retry_after` is the provider's own hint in seconds.
    """

    code: ClassVar[str]
    retryable: ClassVar[bool] = False
    default_billed: ClassVar[Billed] = "no"

    def __init__(
        self,
        sentence: str,
        *,
        billed: Billed | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.billed: Billed = billed or self.default_billed
        self.retry_after = retry_after


class BadKey(ProviderError):
    code = "BAD_KEY"


class OutOfCredit(ProviderError):
    code = "OUT_OF_CREDIT"


class RateLimited(ProviderError):
    code, retryable = "RATE_LIMITED", True


class Refused(ProviderError):
    code = "REFUSED"


class ModelRetired(ProviderError):
    code = "MODEL_RETIRED"


class BadRequest(ProviderError):
    code = "BAD_REQUEST"


class NotReached(BadRequest):
    """The settings lead to no provider; nothing was asked, and nothing judged."""


class TimedOut(ProviderError):
    code, retryable, default_billed = "TIMEOUT", True, "unknown"


class ProviderDown(ProviderError):
    code, retryable = "UNAVAILABLE", True


class BadResponse(ProviderError):
    code, retryable, default_billed = "BAD_RESPONSE", True, "unknown"


class Interrupted(ProviderError):
    code, retryable, default_billed = "INTERRUPTED", True, "unknown"

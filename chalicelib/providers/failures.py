"""The failures of one provider and model, each with a sentence that tells a person what to do.

Adapters decide by their provider's own signs which of these it is; `from_status` is what an HTTP
status means where the provider gives no sign of its own. Nothing that a provider wrote is quoted:
it may hold the prompt or the key.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.config import ProviderId
from chalicelib.providers.errors import (
    BadKey,
    BadRequest,
    BadResponse,
    Billed,
    Interrupted,
    ModelRetired,
    NotReached,
    OutOfCredit,
    ProviderDown,
    ProviderError,
    RateLimited,
    Refused,
    TimedOut,
)
from chalicelib.providers.models.catalog import CatalogModel, provider_name, successor
from chalicelib.providers.transport.network import variables_set

_FIELD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class Failures:
    """`provider` is its name for people; `instead` is what to use once the model is gone.

    `setting` is where the operator chose the model, `product` what it makes, `prefix` what the
    model's other settings begin with.
    """

    provider: str
    model_id: str
    instead: str | None = None
    setting: str = "MODEL_<i>_ID"
    product: str = "picture"
    prefix: str = "MODEL_<i>_"

    @classmethod
    def of(cls, model: CatalogModel) -> "Failures":
        """The failures of a catalogued model, which knows its successor."""
        instead = model.successor or successor(model.provider, model.model_id)
        return cls(provider_name(model.provider), model.model_id, instead)

    @classmethod
    def of_text(cls, provider: ProviderId, model_id: str) -> "Failures":
        """The failures of the text model that enhances prompts."""
        return cls(provider_name(provider), model_id, setting="PROMPT_MODEL_ID", product="text")

    @classmethod
    def of_configured_text(
        cls, provider: ProviderId, model_id: str, instead: str | None
    ) -> "Failures":
        """The failures of a text model that has settings of its own."""
        prefix = "TEXT_MODEL_<i>_"
        name = provider_name(provider)
        return cls(name, model_id, instead, f"{prefix}ID", "text", prefix)

    def bad_key(self, credentials: str = "the key of this model") -> BadKey:
        return BadKey(
            f"{self.provider} did not accept {credentials}; check that, and whether the account "
            f"may use {self.model_id}."
        )

    def out_of_credit(self) -> OutOfCredit:
        return OutOfCredit(
            f"{self.provider} reports that the account has no credit left or has met its spending "
            "limit; add credit in the provider's console."
        )

    def rate_limited(self, retry_after: float | None = None) -> RateLimited:
        wait = f"in {math.ceil(retry_after)} s" if retry_after else "in a minute"
        return RateLimited(
            f"{self.provider} is taking no more calls from this account for now; try again {wait}.",
            retry_after=retry_after,
        )

    def refused(self, billed: Billed = "no") -> Refused:
        """`billed` is "unknown" when something had been made before it was refused."""
        return Refused(
            f"{self.provider} refused this prompt or its {self.product} under its content "
            "policy; rephrase the prompt.",
            billed=billed,
        )

    def retired(self) -> ModelRetired:
        advice = f"use {self.instead} instead" if self.instead else "choose a current model"
        return ModelRetired(
            f"{self.provider} does not offer {self.model_id}, or no longer; {advice} "
            f"({self.setting})."
        )

    def bad_request(self, field: object = None) -> BadRequest:
        """`field` is the setting that the provider named, if it named one."""
        named = f" ({field})" if isinstance(field, str) and _FIELD.fullmatch(field) else ""
        return BadRequest(
            f"{self.provider} rejected the request for {self.model_id}{named}; change the "
            "settings or the prompt."
        )

    def no_address(self) -> NotReached:
        return NotReached(
            f"Nobody knows where {self.model_id} is served; set {self.prefix}BASE_URL, or "
            f"{self.prefix}PROVIDER if one of the known providers serves it."
        )

    def wrong_address(self) -> NotReached:
        """Something answered that is not the provider's API: a web page, a redirect, a bare 404."""
        return NotReached(
            f"{self.provider} was not found at this address, which answers otherwise than its API "
            f"would for {self.model_id}; check {self.prefix}BASE_URL. Nothing was billed."
        )

    def no_client(self, problem: str) -> NotReached:
        """`problem` is the class of what the client's library raised."""
        return NotReached(
            f"The connection to {self.provider} could not be prepared ({problem}); check "
            "HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, SSL_CERT_FILE and REQUESTS_CA_BUNDLE."
        )

    def timed_out(self, billed: Billed = "unknown") -> TimedOut:
        return TimedOut(
            f"{self.provider} did not answer in time; try again, or raise {self.prefix}TIMEOUT.",
            billed=billed,
        )

    def unreachable(self) -> ProviderDown:
        """Name the variables of the machine that decide how it is reached, as far as any is set."""
        variables = " and ".join(variables_set())
        advice = f"check {variables}, or try again later" if variables else "try again later"
        return ProviderDown(f"{self.provider} could not be reached; {advice}.", billed="no")

    def lost(self) -> ProviderDown:
        """The connection broke after the request was sent."""
        return ProviderDown(
            f"{self.provider} broke off the connection before it answered; the call may have been "
            "billed. Try again.",
            billed="unknown",
        )

    def down(self, billed: Billed = "unknown") -> ProviderDown:
        return ProviderDown(
            f"{self.provider} has a fault of its own at the moment; try again later.",
            billed=billed,
        )

    def bad_response(self, billed: Billed = "yes") -> BadResponse:
        return BadResponse(
            f"{self.provider} answered with something that is not a {self.product}; try again.",
            billed=billed,
        )

    def interrupted(self, billed: Billed = "unknown") -> Interrupted:
        return Interrupted(
            f"{self.provider} had not delivered yet when the call was interrupted; try again.",
            billed=billed,
        )

    def from_page(self, status: int, headers: Mapping[str, str]) -> ProviderError | None:
        """Return what a web page means in place of an API's answer; None for any other answer.

        One that forbids is a firewall's: it minds what was sent, and nobody judged that.
        """
        if not headers.get("Content-Type", "").lower().startswith("text/html"):
            return None
        if status == 403:
            return self.bad_request()
        return self.wrong_address() if status in (200, 404, 405) else None

    def from_status(self, status: int, retry_after: float | None = None) -> ProviderError:
        """Return what a status means by itself; only 429 and 503 promise that nothing was made.

        A bare 404 is a wrong address: that a model is gone, a provider says in its own words.
        """
        meant: Mapping[int, Callable[[], ProviderError]] = {
            401: self.bad_key,
            402: self.out_of_credit,
            403: self.bad_key,
            404: self.wrong_address,
            405: self.wrong_address,
            408: self.timed_out,
            410: self.retired,
            451: self.refused,
            499: self.down,
            504: self.timed_out,
        }
        if status in meant:
            return meant[status]()
        if 300 <= status < 400:
            return self.wrong_address()
        if status == 429:
            return self.rate_limited(retry_after)
        if 400 <= status < 500:
            return self.bad_request()
        if status >= 500:
            return self.down("no" if status == 503 else "unknown")
        return self.bad_response("unknown")


def retry_hint(headers: Mapping[str, str]) -> float | None:
    """The wait in seconds that an answer's headers ask for; dates are not understood."""
    for name, scale in (("retry-after-ms", 1000), ("Retry-After", 1)):
        raw = headers.get(name, "")
        if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", raw, re.ASCII):
            return float(raw) / scale
    return None

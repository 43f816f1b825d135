"""Plain HTTPS for the providers without an SDK: bounded, without redirects, without surprises."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from chalicelib.providers.base import Deadline
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within
from chalicelib.providers.transport.fetch import Fetcher

CONNECT_SECONDS = 5.0
MAX_BODY_BYTES = 64 * 1024 * 1024
POOL_SIZE = 20
_CHUNK = 256 * 1024
_NEVER_REACHED = (
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
)


@dataclass(frozen=True)
class Reply:
    """A whole answer, whatever its status; header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body's JSON object, empty when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def open_session() -> requests.Session:
    """Make a session for many threads that reads no variables itself and keeps no cookie."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", HTTPAdapter(pool_maxsize=POOL_SIZE))
    session.mount("http://", HTTPAdapter(pool_maxsize=POOL_SIZE))
    return session


@dataclass(frozen=True)
class RestClient:
    """A provider's session with its address and key; `fetcher` collects its pictures."""

    session: requests.Session
    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    fetcher: Fetcher

    def post(self, path: str, deadline: Deadline, failures: Failures, **content: Any) -> Reply:
        """Send once to a path below the base URL, with the key; `content` as requests takes it."""
        headers = {**self.headers, **content.pop("headers", {})}
        url = f"{self.base_url.rstrip('/')}{path}"
        reply = send(self.session, "POST", url, deadline, failures, headers=headers, **content)
        if page := failures.from_page(reply.status, reply.headers):
            raise page
        if 300 <= reply.status < 400:
            raise failures.wrong_address()
        return reply


def send(
    session: requests.Session,
    method: str,
    url: str,
    deadline: Deadline,
    failures: Failures,
    *,
    limit: float | None = None,
    **content: Any,
) -> Reply:
    """Sends once and returns the whole answer, or raises why there is none.

    `limit` ends this call sooner than the deadline does; `content` is what requests takes.
    """

    def call(seconds: float) -> Reply:
        seconds = min(seconds, limit or seconds)
        try:
            return _exchange(session, method, url, seconds, content, failures)
        except requests.RequestException as problem:
            # The problem may quote the address or a header, so it is left behind.
            raise _translate(problem, failures) from None

    return finish_within(deadline, failures, call)


def _exchange(
    session: requests.Session,
    method: str,
    url: str,
    seconds: float,
    content: dict[str, Any],
    failures: Failures,
) -> Reply:
    timeout = (min(CONNECT_SECONDS, seconds), seconds)
    proxy = network.proxy_url(url)
    with session.request(
        method,
        url,
        timeout=timeout,
        allow_redirects=False,
        stream=True,
        proxies={"http": proxy, "https": proxy} if proxy else {},
        verify=network.certificate_file(url),
        **content,
    ) as response:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise failures.bad_response("unknown")
        return Reply(response.status_code, response.headers, bytes(body))


def _translate(problem: requests.RequestException, failures: Failures) -> ProviderError:
    if isinstance(problem, _NEVER_REACHED):
        return failures.unreachable()
    if isinstance(problem, requests.Timeout):
        return failures.timed_out()
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        return failures.unreachable()
    if isinstance(cause, ReadTimeoutError):
        # While a body is read, requests reports a timeout as a broken connection.
        return failures.timed_out()
    return failures.lost()

"""Who may talk to the emulator: holders of this start's address, about the services in use.

The emulator serves some ninety services without credentials, and pages of any site. Here a request
must begin with a path that is random per start (which every AWS client takes as part of its
endpoint, whatever credentials it signs with), must name the emulator's own host, must not come
from a page, and must be for DynamoDB, the bucket, the queue of batches, the models' secret or,
where there are accounts, Cognito. Runs in the emulator's own environment, so it imports nothing of
the engine's.
"""

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]

HEALTH, MAILS = "/_ministack/health", "/_ministack/ses/messages"
WRITING = "writing"
"""As the query of the health's path: whether what is written can be kept, tried by writing."""
TOKEN_KEYS = "/.well-known/jwks.json"
TARGETS = (b"DynamoDB_20120810.", b"secretsmanager.", b"AmazonSQS.")
OF_ACCOUNTS = (b"AWSCognitoIdentityProviderService.",)
"""What may be asked through one address, by the operation's prefix."""
NOT_KEPT = tuple(
    b"DynamoDB_20120810." + name
    for name in (b"Execute", b"BatchExecute", b"DeleteTable", b"Restore", b"Import")
)
"""Changes items in ways that `tables` does not follow; the product has no use for them."""
REFUSAL = b'{"message": "This address serves the local engine only."}'


class Guard:
    """Hands on what may pass, without the secret path, and answers 403 to the rest."""

    def __init__(
        self, app: Asgi, token: str, port: int, bucket: str, *, accounts: bool = False
    ) -> None:
        self._app = app
        self._prefix = f"/{token}"
        self._hosts = {f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost")}
        self._bucket = bucket
        self._accounts = accounts
        self._targets = TARGETS + OF_ACCOUNTS if accounts else TARGETS

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and self._may_pass(scope):
            await self._app(self._inner(scope), receive, send)
        else:
            await _refuse(scope, send)

    def _may_pass(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        if b"origin" in headers or headers.get(b"host") not in self._hosts:
            return False
        path = scope["path"]
        if not (path == self._prefix or path.startswith(f"{self._prefix}/")):
            return False
        inner = path.removeprefix(self._prefix) or "/"
        target = headers.get(b"x-amz-target")
        if target is not None:
            asked = target.startswith(self._targets) and not target.startswith(NOT_KEPT)
            return inner == "/" and asked
        if self._accounts and scope["method"] == "GET" and _of_accounts(inner):
            return True
        return inner == HEALTH or inner.split("/")[1] == self._bucket

    def _inner(self, scope: Scope) -> Scope:
        prefix = self._prefix.encode()
        raw = scope.get("raw_path")
        return {
            **scope,
            "path": scope["path"].removeprefix(self._prefix) or "/",
            "raw_path": (raw.removeprefix(prefix) or b"/") if raw else raw,
        }


def _of_accounts(path: str) -> bool:
    return path == MAILS or (path.endswith(TOKEN_KEYS) and path.count("/") == 3)


async def _refuse(scope: Scope, send: Any) -> None:
    if scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSAL})

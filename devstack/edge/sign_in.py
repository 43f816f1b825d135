"""Cognito's API on the product's own origin: what a browser may ask without credentials of AWS."""

from __future__ import annotations

from aiohttp import ClientError, ClientSession, web

PATH = "/local/cognito"
SERVICE = "AWSCognitoIdentityProviderService."
MAX_BODY = 64 * 1024
OPERATIONS = frozenset(
    {
        "AssociateSoftwareToken",
        "ChangePassword",
        "ConfirmForgotPassword",
        "ConfirmSignUp",
        "ForgotPassword",
        "GetTokensFromRefreshToken",
        "GetUser",
        "GlobalSignOut",
        "InitiateAuth",
        "ResendConfirmationCode",
        "RespondToAuthChallenge",
        "RevokeToken",
        "SetUserMFAPreference",
        "SignUp",
        "VerifySoftwareToken",
    }
)
"""Those that AWS takes unsigned and a page needs; whoever is not signed in reaches no other."""
PASSED_BACK = ("Content-Type", "x-amzn-ErrorType", "x-amzn-RequestId")


class SignIn:
    """Hands on the operations above, and nothing of the caller's but operation and body."""

    def __init__(self, session: ClientSession, emulator: str) -> None:
        self._session = session
        self._emulator = f"{emulator}/"

    async def serve(self, request: web.Request) -> web.Response:
        target = request.headers.get("X-Amz-Target", "")
        if target.removeprefix(SERVICE) not in OPERATIONS or not target.startswith(SERVICE):
            return _refused(400, "UnknownOperationException")
        if (request.content_length or MAX_BODY + 1) > MAX_BODY:
            return _refused(413, "RequestTooLargeException")
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        body = await request.read()
        try:
            async with self._session.post(self._emulator, data=body, headers=headers) as answer:
                kept = {n: answer.headers[n] for n in PASSED_BACK if n in answer.headers}
                kept["Cache-Control"] = "no-store"
                return web.Response(status=answer.status, headers=kept, body=await answer.read())
        except ClientError:
            return _refused(503, "ServiceUnavailableException")


def _refused(status: int, kind: str) -> web.Response:
    return web.json_response({"__type": kind, "message": "Not served here."}, status=status)

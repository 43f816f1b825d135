"""What Amazon Cognito checks and the emulator leaves out, put back.

Without this, anybody who reaches the pool signs in as anybody: the emulator takes an answer to a
challenge without its session, forged refresh tokens, the codes 123456 and 654321, a `sub` of one's
own choice at sign-up. Runs in the emulator's own environment, so it imports nothing of the
engine's; the private names that it uses are pinned by requirements-engine.txt and held by
tests/devstack/test_pool_rules.py. What still differs from AWS is in docs/accounts.md.
"""

import json
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from threading import RLock
from types import ModuleType
from typing import Any

from devstack.state.cognito_lockout import Lockout
from devstack.state.cognito_sessions import Session, Sessions

Json = dict[str, Any]
Answer = tuple[int, Json, bytes]
Handler = Callable[[Json], Answer]

CODE_SECONDS, WRONG_CODES = 3600, 5
TOTP, SETUP, NEW_PASSWORD = "SOFTWARE_TOKEN_MFA", "MFA_SETUP", "NEW_PASSWORD_REQUIRED"
CODES = {"ConfirmSignUp": "_confirmation_code", "ConfirmForgotPassword": "_reset_code"}
NO_SESSION = "Invalid session for the user."

_strict: ContextVar[bool] = ContextVar("strict", default=False)


class _StrictForPeople(ModuleType):
    """The emulator's main module, whose AUTH is on for whoever asks while Cognito answers."""

    @property
    def AUTH(self) -> bool:  # noqa: N802 - the emulator's own name
        return _strict.get()


def enforce() -> None:
    """Make the emulator's Cognito strict, and nothing else of it."""
    from ministack import app

    app.__class__ = _StrictForPeople
    put_back()


def put_back() -> None:
    """Refuse what AWS refuses, where the emulator is strict already.

    Its state then is one that no request is changing.
    """
    from ministack.services import cognito

    rules = Rules(cognito)
    cognito._run_idp_handler = rules.run
    cognito._send_verification_email = rules.send_code
    cognito.get_state = rules.state


class Rules:
    """Stands between Cognito's dispatcher and its handlers."""

    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito
        self._state: Callable[[], Json] = cognito.get_state
        self._run = cognito._run_idp_handler
        self._send = cognito._send_verification_email
        self._sessions = Sessions()
        self._lockout = Lockout()
        # Requests have a thread each, and a code or a session counts once.
        self._lock = RLock()
        self._checks: dict[str, Callable[[Json], Answer | None]] = {
            "SignUp": self._check_sign_up,
            "InitiateAuth": self._check_flow,
            "RespondToAuthChallenge": self._check_challenge,
            "ForgotPassword": self._check_resettable,
            "ConfirmSignUp": self._forget_late_codes,
            "ConfirmForgotPassword": self._forget_late_codes,
            "AssociateSoftwareToken": self._check_setting_up,
            "VerifySoftwareToken": self._check_setting_up,
            "SetUserMFAPreference": self._check_preference,
            "UpdateUserAttributes": self._check_attribute_change,
        }

    def run(self, handler: Handler, action: str, data: Json) -> Answer:
        """Answer one request: refuse it, or hand it on and look at what comes back."""
        _strict.set(True)
        with self._lock:
            if action in self._cognito._UNSIGNED_IDP_ACTIONS:
                self._cognito._pin_unsigned_idp_scope(data)
            _lower_names(data)
            check = self._checks.get(action)
            answer = self._check_guessing(data) or (check(data) if check else None)
            return answer or self._after(action, data, self._run(handler, action, data))

    def state(self) -> Json:
        """Return what the emulator keeps of Cognito, between two requests."""
        with self._lock:
            return self._state()

    def send_code(
        self, pool: Json, username: str, attributes: Json, _code: str, attribute_name: str = "email"
    ) -> Any:
        """Send a random code instead of the emulator's fixed one."""
        user = self._user(pool, username)
        if user is None:
            return None
        code = f"{secrets.randbelow(10**6):06d}"
        field = "_reset_code" if attribute_name == "password" else "_confirmation_code"
        user[field], user["_code_until"] = code, time.time() + CODE_SECONDS
        user["_wrong_codes"] = 0
        return self._send(pool, username, attributes, code, attribute_name)

    def _check_guessing(self, data: Json) -> Answer | None:
        user = self._whose_password(data)
        if user and self._lockout.holds(user["Username"], time.time()):
            return self._refuse("Password attempts exceeded")
        return None

    def _whose_password(self, data: Json) -> Json | None:
        """Return the user whose password a request tries."""
        if data.get("AuthFlow") == "USER_PASSWORD_AUTH":
            given = data.get("AuthParameters")
        elif data.get("ChallengeName") == "PASSWORD_VERIFIER":
            given = data.get("ChallengeResponses")
        else:
            return None
        pool, name = self._pool(data), given.get("USERNAME") if isinstance(given, dict) else None
        return self._user(pool, name) if pool and name else None

    def _note_guess(self, data: Json, status: int, body: Json) -> None:
        user = self._whose_password(data)
        is_wrong = str(body.get("message")).startswith("Incorrect username or password")
        if user and (status == 200 or is_wrong):
            self._lockout.note(user["Username"], status == 200, time.time())

    def _check_sign_up(self, data: Json) -> Answer | None:
        pool = self._pool(data)
        if pool and pool["AdminCreateUserConfig"].get("AllowAdminCreateUserOnly"):
            return self._refuse("SignUp is not permitted for this user pool")
        named = {attribute.get("Name") for attribute in data.get("UserAttributes") or ()}
        if pool and named - set(self._client(pool, data)["WriteAttributes"]):
            return self._refuse("A client attempted to write unauthorized attribute")
        return None

    def _check_attribute_change(self, _data: Json) -> Answer:
        """Without the confirmation that the template asks for, an address would be anybody's."""
        return self._refuse("A client attempted to write unauthorized attribute")

    def _check_flow(self, data: Json) -> Answer | None:
        pool, flow = self._pool(data), f"ALLOW_{data.get('AuthFlow')}"
        if pool and flow not in self._client(pool, data)["ExplicitAuthFlows"]:
            return self._refuse("Auth flow not enabled for this client", "InvalidParameter")
        return None

    def _check_resettable(self, data: Json) -> Answer | None:
        user = self._named(data)
        if user and user["UserStatus"] not in ("CONFIRMED", "RESET_REQUIRED"):
            return self._refuse("User password cannot be reset in the current state.")
        return None

    def _check_preference(self, data: Json) -> Answer | None:
        user = self._cognito._user_for_access_token(data.get("AccessToken"))
        wanted = (data.get("SoftwareTokenMfaSettings") or {}).get("Enabled")
        if user and wanted and not user.get("_totp_secret"):
            return self._refuse("User has not set up software token mfa", "InvalidParameter")
        return None

    def _check_setting_up(self, data: Json) -> Answer | None:
        """An app is set up by somebody signed in, or on the way there."""
        if data.get("AccessToken") or self._sessions.use(data, SETUP):
            return None
        return self._refuse(NO_SESSION)

    def _check_challenge(self, data: Json) -> Answer | None:
        challenge, pool = data.get("ChallengeName"), self._pool(data)
        if challenge == "PASSWORD_VERIFIER" or pool is None:
            return None
        if challenge not in (NEW_PASSWORD, TOTP, SETUP):
            return self._refuse("The challenge is not supported.", "InvalidParameter")
        session = self._sessions.use(data, challenge)
        responses = data.get("ChallengeResponses") or {}
        user = self._user(pool, responses.get("USERNAME"))
        if session is None or user is None or user["Username"] != session.user:
            return self._refuse(NO_SESSION)
        return self._check_response(pool, user, session, responses)

    def _check_response(
        self, pool: Json, user: Json, session: Session, responses: Json
    ) -> Answer | None:
        if session.challenge == NEW_PASSWORD:
            chosen = responses.get("NEW_PASSWORD") or ""
            wrong: Answer | None = self._cognito._validate_password(pool, chosen)
            return wrong
        if session.challenge == SETUP:
            return None if session.verified else self._refuse(NO_SESSION)
        if responses.get("SOFTWARE_TOKEN_MFA_CODE") == user.get("_last_totp_code"):
            used = "Your software token has already been used once."
            return self._refuse(used, "ExpiredCode")
        return None if user.get("_totp_secret") else self._refuse(NO_SESSION)

    def _after(self, action: str, data: Json, answer: Answer) -> Answer:
        body: Json = json.loads(answer[2] or b"{}")
        self._note_guess(data, answer[0], body)
        if answer[0] != 200:
            if action in CODES and body.get("__type") == "CodeMismatchException":
                self._count_wrong_code(data)
            return answer
        if action == "ConfirmSignUp":
            self._verify_address(data)
        if action in ("AssociateSoftwareToken", "VerifySoftwareToken"):
            self._after_setting_up(data, body)
        if action == "InitiateAuth" and data["AuthFlow"] != "REFRESH_TOKEN_AUTH":
            return self._after_a_step(data, None, data["AuthParameters"], body) or answer
        if action == "RespondToAuthChallenge":
            answered = data["ChallengeName"]
            return self._after_a_step(data, answered, data["ChallengeResponses"], body) or answer
        return answer

    def _after_a_step(
        self, data: Json, answered: str | None, given: Json, body: Json
    ) -> Answer | None:
        """Remember the challenge that is asked; ask for a second factor that was left out."""
        self._sessions.take(data)
        pool = self._pool(data)
        if pool is None or body.get("ChallengeName") == "PASSWORD_VERIFIER":
            return None
        asked = (body.get("ChallengeParameters") or {}).get("USER_ID_FOR_SRP")
        user = self._user(pool, asked or given.get("USERNAME"))
        if user is None:
            return self._refuse("Incorrect username or password.")
        if answered == TOTP:
            user["_last_totp_code"] = given.get("SOFTWARE_TOKEN_MFA_CODE")
        elif "ChallengeName" not in body and answered != SETUP:
            body = self._second_factor(pool, user) or body
        if "ChallengeName" in body:
            challenge = Session(body["ChallengeName"], data["ClientId"], user["Username"])
            self._sessions.add(body["Session"], challenge)
        answer: Answer = self._cognito.json_response(body)
        return answer

    def _second_factor(self, pool: Json, user: Json) -> Json | None:
        """Return the challenge that stands between the password and the tokens."""
        name = user["Username"]
        known: Json | None = self._cognito._mfa_challenge_for_user(pool, user, pool["Id"], name)
        if known or pool["MfaConfiguration"] != "ON":
            return known
        parameters = {"MFAS_CAN_SETUP": json.dumps([TOTP]), "USER_ID_FOR_SRP": name}
        return {
            "ChallengeName": SETUP,
            "Session": secrets.token_urlsafe(32),
            "ChallengeParameters": parameters,
        }

    def _after_setting_up(self, data: Json, body: Json) -> None:
        """Carry the session on to the next step; its user has the secret once a code was right."""
        session = None if data.get("AccessToken") else self._sessions.take(data)
        if session is None:
            return
        if "SecretCode" in body:
            session.secret = body["SecretCode"]
        else:
            pool = self._cognito._pool_for_client(session.client)[0]
            user, session.verified = pool["_users"][session.user], True
            user.update(_totp_secret=session.secret, _mfa_enabled=[TOTP], _preferred_mfa=TOTP)
        self._sessions.add(body["Session"], session)

    def _verify_address(self, data: Json) -> None:
        if user := self._named(data):
            others = [a for a in user["Attributes"] if a["Name"] != "email_verified"]
            user["Attributes"] = [*others, {"Name": "email_verified", "Value": "true"}]

    def _count_wrong_code(self, data: Json) -> None:
        if user := self._named(data):
            user["_wrong_codes"] = user.get("_wrong_codes", 0) + 1
            self._forget_late_codes(data)

    def _forget_late_codes(self, data: Json) -> None:
        user = self._named(data)
        if user is None:
            return
        late = user.get("_code_until", 0) < time.time()
        if late or user.get("_wrong_codes", 0) >= WRONG_CODES:
            for field in CODES.values():
                user.pop(field, None)

    def _named(self, data: Json) -> Json | None:
        pool = self._pool(data)
        return self._user(pool, data.get("Username")) if pool else None

    def _pool(self, data: Json) -> Json | None:
        pool: Json | None = self._cognito._pool_for_client(data.get("ClientId"))[0]
        return pool

    def _client(self, pool: Json, data: Json) -> Json:
        client: Json = pool["_clients"][data["ClientId"]]
        return client

    def _user(self, pool: Json, name: object) -> Json | None:
        user: Json | None = self._cognito._resolve_user(pool, name)[0]
        return user

    def _refuse(self, sentence: str, kind: str = "NotAuthorized") -> Answer:
        answer: Answer = self._cognito.error_response_json(f"{kind}Exception", sentence, 400)
        return answer


def _lower_names(data: Json) -> None:
    """Addresses are names, in no letter case of their own."""
    for holder, key in (
        (data, "Username"),
        (data.get("AuthParameters"), "USERNAME"),
        (data.get("ChallengeResponses"), "USERNAME"),
    ):
        if isinstance(holder, dict) and isinstance(holder.get(key), str):
            holder[key] = holder[key].lower()
    for attribute in data.get("UserAttributes") or ():
        if isinstance(attribute, dict) and attribute.get("Name") == "email":
            attribute["Value"] = str(attribute.get("Value", "")).lower()

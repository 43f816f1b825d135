"""People of the local user pool, as a client that nobody here wrote sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from botocore import UNSIGNED
from botocore.config import Config
from pycognito.aws_srp import AWSSRP
from pycognito.exceptions import SoftwareTokenMFAChallengeException

from tests.support.product import Product, wait_until

PASSWORD = "Correct-horse-7-battery"
WELCOME = r"The first administrator is (\S+), password (\S+)"
Json = dict[str, Any]


@dataclass(frozen=True)
class Tokens:
    """What somebody who has signed in holds."""

    access: str
    id: str
    refresh: str

    @classmethod
    def of(cls, answer: Json) -> Tokens:
        result = answer["AuthenticationResult"]
        return cls(result["AccessToken"], result["IdToken"], result.get("RefreshToken", ""))


@dataclass(frozen=True)
class People:
    """The pool of a running product, reached as a browser does and, to invite, as AWS's owner."""

    product: Product

    @property
    def browser(self) -> Any:
        """A client without credentials on the product's own origin."""
        client: Any = boto3.client
        return client(
            "cognito-idp",
            region_name="us-east-1",
            endpoint_url=f"{self.product.url}/local/cognito",
            config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
        )

    @property
    def client_id(self) -> str:
        return self.product.user_pool_client

    def administrator(self) -> tuple[str, str]:
        """The address and the password that the engine printed at its first start."""
        found = re.search(WELCOME, self.product.said)
        assert found, self.product.said
        return found[1], found[2]

    def mails(self) -> list[Json]:
        """The mails so far, the newest first."""
        answer = requests.get(f"{self.product.url}/local/mail", timeout=10)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["mails"]
        return found

    def mail(self, email: str) -> str:
        """The text of the newest mail to somebody."""

        def newest() -> str | None:
            return next((m["text"] for m in self.mails() if m["to"] == email), None)

        return str(wait_until(newest))

    def code(self, email: str) -> str:
        found = re.search(r"\b\d{6}\b", self.mail(email))
        assert found
        return found[0]

    def srp(self, email: str, password: str) -> AWSSRP:
        """Sign-in by Secure Remote Password, the password never leaving this process."""
        return AWSSRP(
            username=email,
            password=password,
            pool_id=self.product.user_pool,
            client_id=self.client_id,
            client=self.browser,
        )

    def sign_in(self, email: str, password: str = PASSWORD) -> Tokens:
        return Tokens.of(self.srp(email, password).authenticate_user())

    def sign_in_with_code(self, email: str, password: str, code: str) -> Tokens:
        """Sign-in with a second factor."""
        try:
            self.srp(email, password).authenticate_user()
        except SoftwareTokenMFAChallengeException as asked:
            session = asked.get_tokens()["Session"]
        given = {"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code}
        return Tokens.of(self.respond("SOFTWARE_TOKEN_MFA", session, given))

    def respond(self, challenge: str, session: str, responses: Json) -> Json:
        answer: Json = self.browser.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=challenge,
            Session=session,
            ChallengeResponses=responses,
        )
        return answer

    def sign_up(self, email: str, password: str = PASSWORD) -> None:
        """Sign up and confirm."""
        named = {"ClientId": self.client_id, "Username": email}
        attributes = [{"Name": "email", "Value": email}]
        self.browser.sign_up(**named, Password=password, UserAttributes=attributes)
        self.browser.confirm_sign_up(**named, ConfirmationCode=self.code(email.lower()))

    def invite(self, email: str) -> str:
        """Return the first password, from the invitation's mail."""
        self.product.aws("cognito-idp").admin_create_user(
            UserPoolId=self.product.user_pool,
            Username=email,
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
            DesiredDeliveryMediums=["EMAIL"],
        )
        found = re.search(r"with the password (\S+) within", self.mail(email))
        assert found
        return found[1]

    def refresh(self, token: str) -> Tokens:
        answer = self.browser.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        return Tokens.of(answer)

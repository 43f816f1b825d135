"""The local user pool, as the deployment's template describes it, and its first administrator."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.config.accounts import AccountSettings, Mfa
from devstack.state.bootstrap import REGION
from devstack.template import Template

NAME = "pixel-prompt-local"
ADMIN_GROUP = "admin"
COGNITO_MFA: Mapping[Mfa, str] = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}
SAME_AS_TEMPLATE = (
    "AccountRecoverySetting",
    "AutoVerifiedAttributes",
    "Policies",
    "Schema",
    "UserAttributeUpdateSettings",
    "UsernameAttributes",
    "UsernameConfiguration",
    "VerificationMessageTemplate",
)
PASSWORD_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-+=!")


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    email: str
    password: str


@dataclass(frozen=True)
class UserPool:
    """The pool and its one client; `newcomer` is the administrator who was made just now."""

    pool_id: str
    client_id: str
    newcomer: Person | None = None


def prepare(
    endpoint: str, template: Template, settings: AccountSettings, admin_email: str
) -> UserPool:
    """Leave the pool as template and settings say, whether it existed or not."""
    session = boto3.Session("local", "local", region_name=REGION)
    cognito: Any = session.client("cognito-idp", endpoint_url=endpoint)
    pool_id = _pool(cognito, _wanted(template.user_pool(), settings))
    client_id = _client(cognito, pool_id, template.user_pool_client())
    _groups(cognito, pool_id, template)
    return UserPool(pool_id, client_id, _newcomer(cognito, pool_id, admin_email))


def _wanted(properties: Mapping[str, Any], settings: AccountSettings) -> dict[str, Any]:
    """Return the pool in the API's words, with what the template leaves to the settings."""
    invitation = properties["AdminCreateUserConfig"]
    return {
        **{name: properties[name] for name in SAME_AS_TEMPLATE},
        "MfaConfiguration": COGNITO_MFA[settings.mfa],
        "AdminCreateUserConfig": {
            **invitation,
            "AllowAdminCreateUserOnly": settings.sign_up == "invited",
        },
    }


def _pool(cognito: Any, wanted: Mapping[str, Any]) -> str:
    present = cognito.list_user_pools(MaxResults=60)["UserPools"]
    for pool in present:
        if pool["Name"] == NAME:
            unchangeable = ("Schema", "UsernameAttributes", "UsernameConfiguration")
            changed = {n: v for n, v in wanted.items() if n not in unchangeable}
            cognito.update_user_pool(UserPoolId=pool["Id"], **changed)
            return str(pool["Id"])
    return str(cognito.create_user_pool(PoolName=NAME, **wanted)["UserPool"]["Id"])


def _client(cognito: Any, pool_id: str, properties: Mapping[str, Any]) -> str:
    wanted = {**properties, "UserPoolId": pool_id}
    present = cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    if present:
        client_id = str(present[0]["ClientId"])
        wanted.pop("GenerateSecret")
        cognito.update_user_pool_client(ClientId=client_id, **wanted)
        return client_id
    return str(cognito.create_user_pool_client(**wanted)["UserPoolClient"]["ClientId"])


def _groups(cognito: Any, pool_id: str, template: Template) -> None:
    present = {g["GroupName"] for g in cognito.list_groups(UserPoolId=pool_id)["Groups"]}
    for group in template.user_pool_groups():
        if group["GroupName"] not in present:
            cognito.create_group(**{**group, "UserPoolId": pool_id})


def _newcomer(cognito: Any, pool_id: str, email: str) -> Person | None:
    """Return the first administrator, made unless there is one."""
    named = {"UserPoolId": pool_id, "Username": email}
    if cognito.list_users_in_group(UserPoolId=pool_id, GroupName=ADMIN_GROUP)["Users"]:
        return None
    password = new_password()
    known = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        cognito.admin_create_user(**named, UserAttributes=known, MessageAction="SUPPRESS")
    except cognito.exceptions.UsernameExistsException:
        """Made by a start that ended before anybody heard of it."""
    cognito.admin_set_user_password(**named, Password=password, Permanent=True)
    cognito.admin_add_user_to_group(**named, GroupName=ADMIN_GROUP)
    return Person(email, password)


def new_password() -> str:
    """Return sixteen random characters of every kind that the pool demands."""
    chosen = [secrets.choice(kind) for kind in PASSWORD_KINDS for _ in range(4)]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)

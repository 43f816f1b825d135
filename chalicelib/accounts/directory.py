"""The people of the user pool, as an administrator sees them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Detail, InvalidInput, NotFound, wrong_cursor

A_PAGE = 20
"""Each person's groups are a call of their own."""
EVERYBODY = "user"
GROUPS = ("admin", EVERYBODY)
_USER_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_REFUSED = {
    "UsernameExistsException": "has an account already",
    "InvalidParameterException": "is not an e-mail address",
}


@dataclass(frozen=True)
class User:
    """One person; `status` in the pool's own words, such as FORCE_CHANGE_PASSWORD."""

    user_id: str
    email: str
    enabled: bool
    status: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """Asks and changes the pool."""

    client: Any
    pool: str

    def page(self, cursor: str | None) -> tuple[list[User], str | None]:
        """Return some people with their groups, and the cursor of those after them."""
        more: Any = {"PaginationToken": cursor} if cursor else {}
        try:
            found = self.client.list_users(UserPoolId=self.pool, Limit=A_PAGE, **more)
        except ClientError as problem:
            if problem.response["Error"]["Code"] != "InvalidParameterException":
                raise
            raise wrong_cursor() from None
        users = [self._user(each, each.get("Attributes", [])) for each in found["Users"]]
        return users, found.get("PaginationToken")

    def find(self, user_id: str) -> User:
        """Return one person; raise NotFound."""
        if not _USER_ID.fullmatch(user_id):
            raise NotFound("There is no such user.")
        try:
            found = self.client.admin_get_user(UserPoolId=self.pool, Username=user_id)
        except self.client.exceptions.UserNotFoundException:
            raise NotFound("There is no such user.") from None
        return self._user(found, found.get("UserAttributes", []))

    def invite(self, email: str) -> User:
        """Have the pool send somebody an invitation; raise InvalidInput."""
        try:
            found = self.client.admin_create_user(
                UserPoolId=self.pool,
                Username=email,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )["User"]
        except ClientError as problem:
            code = problem.response["Error"]["Code"]
            if code not in _REFUSED:
                raise
            detail = Detail("email", _REFUSED[code])
            raise InvalidInput("This address cannot be invited.", (detail,)) from None
        user_id = found["Username"]
        self.set_groups(user_id, (), {EVERYBODY})
        return self._user(found, found.get("Attributes", []))

    def set_enabled(self, user_id: str, enabled: bool) -> None:
        """Let a person in or not; whoever is kept out is signed out everywhere."""
        if enabled:
            self.client.admin_enable_user(UserPoolId=self.pool, Username=user_id)
            return
        self.client.admin_disable_user(UserPoolId=self.pool, Username=user_id)
        self.client.admin_user_global_sign_out(UserPoolId=self.pool, Username=user_id)

    def set_groups(self, user_id: str, old: Collection[str], new: Collection[str]) -> None:
        """Make a person a member of these groups and of no other."""
        who: Any = {"UserPoolId": self.pool, "Username": user_id}
        for group in sorted(set(new) - set(old)):
            self.client.admin_add_user_to_group(GroupName=group, **who)
        for group in sorted(set(old) - set(new)):
            self.client.admin_remove_user_from_group(GroupName=group, **who)

    def _user(self, found: Mapping[str, Any], attributes: Collection[Mapping[str, str]]) -> User:
        told = {each["Name"]: each["Value"] for each in attributes}
        user_id = str(found["Username"])
        groups = self.client.admin_list_groups_for_user(UserPoolId=self.pool, Username=user_id)
        return User(
            user_id=user_id,
            email=told.get("email", ""),
            enabled=bool(found.get("Enabled", True)),
            status=str(found.get("UserStatus", "")),
            groups=tuple(sorted(group["GroupName"] for group in groups["Groups"])),
        )

"""A stand-in for the pool's administration: people in memory, with Cognito's own answers."""

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.unit.accounts.pool import ADA, ANN, BEN, NAMES


class UserNotFoundException(ClientError):
    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "UserNotFoundException", "Message": ""}}, "Any")


@dataclass
class Cognito:
    """Who is in the pool: enabled or not, and their groups."""

    enabled: dict[str, bool] = field(default_factory=lambda: dict.fromkeys((ANN, BEN, ADA), True))
    groups: dict[str, set[str]] = field(
        default_factory=lambda: {ANN: {"user"}, BEN: {"user"}, ADA: {"admin"}}
    )
    emails: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    signed_out: list[str] = field(default_factory=list)
    is_broken: bool = False

    class exceptions:  # noqa: N801  As boto3 spells it.
        UserNotFoundException = UserNotFoundException

    def _told(self, user: str) -> dict[str, Any]:
        if self.is_broken:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Any")
        if user not in self.emails:
            raise UserNotFoundException
        return {"Username": user, "Enabled": self.enabled[user], "UserStatus": "CONFIRMED"}

    def _attributes(self, user: str) -> list[dict[str, str]]:
        return [{"Name": "email", "Value": self.emails[user]}]

    def list_users(self, **wanted: Any) -> dict[str, Any]:
        if wanted.get("PaginationToken") not in (None, "second"):
            raise ClientError({"Error": {"Code": "InvalidParameterException"}}, "ListUsers")
        everybody = list(self.emails)
        part = everybody[2:] if "PaginationToken" in wanted else everybody[:2]
        more = {} if "PaginationToken" in wanted else {"PaginationToken": "second"}
        users = [{**self._told(u), "Attributes": self._attributes(u)} for u in part]
        return {"Users": users, **more}

    def admin_get_user(self, Username: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {**self._told(Username), "UserAttributes": self._attributes(Username)}

    def admin_create_user(self, Username: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        if Username in self.emails.values():
            raise ClientError({"Error": {"Code": "UsernameExistsException"}}, "AdminCreateUser")
        new = f"{len(self.emails)}" * 8
        self.emails[new], self.enabled[new], self.groups[new] = Username, True, set()
        return {"User": {**self._told(new), "Attributes": self._attributes(new)}}

    def admin_list_groups_for_user(self, Username: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {"Groups": [{"GroupName": group} for group in self.groups[Username]]}

    def admin_enable_user(self, Username: str, **_: Any) -> None:  # noqa: N803
        self.enabled[Username] = True

    def admin_disable_user(self, Username: str, **_: Any) -> None:  # noqa: N803
        self.enabled[Username] = False

    def admin_user_global_sign_out(self, Username: str, **_: Any) -> None:  # noqa: N803
        self.signed_out.append(Username)

    def admin_add_user_to_group(self, Username: str, GroupName: str, **_: Any) -> None:  # noqa: N803
        self.groups[Username].add(GroupName)

    def admin_remove_user_from_group(
        self,
        Username: str,  # noqa: N803
        GroupName: str,  # noqa: N803
        **_: Any,
    ) -> None:
        self.groups[Username].discard(GroupName)

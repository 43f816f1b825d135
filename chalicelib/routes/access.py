"""The one door: who may call an operation. Every HTTP request passes here before its view."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from chalicelib.callers import Caller, Scope
from chalicelib.errors import Forbidden, NotFound, Unauthenticated
from chalicelib.wiring import services

Access = Literal["public", "user", "account", "admin", "operator"]
"""Everybody; whoever has signed in, and everybody without accounts; the same, but only where
there are accounts; administrators; administrators, and without accounts programs of the machine
itself."""
_SCHEME = "bearer "
_OF_PAGES = {"origin", "referer", "sec-fetch-site"}


def admit(access: Access, scope: Scope | None, headers: Mapping[str, str], address: str) -> Caller:
    """Return who is calling; raise Unauthenticated, Forbidden, or NotFound without accounts.

    `scope` is what an API key needs, None where no key is enough.
    """
    if services().settings.accounts.auth == "off":
        if access in ("account", "admin"):
            raise NotFound("This installation has no accounts.")
        if access == "operator" and not _is_of_this_machine(headers, address):
            raise Forbidden("Without accounts this is done from the machine itself.")
        return Caller(address)
    if access == "public":
        return Caller(address)
    caller = replace(admit_token(_token(headers), scope), address=address)
    if access in ("admin", "operator") and not caller.is_admin:
        raise Forbidden("Only an administrator may do this.")
    return caller


def admit_token(token: str, scope: Scope | None) -> Caller:
    """Return whose token it is; raise Unauthenticated, or Forbidden for a key without the scope."""
    caller = services().accounts.gate.caller(token)
    if caller.scopes is not None and (scope is None or scope not in caller.scopes):
        raise Forbidden("This key may not be used for this.")
    return caller


def _is_of_this_machine(headers: Mapping[str, str], address: str) -> bool:
    """Return whether a program of this machine asks: a page says where it comes from."""
    return address in ("127.0.0.1", "::1") and not headers.keys() & _OF_PAGES


def _token(headers: Mapping[str, str]) -> str:
    value = headers.get("authorization", "")
    if value[: len(_SCHEME)].lower() != _SCHEME:
        raise Unauthenticated
    return value[len(_SCHEME) :].strip()

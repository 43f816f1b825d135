"""The mails that the local user pool would send: in the terminal, and at `/local/mail`.

They hold codes and first passwords. Pages of other origins and other users of this machine do not
get them, although they reach the port.
"""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError, ClientSession, web

from devstack.edge.neighbours import is_of

PATH = "/local/mail"
LOOK_SECONDS = 1.0
OWN_PAGE = ("same-origin", "none")
"""Of Sec-Fetch-Site: this origin's page, or an address that a person typed."""


@dataclass(frozen=True)
class Mail:
    """One mail; `sent_at` is an ISO 8601 time."""

    id: str
    to: str
    subject: str
    text: str
    sent_at: str


class Mails:
    """Reads the emulator's sent mails, for one user of this machine."""

    def __init__(self, session: ClientSession, emulator: str, user: int) -> None:
        self._user = user
        self._session = session
        self._address = f"{emulator}/_ministack/ses/messages"

    async def serve(self, request: web.Request) -> web.Response:
        """Answer them, the newest first: a page to a browser, JSON to a program."""
        foreign = "Origin" in request.headers and not _is_own(request)
        if foreign or request.headers.get("Sec-Fetch-Site", "none") not in OWN_PAGE:
            return _refused("Only this server's own page may read mails.")
        if not is_of(self._user, request):
            return _refused("Another user of this machine asks for mails that are not theirs.")
        mails = list(reversed(await self._sent()))
        headers = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}
        if "text/html" in request.headers.get("Accept", ""):
            return web.Response(text=_page(mails), content_type="text/html", headers=headers)
        return web.json_response({"mails": [_wire(mail) for mail in mails]}, headers=headers)

    async def tell(self, say: Callable[[str], None]) -> None:
        """Say each mail that is sent from now on, without end."""
        told = {mail.id for mail in await self._sent()}
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for mail in await self._sent():
                if mail.id not in told:
                    told.add(mail.id)
                    say(f"Mail to {mail.to}: {mail.subject}\n    {mail.text}")

    async def _sent(self) -> list[Mail]:
        """Return all mails, the oldest first; none while the emulator is being replaced."""
        try:
            async with self._session.get(self._address) as answer:
                found = await answer.json() if answer.status == 200 else {}
        except ClientError:
            return []
        messages = [m for of_account in found.get("messages", {}).values() for m in of_account]
        return sorted((_mail(message) for message in messages), key=lambda mail: mail.sent_at)


def _mail(message: dict[str, Any]) -> Mail:
    return Mail(
        id=str(message["MessageId"]),
        to=", ".join(message["To"]),
        subject=str(message["Subject"]),
        text=str(message.get("BodyText") or message.get("BodyHtml") or ""),
        sent_at=datetime.fromtimestamp(message["Timestamp"], UTC).isoformat(),
    )


def _wire(mail: Mail) -> dict[str, str]:
    known = asdict(mail)
    return {**known, "sentAt": known.pop("sent_at")}


def _page(mails: list[Mail]) -> str:
    shown = [
        f"<h2>{html.escape(mail.subject)}</h2><p>To {html.escape(mail.to)}, "
        f"{html.escape(mail.sent_at)}</p><p>{html.escape(mail.text)}</p>"
        for mail in mails
    ]
    nothing = "<p>No mail has been sent since the engine started.</p>"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title><h1>Mails</h1>'
    return head + ("".join(shown) or nothing)


def _is_own(request: web.Request) -> bool:
    return request.headers["Origin"] == f"http://{request.host}"


def _refused(sentence: str) -> web.Response:
    return web.json_response({"error": sentence, "code": "FORBIDDEN"}, status=403)

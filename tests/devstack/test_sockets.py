"""`/ws`: events shaped as API Gateway's, and posting by connection id."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import (
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    WSServerHandshakeError,
)
from botocore.exceptions import ClientError

from tests.support.product import Product, wait_until

SECONDS = 10.0


@asynccontextmanager
async def connected(product: Product, query: str = "") -> AsyncIterator[ClientWebSocketResponse]:
    async with ClientSession() as session, session.ws_connect(product.websocket + query) as socket:
        yield socket


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        await asyncio.wait_for(work(), SECONDS)

    asyncio.run(limited())


async def echoed(socket: ClientWebSocketResponse, text: str = "hello") -> dict[str, Any]:
    """The event that the app got for a message."""
    await socket.send_str(text)
    event: dict[str, Any] = await socket.receive_json()
    return event


def status_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_a_message_becomes_an_event_with_its_connection(probe: Product) -> None:
    async def talk() -> None:
        async with connected(probe) as socket:
            first, second = await echoed(socket), await echoed(socket, "ü")
        context = first["requestContext"]
        assert (first["body"], second["body"]) == ("hello", "ü")
        assert (context["routeKey"], context["eventType"]) == ("$default", "MESSAGE")
        assert context["identity"]["sourceIp"] in ("127.0.0.1", "::1")
        assert context["connectionId"] == second["requestContext"]["connectionId"]
        assert context["requestId"] != second["requestContext"]["requestId"]
        assert context["connectedAt"] <= context["requestTimeEpoch"]

    run(talk)


def test_binary_messages_are_base64_in_the_event(probe: Product) -> None:
    async def talk() -> None:
        async with connected(probe) as socket:
            await socket.send_bytes(b"\x00\xff")
            event = await socket.receive_json()
        assert event["isBase64Encoded"] is True
        assert base64.b64decode(event["body"]) == b"\x00\xff"

    run(talk)


def test_connect_can_turn_a_client_away(probe: Product) -> None:
    async def talk() -> None:
        with pytest.raises(WSServerHandshakeError) as refusal:
            async with connected(probe, "?refuse=1"):
                pass
        assert refusal.value.status == 401

    run(talk)


def test_a_plain_request_for_the_socket_is_told_to_upgrade(probe: Product) -> None:
    async def ask() -> None:
        async with ClientSession() as session, session.get(f"{probe.url}/ws") as answer:
            assert answer.status == 426

    run(ask)


def test_a_failing_handler_is_reported_and_the_connection_lives_on(probe: Product) -> None:
    async def talk() -> None:
        async with connected(probe) as socket:
            await socket.send_str("fail")
            complaint = await socket.receive_json()
            assert complaint["message"] == "Internal server error"
            assert (await echoed(socket))["body"] == "hello"

    run(talk)


def test_leaving_runs_the_disconnect_handler(probe: Product) -> None:
    connections = []

    async def talk() -> None:
        async with connected(probe) as socket:
            connections.append((await echoed(socket))["requestContext"]["connectionId"])

    run(talk)
    key = {"pk": {"S": connections[0]}, "sk": {"S": "item"}}
    table = probe.aws("dynamodb")
    item = wait_until(
        lambda: table.get_item(TableName="pixel-prompt-local", Key=key).get("Item"), SECONDS
    )
    assert item["value"] == {"S": "gone"}


def test_a_message_above_the_limit_closes_with_1009(probe: Product) -> None:
    async def talk() -> None:
        async with connected(probe) as socket:
            await socket.send_str("x" * (32 * 1024 + 1))
            message = await socket.receive()
            assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 1009)

    run(talk)


def test_posting_reaches_the_connection_until_it_is_gone(probe: Product) -> None:
    management = probe.aws("apigatewaymanagementapi")

    async def talk() -> str:
        async with connected(probe) as socket:
            connection = (await echoed(socket))["requestContext"]["connectionId"]
            await asyncio.to_thread(
                management.post_to_connection, ConnectionId=connection, Data=json.dumps({"n": 1})
            )
            assert await socket.receive_json() == {"n": 1}
            shown = await asyncio.to_thread(management.get_connection, ConnectionId=connection)
            assert shown["Identity"]["SourceIp"] in ("127.0.0.1", "::1")
            with pytest.raises(ClientError) as too_large:
                await asyncio.to_thread(
                    management.post_to_connection,
                    ConnectionId=connection,
                    Data=b"x" * (128 * 1024 + 1),
                )
            assert status_of(too_large) == (413, "PayloadTooLargeException")
            await asyncio.to_thread(management.delete_connection, ConnectionId=connection)
            assert (await socket.receive()).type == WSMsgType.CLOSE
            return str(connection)

    gone = asyncio.run(asyncio.wait_for(talk(), SECONDS))
    for call in (management.get_connection, management.delete_connection):
        with pytest.raises(management.exceptions.GoneException):
            call(ConnectionId=gone)
    with pytest.raises(ClientError) as error:
        management.post_to_connection(ConnectionId=gone, Data=b"x")
    assert status_of(error) == (410, "GoneException")

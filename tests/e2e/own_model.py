"""SageMaker for the packaged stack, which the emulator lacks: it writes and publishes for real.

What it draws goes into the stack's bucket, and its notices to the stack's topics, as the template
configures the endpoint and in the name of the endpoint's role.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from aiohttp import web

from devstack.own_model.endpoint import OwnEndpoint

if TYPE_CHECKING:
    from tests.e2e.engines import Stack

SETTINGS = {
    "OWN_MODEL": "1",
    "OWN_MODEL_IMAGE": "000000000000.dkr.ecr.us-east-1.amazonaws.com/own:1",
    "OWN_MODEL_DATA": "s3://weights/own/",
}
_KEY = re.compile(r"Credential=([^/]+)/")


@dataclass
class Notice:
    """What was published, or would have been."""

    topic: str
    subject: str
    message: str
    attributes: Mapping[str, Any]


@dataclass
class SageMaker:
    """`copies` is how often each notice is published; `notices` are all, the lost ones too."""

    copies: int = 1
    notices: list[Notice] = field(default_factory=list)
    asked_by_key: set[tuple[str, str]] = field(default_factory=set)
    _stack: Stack | None = None
    _session: boto3.Session | None = None

    def serve(self, stack: Stack) -> None:
        """From now on stand behind this stack's endpoint."""
        self._stack = stack
        self._session = _assumed(stack, "OwnModelRole")

    @property
    def stack(self) -> Stack:
        assert self._stack is not None, "a call came before the stack was there"
        return self._stack

    @property
    def output(self) -> str:
        return self._named(self._configured["S3OutputPath"]["Fn::Sub"])

    @property
    def asked(self) -> set[tuple[str, str]]:
        """The calls of functions that came here, as a function and an action."""
        functions = {call["key"]: call["function"] for call in self.stack.calls()}
        return {(functions[key], action) for key, action in self.asked_by_key}

    async def put(self, location: str, data: bytes) -> None:
        bucket, _, key = location.removeprefix("s3://").partition("/")
        await asyncio.to_thread(self._client("s3").put_object, Bucket=bucket, Key=key, Body=data)

    async def publish(self, subject: str, message: str, attributes: Mapping[str, str]) -> None:
        kind = "SuccessTopic" if attributes["invocationStatus"] == "Completed" else "ErrorTopic"
        topic = self.stack.physical(self._configured["NotificationConfig"][kind]["Ref"])
        typed = {n: {"DataType": "String", "StringValue": v} for n, v in attributes.items()}
        notice = Notice(topic, subject, message, typed)
        self.notices.append(notice)
        for _ in range(self.copies):
            await asyncio.to_thread(self.tell, notice)

    def tell(self, notice: Notice) -> None:
        """Publish it once."""
        self._client("sns").publish(
            TopicArn=notice.topic,
            Subject=notice.subject,
            Message=notice.message,
            MessageAttributes=notice.attributes,
        )

    @property
    def _configured(self) -> Mapping[str, Any]:
        """Return where the template lets the endpoint write and whom it lets it tell."""
        template = json.loads(self.stack.packaged.artefact.template.read_text())
        endpoint = template["Resources"]["OwnModelConfiguration"]["Properties"]
        configured: Mapping[str, Any] = endpoint["AsyncInferenceConfig"]["OutputConfig"]
        return configured

    def _named(self, text: str) -> str:
        """Return a text of the template with its resources' real names."""
        return re.sub(r"\$\{(\w+)\}", lambda found: self.stack.physical(found[1]), text)

    def _client(self, service: str) -> Any:
        assert self._session is not None
        factory: Any = self._session.client
        return factory(service, endpoint_url=self.stack.emulator.endpoint)


class Endpoint(OwnEndpoint):
    """The double of the endpoint, which remembers who has asked it for what."""

    def check_key(self, request: web.Request) -> None:
        super().check_key(request)
        signed = _KEY.search(request.headers["Authorization"])
        target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        assert isinstance(self.delivery, SageMaker)
        assert signed is not None
        self.delivery.asked_by_key.add((signed[1], f"sagemaker:{target or 'InvokeEndpointAsync'}"))


def _assumed(stack: Stack, logical: str) -> boto3.Session:
    """Return a session with a role of the stack.

    The role trusts SageMaker alone, and the emulator has no SageMaker: here it trusts us as well.
    """
    role, account = stack.physical(logical), "000000000000"
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    stack.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    given = stack.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="sagemaker"
    )["Credentials"]
    return boto3.Session(
        given["AccessKeyId"],
        given["SecretAccessKey"],
        given["SessionToken"],
        region_name="us-east-1",
    )

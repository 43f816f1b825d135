"""Reads `.chalice/resources.json`, so that what runs here cannot differ from what is deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.settings import EngineError

LAMBDA_RETRIES, LAMBDA_EVENT_AGE = 2, 21600


@dataclass(frozen=True)
class AsyncSettings:
    """What Lambda does with an asynchronous event: tries again, forgets old ones (seconds)."""

    retries: int = LAMBDA_RETRIES
    max_age: float = LAMBDA_EVENT_AGE


@dataclass(frozen=True)
class GatewayResponse:
    """What API Gateway says by itself, for instance to an unknown route."""

    status: int
    template: str

    def body(self, request_id: str) -> str:
        return self.template.replace("$context.requestId", request_id)


class Template:
    """The resources that the project adds to what Chalice generates."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        self._resources = resources

    @classmethod
    def read(cls, project: Path) -> Template:
        """Raises EngineError when the template is missing or broken."""
        path = project / ".chalice" / "resources.json"
        try:
            return cls(json.loads(path.read_text())["Resources"])
        except (OSError, ValueError, KeyError) as problem:
            raise EngineError(f"{path} cannot be read: {problem}.") from None

    def table(self) -> Mapping[str, Any]:
        """The table's properties as CloudFormation writes them."""
        return self._only("AWS::DynamoDB::Table", "Table")

    def bucket(self) -> Mapping[str, Any]:
        """The image bucket's properties."""
        return self._only("AWS::S3::Bucket", "Bucket")

    def row_queue(self) -> Mapping[str, Any]:
        """The properties of the queue in which rows of batches are offered."""
        return self._only("AWS::SQS::Queue", "BatchRows")

    def user_pool(self) -> Mapping[str, Any]:
        """The properties of the pool that accounts are in."""
        return self._only("AWS::Cognito::UserPool", "UserPool")

    def user_pool_client(self) -> Mapping[str, Any]:
        """The properties of the pool's one client."""
        return self._only("AWS::Cognito::UserPoolClient", "UserPoolClient")

    def user_pool_groups(self) -> Iterator[Mapping[str, Any]]:
        """The properties of each group of people."""
        return self._of_type("AWS::Cognito::UserPoolGroup")

    def expirations(self, retention_days: int) -> Sequence[tuple[str, int]]:
        """Return after how many days the bucket deletes what is under which prefix."""
        rules = self.bucket().get("LifecycleConfiguration", {}).get("Rules", ())
        days = [(rule.get("Prefix", ""), rule.get("ExpirationInDays")) for rule in rules]
        return [
            (prefix, retention_days if said == {"Ref": "RetentionDays"} else int(said))
            for prefix, said in days
            if said is not None
        ]

    def async_settings(self, function: str) -> AsyncSettings:
        """Of the function with this name in app.py."""
        logical = re.sub(r"[^A-Za-z0-9]", "", function.replace("_", " ").title())
        for config in self._of_type("AWS::Lambda::EventInvokeConfig"):
            if config.get("FunctionName") == {"Ref": logical}:
                return AsyncSettings(
                    int(config.get("MaximumRetryAttempts", LAMBDA_RETRIES)),
                    float(config.get("MaximumEventAgeInSeconds", LAMBDA_EVENT_AGE)),
                )
        return AsyncSettings()

    def gateway_response(self, kind: str) -> GatewayResponse:
        """Raises EngineError when the template does not say."""
        try:
            said = self._resources["RestAPI"]["Properties"]["GatewayResponses"][kind]
            return GatewayResponse(
                said["StatusCode"], said["ResponseTemplates"]["application/json"]
            )
        except KeyError:
            raise EngineError(f".chalice/resources.json has no gateway response {kind}.") from None

    def security_headers(self) -> Mapping[str, Any]:
        """The CDN's `SecurityHeadersConfig`; empty when the template has none."""
        for policy in self._of_type("AWS::CloudFront::ResponseHeadersPolicy"):
            headers = policy["ResponseHeadersPolicyConfig"].get("SecurityHeadersConfig")
            if headers:
                return dict(headers)
        return {}

    def _of_type(self, kind: str) -> Iterator[Mapping[str, Any]]:
        for resource in self._resources.values():
            if resource.get("Type") == kind:
                yield resource["Properties"]

    def _only(self, kind: str, logical: str) -> Mapping[str, Any]:
        resource = self._resources.get(logical, {})
        if resource.get("Type") != kind:
            raise EngineError(f".chalice/resources.json has no {kind} named {logical}.")
        return dict(resource.get("Properties", {}))

"""Every alarm and every graph watches a metric that somebody publishes, under exactly that name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib import logs
from tests.template.conftest import Stack

OWN = "own"
REST = ("ApiName", "Stage")
SOCKET = ("ApiId",)
PUBLISHED_BY_AWS: Mapping[tuple[str, tuple[str, ...]], frozenset[str]] = {
    ("AWS/Lambda", ("FunctionName",)): frozenset(
        {"ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"}
    ),
    ("AWS/SageMaker", ("EndpointName",)): frozenset(
        {"ApproximateAgeOfOldestRequest", "ApproximateBacklogSize", "HasBacklogWithoutCapacity"}
    ),
    ("/aws/sagemaker/Endpoints", ("EndpointName", "VariantName")): frozenset({"CPUUtilization"}),
    ("AWS/SQS", ("QueueName",)): frozenset(
        {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"}
    ),
    ("AWS/DynamoDB", ("TableName",)): frozenset({"WriteThrottleEvents"}),
    ("AWS/ApiGateway", REST): frozenset({"4XXError", "5XXError", "Count", "Latency"}),
    ("AWS/ApiGateway", SOCKET): frozenset({"ConnectCount", "MessageCount"}),
}
"""As the services' own documentation lists them, by namespace and dimensions."""
KINDS = {
    "FunctionName": "AWS::Lambda::Function",
    "QueueName": "AWS::SQS::Queue",
    "TableName": "AWS::DynamoDB::Table",
    "ApiId": "AWS::ApiGatewayV2::Api",
    "EndpointName": "AWS::SageMaker::Endpoint",
}
FILTER = re.compile(r"\{ \$\.(\w+) > 0 \}")


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What the app writes when everything that it measures happens once."""
    for metric in logs.UNITS:
        logs.measure("measured", {metric: 2.5}, {"provider": "openai"}, jobId="a job")
    try:
        raise RuntimeError("unforeseen")
    except RuntimeError:
        logs.failure("failed")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def counted(stack: Stack, lines: list[dict[str, Any]]) -> set[str]:
    """Metrics in the stack's own namespace that its filters make of these lines."""
    found = set()
    for counter in stack.of_type("AWS::Logs::MetricFilter").values():
        assert counter["LogGroupName"] == {"Ref": "Logs"}
        (field,) = FILTER.findall(counter["FilterPattern"])
        (made,) = counter["MetricTransformations"]
        assert made["MetricNamespace"] == {"Ref": "AWS::StackName"}
        values = [line[made["MetricValue"].removeprefix("$.")] for line in lines if field in line]
        found |= {made["MetricName"] for value in values if value > 0}
    return found


def alarms(stack: Stack) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """Name, namespace, dimensions and metric."""
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        computed = [
            m["MetricStat"]["Metric"] for m in alarm.get("Metrics", ()) if "MetricStat" in m
        ]
        for metric in computed or [alarm]:
            dimensions = {d["Name"]: d["Value"] for d in metric.get("Dimensions", ())}
            namespace = metric["Namespace"]
            own = namespace == {"Ref": "AWS::StackName"}
            yield name, OWN if own else namespace, dimensions, metric["MetricName"]


def graphs(stack: Stack) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """The same of the dashboard, whose values are `${LogicalId}`."""
    body = json.loads(stack.resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    for widget in body["widgets"]:
        for metric in widget["properties"].get("metrics", ()):
            namespace, name, *rest = [part for part in metric if isinstance(part, str)]
            dimensions = dict(zip(rest[::2], map(referred, rest[1::2]), strict=True))
            own = namespace == "${AWS::StackName}"
            yield widget["properties"]["title"], OWN if own else namespace, dimensions, name


def referred(text: str) -> object:
    """`${Worker}` as the template would write it."""
    name, _, attribute = text.removeprefix("${").removesuffix("}").partition(".")
    if attribute:
        return {"Fn::GetAtt": [name, attribute]}
    return {"Ref": name} if text.startswith("${") else text


def target(value: Any) -> str:
    return str(value.get("Ref") or value["Fn::GetAtt"][0])


@pytest.mark.parametrize("watchers", [alarms, graphs])
def test_whatever_is_watched_is_published(
    stack: Stack, lines: list[dict[str, Any]], watchers: Any
) -> None:
    own = counted(stack, lines)
    for where, namespace, dimensions, metric in watchers(stack):
        if namespace == OWN:
            assert (metric in own, dimensions) == (True, {}), where
        else:
            assert metric in PUBLISHED_BY_AWS[namespace, tuple(dimensions)], where


@pytest.mark.parametrize("watchers", [alarms, graphs])
def test_dimensions_name_resources_of_the_stack(stack: Stack, watchers: Any) -> None:
    for where, _, dimensions, _ in watchers(stack):
        for name, value in dimensions.items():
            if name in KINDS:
                assert stack.resources[target(value)]["Type"] == KINDS[name], where


def test_the_apis_metrics_bear_the_name_that_is_watched(stack: Stack) -> None:
    api = stack.resources["RestAPI"]["Properties"]
    (stage,) = stack.of_type("AWS::ApiGateway::Stage").values()
    named = {"ApiName": api["Body"]["info"]["title"], "Stage": stage["StageName"]}
    watched = [d for _, namespace, d, _ in alarms(stack) if namespace == "AWS/ApiGateway"]
    assert watched == [named, named]


def test_every_alarm_tells_somebody_and_can_be_reached(stack: Stack) -> None:
    for name, alarm in stack.of_type("AWS::CloudWatch::Alarm").items():
        acts = {"Ref": "OwnModelWaking"} if name == "OwnModelAsleep" else {"Ref": "AlarmTopic"}
        assert alarm["AlarmActions"] == [acts], name
        assert alarm["TreatMissingData"] == "notBreaching", name
    limit = stack.resources["Worker"]["Properties"]["Timeout"] * 1000
    assert stack.resources["WorkerDuration"]["Properties"]["Threshold"] < limit


def test_a_metric_that_no_line_holds_is_noticed(stack: Stack, lines: list[dict[str, Any]]) -> None:
    without = [{k: v for k, v in line.items() if k != "ReaperFindings"} for line in lines]
    assert counted(stack, lines) - counted(stack, without) == {"ReaperFindings"}

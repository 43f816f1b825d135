"""An own model in the template: off unless asked for, and what lint does not see of it."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from chalicelib.config import SettingsError
from deploy import inputs, own_model
from deploy.preflight import PreflightError, check_region
from tests.template.conftest import Stack

CONDITION = "HasOwnModel"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/team/own:1"
DATA = "s3://weights/models/name/"
ENVIRON = {"OWN_MODEL": "1", "OWN_MODEL_IMAGE": IMAGE, "OWN_MODEL_DATA": DATA}
OWN_MODEL = {"OwnModel": "1", "OwnModelImage": IMAGE, "OwnModelData": DATA}
SWITCHES: tuple[dict[str, str], ...] = (
    OWN_MODEL,
    {"Auth": "cognito", "Mfa": "required", "AdminEmail": "ann@example.org"},
    {"OwnKey": "1", "WafRate": "2000"},
    {"AlarmEmail": "ann@example.org", "CostAnomalyUsd": "20", "WorkerConcurrency": "5"},
    {
        "DomainName": "studio.example.org",
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b",
    },
)
"""Parameters that switch the template's conditions on, by what belongs together."""
MACHINERY = ("AWS::SageMaker::", "AWS::ApplicationAutoScaling::")
ENDPOINT = {"Fn::GetAtt": ["OwnModelEndpoint", "EndpointName"]}
NOTHING = {"Ref": "AWS::NoValue"}


def properties(stack: Stack, name: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.resources[name]["Properties"]
    return found


def statements(stack: Stack) -> dict[str, dict[str, Any]]:
    """What the container's role may do, by name."""
    (policy,) = properties(stack, "OwnModelRole")["Policies"]
    return {s["Sid"]: s for s in policy["PolicyDocument"]["Statement"]}


def variant(stack: Stack) -> dict[str, Any]:
    (only,) = properties(stack, "OwnModelConfiguration")["ProductionVariants"]
    found: dict[str, Any] = only
    return found


def asynchronous(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = properties(stack, "OwnModelConfiguration")["AsyncInferenceConfig"]
    return found


def seconds(alarm: dict[str, Any]) -> int:
    periods = [m["MetricStat"]["Period"] for m in alarm["Metrics"] if "MetricStat" in m]
    return int(alarm["EvaluationPeriods"]) * int(min(periods))


@pytest.mark.parametrize(
    ("form", "switched_on"),
    [("template", SWITCHES[:1]), ("template", SWITCHES), ("sam_template", SWITCHES)],
    ids=["alone", "with all the rest", "with all the rest, before SAM"],
)
def test_lint_finds_nothing(
    stack: Stack, form: str, switched_on: tuple[dict[str, str], ...], tmp_path: Path
) -> None:
    source: Path = getattr(stack.artefact, form)
    template = json.loads(source.read_text())
    for name, value in itertools.chain.from_iterable(s.items() for s in switched_on):
        template["Parameters"][name]["Default"] = value
    switched = tmp_path / "template.json"
    switched.write_text(json.dumps(template))
    assert [str(match) for match in lint_file(switched)] == []


def test_without_it_nothing_of_it_is_made(stack: Stack) -> None:
    assert stack.template["Parameters"]["OwnModel"]["Default"] == "0"
    made = {
        name: resource.get("Condition")
        for name, resource in stack.resources.items()
        if name.startswith("OwnModel") or resource["Type"].startswith(MACHINERY)
    }
    assert len(made) >= 19
    assert set(made.values()) == {CONDITION}
    assert stack.template["Outputs"]["OwnModelEndpoint"]["Condition"] == CONDITION


def test_without_it_no_other_resource_is_different(stack: Stack) -> None:
    """Where another resource names it, the other branch is nothing at all."""

    def branches(node: Any) -> list[Any]:
        if isinstance(node, list):
            return [found for value in node for found in branches(value)]
        if not isinstance(node, dict):
            return []
        inner = [found for value in node.values() for found in branches(value)]
        chosen = node.get("Fn::If")
        return [*inner, *([chosen[2]] if chosen and chosen[0] == CONDITION else [])]

    for name, resource in stack.resources.items():
        if resource.get("Condition") != CONDITION:
            assert all(branch == NOTHING for branch in branches(resource)), name


def test_an_end_is_told_to_the_topic_of_its_kind(stack: Stack) -> None:
    """Without this configuration a picture is drawn and nobody hears of it."""
    told = asynchronous(stack)["OutputConfig"]["NotificationConfig"]
    assert told == {
        "SuccessTopic": {"Ref": "OwnModelResults"},
        "ErrorTopic": {"Ref": "OwnModelErrors"},
    }
    publish = statements(stack)["Notices"]
    assert publish["Action"] == ["sns:Publish"]
    assert publish["Resource"] == [*told.values()]


def test_both_topics_feed_the_queue_as_they_are(stack: Stack) -> None:
    queue = {"Fn::GetAtt": ["OwnModelNotices", "Arn"]}
    subscribed = [
        s for s in stack.of_type("AWS::SNS::Subscription").values() if s["Endpoint"] == queue
    ]
    assert [s["TopicArn"] for s in subscribed] == [
        {"Ref": "OwnModelResults"},
        {"Ref": "OwnModelErrors"},
    ]
    assert all((s["Protocol"], s["RawMessageDelivery"]) == ("sqs", True) for s in subscribed)


def test_only_these_topics_may_send_to_the_queue(stack: Stack) -> None:
    policy = properties(stack, "OwnModelNoticesAccess")
    assert policy["Queues"] == [{"Ref": "OwnModelNotices"}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Resource"] == {"Fn::GetAtt": ["OwnModelNotices", "Arn"]}
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": [{"Ref": "OwnModelResults"}, {"Ref": "OwnModelErrors"}]}
    }


def test_an_own_key_lets_the_topics_write_to_the_encrypted_queue(stack: Stack) -> None:
    policy = properties(stack, "DataKey")["KeyPolicy"]["Statement"]
    (condition, allowed, otherwise) = next(s["Fn::If"] for s in policy if "Fn::If" in s)
    assert (condition, otherwise) == (CONDITION, NOTHING)
    assert allowed["Principal"] == {"Service": "sns.amazonaws.com"}
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_a_notice_is_tried_again_before_it_is_kept_as_a_failure(stack: Stack) -> None:
    queue = properties(stack, "OwnModelNotices")
    kept = queue["RedrivePolicy"]
    assert kept["deadLetterTargetArn"] == {"Fn::GetAtt": ["OwnModelNoticesFailures", "Arn"]}
    assert kept["maxReceiveCount"] >= 3
    failures = properties(stack, "OwnModelNoticesFailures")
    assert failures["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]


def test_a_message_stays_hidden_while_its_function_works(stack: Stack) -> None:
    """Lint does not compare the two; AWS refuses a shorter one."""
    for source in stack.of_type("AWS::Lambda::EventSourceMapping").values():
        (named,) = re.findall(r"\$\{(\w+)\.Arn\}", source["EventSourceArn"]["Fn::Sub"])
        queue = stack.resources[named]["Properties"]
        function = stack.resources[source["FunctionName"]["Ref"]]["Properties"]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_the_endpoint_can_be_made_and_sleeps(stack: Stack) -> None:
    """AWS makes none with no instance; scaling takes the first one away."""
    assert variant(stack)["InitialInstanceCount"] >= 1
    capacity = properties(stack, "OwnModelCapacity")
    assert (capacity["MinCapacity"], capacity["MaxCapacity"]) == (0, {"Ref": "OwnModelMax"})
    name = variant(stack)["VariantName"]
    resource = f"endpoint/${{OwnModelEndpoint.EndpointName}}/variant/{name}"
    assert capacity["ResourceId"] == {"Fn::Sub": resource}


def test_one_picture_is_sent_to_an_instance_at_a_time(stack: Stack) -> None:
    assert asynchronous(stack)["ClientConfig"] == {"MaxConcurrentInvocationsPerInstance": 1}


def test_capacity_follows_the_backlog_and_wakes_from_nothing(stack: Stack) -> None:
    """Divided by no instance the backlog is no number: only the step policy wakes one."""
    scaling = properties(stack, "OwnModelScaling")
    waking = properties(stack, "OwnModelWaking")
    for policy in (scaling, waking):
        assert policy["ScalingTargetId"] == {"Ref": "OwnModelCapacity"}
    tracked = scaling["TargetTrackingScalingPolicyConfiguration"]
    assert not tracked.get("DisableScaleIn")
    metric = tracked["CustomizedMetricSpecification"]
    assert metric["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": ENDPOINT}]
    (step,) = waking["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert step == {"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}
    asleep = properties(stack, "OwnModelAsleep")
    assert asleep["MetricName"] == "HasBacklogWithoutCapacity"
    assert asleep["AlarmActions"] == [{"Ref": "OwnModelWaking"}]
    assert asleep["Period"] * asleep["EvaluationPeriods"] == 60


def test_alarms_watch_this_endpoint_and_this_variant(stack: Stack) -> None:
    text = json.dumps([r for n, r in stack.resources.items() if n.startswith("OwnModel")])
    watched = [
        d
        for alarm in stack.of_type("AWS::CloudWatch::Alarm").values()
        for metric in [m["MetricStat"]["Metric"] for m in alarm.get("Metrics", [])[1:]] + [alarm]
        for d in metric.get("Dimensions", ())
        if d["Name"] in ("EndpointName", "VariantName")
    ]
    assert text.count('"VariantName"') == 2
    assert {"Name": "VariantName", "Value": variant(stack)["VariantName"]} in watched
    assert [d["Value"] for d in watched if d["Name"] == "EndpointName"] == [ENDPOINT] * 4


def test_an_instance_that_runs_without_work_for_an_hour_is_told(stack: Stack) -> None:
    idle = properties(stack, "OwnModelIdle")
    assert seconds(idle) == 3600
    assert idle["DatapointsToAlarm"] == idle["EvaluationPeriods"]
    returned = [m["Id"] for m in idle["Metrics"] if m["ReturnData"]]
    assert returned == ["idle"]
    assert {m["Id"] for m in idle["Metrics"]} == {"idle", "running", "work"}


def test_the_container_has_no_network(stack: Stack) -> None:
    assert properties(stack, "OwnModelContainer")["EnableNetworkIsolation"] is True


def test_the_containers_role_reads_its_image_and_pipeline_and_writes_outputs(stack: Stack) -> None:
    may = statements(stack)
    assert may["Outputs"]["Resource"] == {"Fn::Sub": "${Bucket.Arn}/own-models/*"}
    assert may["Pipeline"]["Action"] == ["s3:GetObject"]
    assert may["Pipeline"]["Resource"]["Fn::Sub"][0] == "arn:${AWS::Partition}:s3:::${Folder}*"
    assert may["Image"]["Resource"]["Fn::Sub"][0].endswith(":repository/${Repository}")
    assert may["Logs"]["Resource"] == {"Fn::GetAtt": ["OwnModelLogs", "Arn"]}
    assert "cloudwatch:namespace" in may["Metrics"]["Condition"]["StringLike"]
    (trust,) = properties(stack, "OwnModelRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "sagemaker.amazonaws.com"}


def resolved(node: Any, values: dict[str, str]) -> str:
    """A string of the template as CloudFormation would read it."""
    if isinstance(node, str):
        return node
    ((kind, of),) = node.items()
    if kind == "Ref":
        return values[of]
    if kind == "Fn::Select":
        split_at, text = of[1]["Fn::Split"]
        return resolved(text, values).split(split_at)[int(of[0])]
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (IMAGE, "team/own"),
        (IMAGE.replace("team/own:1", "own:2026-11.1"), "own"),
        (IMAGE.replace(":1", f"@sha256:{'0' * 64}"), "team/own"),
    ],
)
def test_rights_are_cut_out_of_the_settings(stack: Stack, image: str, repository: str) -> None:
    values = {"OwnModelImage": image, "OwnModelData": DATA}
    may = statements(stack)
    parts = may["Image"]["Resource"]["Fn::Sub"][1]
    assert resolved(parts["Account"], values) == "123456789012"
    assert resolved(parts["Repository"], values) == repository
    folder = may["Pipeline"]["Resource"]["Fn::Sub"][1]["Folder"]
    assert resolved(folder, values) == "weights/models/name/"
    assert resolved(may["FindPipeline"]["Resource"]["Fn::Sub"][1]["Holder"], values) == "weights"


def test_outputs_are_written_where_they_expire_and_no_reader_comes(stack: Stack) -> None:
    output = asynchronous(stack)["OutputConfig"]
    assert output["S3OutputPath"] == {"Fn::Sub": "s3://${Bucket}/own-models"}
    assert output["S3FailurePath"] == {"Fn::Sub": "s3://${Bucket}/own-models/failures"}
    rules = properties(stack, "Bucket")["LifecycleConfiguration"]["Rules"]
    (days,) = [rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "own-models/"]
    assert days == 2
    assert "own-models" not in json.dumps(stack.resources["Cdn"])
    assert "own-models" not in json.dumps(stack.resources["BucketAccess"])


def test_settings_reach_their_parameters(stack: Stack) -> None:
    parameters = inputs.read(ENVIRON, stack.template).parameters
    assert {name: parameters[name] for name in OWN_MODEL} == OWN_MODEL
    assert (parameters["OwnModelInstance"], parameters["OwnModelMax"]) == ("ml.g5.xlarge", "1")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"OWN_MODEL": "yes"}, "OWN_MODEL is 'yes'"),
        ({"OWN_MODEL_IMAGE": ""}, "OWN_MODEL_IMAGE must then name"),
        ({"OWN_MODEL_IMAGE": "docker.io/own"}, "OWN_MODEL_IMAGE is 'docker.io/own'"),
        ({"OWN_MODEL_DATA": ""}, "OWN_MODEL_DATA must then name"),
        ({"OWN_MODEL_DATA": "s3://weights/model.tar.gz"}, "OWN_MODEL_DATA is"),
        ({"OWN_MODEL_INSTANCE": "g5.xlarge"}, "OWN_MODEL_INSTANCE is 'g5.xlarge'"),
        ({"OWN_MODEL_MAX": "0"}, "OWN_MODEL_MAX is '0'"),
    ],
)
def test_a_wrong_setting_is_named(stack: Stack, change: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        inputs.read({**ENVIRON, **change}, stack.template)


def test_the_container_must_lie_in_the_stacks_region(stack: Stack) -> None:
    parameters = inputs.read(ENVIRON, stack.template).parameters
    check_region("us-east-1", parameters)
    check_region("eu-central-1", inputs.read({}, stack.template).parameters)
    with pytest.raises(PreflightError, match=r"lies in us-east-1.* push it to eu-central-1"):
        check_region("eu-central-1", parameters)


def test_a_deployment_says_what_an_hour_costs(stack: Stack) -> None:
    parameters = inputs.read(ENVIRON | {"OWN_MODEL_MAX": "3"}, stack.template).parameters
    told = own_model.costs(parameters)
    assert "ml.g5.xlarge, $1.41 an hour in us-east-1, as of " in told
    assert "at most 3 at a time" in told
    unknown = own_model.costs({**parameters, "OwnModelInstance": "ml.p9.xlarge"})
    assert "which is not known here" in unknown

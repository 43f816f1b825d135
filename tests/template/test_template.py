"""What lint does not see: permissions, secrets, the CDN, and what a stage keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]

from chalicelib.batches.exports.files import PREFIX as EXPORTS
from chalicelib.batches.exports.model import KEPT_DAYS
from chalicelib.batches.exports.sinks import MOST_STAGED
from chalicelib.batches.runs.calls import folder_of
from chalicelib.batches.runs.worker import ROW_MS
from chalicelib.batches.seed_data.files import PREFIX as SEED_DATA
from chalicelib.batches.seed_data.files import UPLOADS
from chalicelib.images.store import PREFIX
from chalicelib.jobs.service import target_of
from chalicelib.jobs.store import OPEN_INDEX
from chalicelib.providers.adapters.sagemaker.notices import PREFIX as OUTPUTS
from chalicelib.routes.address import ORIGIN_SECRET_HEADER, VIEWER_HEADER
from deploy.inputs import DECIDED_BY_THE_RELEASE
from deploy.stage import KEPT_STAGE, PROJECT
from devstack.misspelt import variable
from tests.figures import RecordFigure
from tests.template.conftest import Stack

WITHOUT_RESOURCE = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""Actions for which AWS knows no resource but `*`."""
SECRET_SHAPES = (
    r"sk-[A-Za-z0-9]{16}|AKIA[A-Z0-9]{12}|AIza[A-Za-z0-9_-]{20}|BEGIN [A-Z ]*PRIVATE KEY"
)
ENVIRONMENT_LIMIT = 4096
OTHER_PARAMETERS = 1500
"""Bytes that long values of the parameters may add to a function's environment."""


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


@pytest.mark.parametrize("form", ["template", "sam_template"])
def test_lint_finds_nothing(stack: Stack, form: str) -> None:
    path: Path = getattr(stack.artefact, form)
    assert [str(match) for match in lint_file(path)] == []


def test_no_permission_is_wider_than_aws_forces(stack: Stack, record_figure: RecordFigure) -> None:
    wide = [
        (role, action)
        for role, statement in stack.statements()
        for action in statement["Action"]
        if statement["Resource"] == "*" and action not in WITHOUT_RESOURCE
    ]
    stars = [a for _, s in stack.statements() for a in s["Action"] if "*" in a]
    record_figure(f"S9 {stack.stage}", wide_resources=len(wide), wild_actions=len(stars))
    assert (wide, stars) == ([], [])


def test_every_function_has_a_role_of_its_own(stack: Stack) -> None:
    functions = stack.of_type("AWS::Lambda::Function")
    roles = [f["Role"]["Fn::GetAtt"][0] for f in functions.values()]
    assert len(set(roles)) == len(functions) == 11


def test_policies_name_what_the_code_uses(stack: Stack) -> None:
    by_role: dict[str, str] = {}
    for role, statement in stack.statements():
        by_role[role] = by_role.get(role, "") + json.dumps(statement)
    assert f"${{Bucket.Arn}}/{PREFIX}/*" in by_role["WorkerRole"]
    assert f"${{Bucket.Arn}}/{PREFIX}/*" in by_role["ReaperRole"]
    assert f"${{Table.Arn}}/index/{OPEN_INDEX}" in by_role["ReaperRole"]
    assert "dynamodb" not in by_role["WebsocketConnectRole"] + by_role["WebsocketDisconnectRole"]
    for role in ("ReaperRole", "OwnModelsRole", "WebsocketConnectRole", "WebsocketMessageRole"):
        assert "secretsmanager" not in by_role[role]


def test_models_are_read_only_below_the_stacks_name(stack: Stack) -> None:
    for _, statement in stack.statements():
        if "secretsmanager:GetSecretValue" in statement["Action"]:
            assert statement["Resource"]["Fn::Sub"].endswith(":secret:${AWS::StackName}/*")
    for function in ("APIHandler", "Worker"):
        variables = stack.resources[function]["Properties"]["Environment"]["Variables"]
        assert variables["MODELS_SECRET"] == {"Fn::Sub": "${AWS::StackName}/models"}


def test_who_ends_what_was_interrupted_on_the_days_money_knows_its_ceiling(stack: Stack) -> None:
    """Where nobody signs in, money is kept only under a ceiling."""
    for function in ("APIHandler", "Reaper", "Rows"):
        variables = stack.resources[function]["Properties"]["Environment"]["Variables"]
        assert variables["DAILY_SPEND_LIMIT_USD"] == {"Ref": "DailySpendLimitUsd"}


def test_no_secret_is_in_the_template(stack: Stack) -> None:
    assert not [text for text in strings(stack.template) if re.search(SECRET_SHAPES, text)]
    origin = "{{resolve:secretsmanager:${OriginSecret}:SecretString}}"
    handler = stack.resources["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert handler["ORIGIN_SECRET"] == {"Fn::Sub": origin}


def test_twenty_models_leave_the_environment_small(stack: Stack) -> None:
    """Models are in a secret, so their number does not show here."""
    for function in stack.of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert not [name for name in variables if re.match(r"MODEL_\d|AWS_", name)]
        assert len(json.dumps(variables)) + OTHER_PARAMETERS < ENVIRONMENT_LIMIT


def test_only_the_kept_stage_outlives_its_stack(stack: Stack) -> None:
    kept = stack.stage == KEPT_STAGE
    for name in ("Table", "Bucket"):
        resource = stack.resources[name]
        assert resource["DeletionPolicy"] == ("RetainExceptOnCreate" if kept else "Delete")
        assert resource["UpdateReplacePolicy"] == ("Retain" if kept else "Delete")
    assert stack.template["Parameters"]["Stage"]["Default"] == stack.stage


def test_the_bucket_opens_to_this_distribution_only(stack: Stack) -> None:
    bucket = stack.resources["Bucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    statements = stack.resources["BucketAccess"]["Properties"]["PolicyDocument"]["Statement"]
    (allowed,) = [s for s in statements if s["Effect"] == "Allow"]
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    source = allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
    assert source.endswith(":distribution/${Cdn}")
    rules = [r for r in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in r]
    assert [rule["Prefix"] for rule in rules] == [
        f"{PREFIX}/2",
        f"{OUTPUTS}/",
        f"{UPLOADS}/",
        f"{EXPORTS}/",
    ]


def test_pictures_of_runs_expire_and_those_of_batches_stay(stack: Stack) -> None:
    bucket = stack.resources["Bucket"]["Properties"]
    rules = [r for r in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in r]
    (runs,) = [r for r in rules if r["ExpirationInDays"] == {"Ref": "RetentionDays"}]
    for moment_ms in (1_700_000_000_000, 4_100_000_000_000):
        assert f"{PREFIX}/{target_of('0b9d', moment_ms)}/".startswith(runs["Prefix"])
    assert folder_of("b0").startswith(f"{PREFIX}/")
    assert not [r["Prefix"] for r in rules if folder_of("b0").startswith(r["Prefix"])]


def test_notices_of_own_models_reach_their_function_and_nobody_else_sends_any(stack: Stack) -> None:
    """What lint and the emulator accept, and AWS refuses or loses."""
    own = {n: r for n, r in stack.resources.items() if n.startswith("OwnModel")}
    assert {resource.get("Condition") for resource in own.values()} == {"HasOwnModel"}
    queue, function = (own[n]["Properties"] for n in ("OwnModelNotices", "OwnModels"))
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    (source,) = [r for r in own.values() if r["Type"] == "AWS::Lambda::EventSourceMapping"]
    assert source["Properties"]["BatchSize"] == 1
    assert own["OwnModelSubscription"]["Properties"]["RawMessageDelivery"] is True
    (sender,) = own["OwnModelNoticesAccess"]["Properties"]["PolicyDocument"]["Statement"]
    senders = [{"Ref": "OwnModelResults"}, {"Ref": "OwnModelErrors"}]
    assert sender["Condition"]["ArnEquals"]["aws:SourceArn"] == senders
    rights = json.dumps([s for role, s in stack.statements() if role == "OwnModelsRole"])
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        assert f"sqs:{action}" in rights
    assert f"${{Bucket.Arn}}/{OUTPUTS}/*" in rights


def test_seed_data_is_uploaded_from_the_page_and_checked_by_its_own_function(stack: Stack) -> None:
    by_role: dict[str, dict[str, set[str]]] = {}
    for role, statement in stack.statements():
        actions = by_role.setdefault(role, {}).setdefault(json.dumps(statement["Resource"]), set())
        actions |= set(statement["Action"])
    uploads, parts = (
        json.dumps({"Fn::Sub": f"${{Bucket.Arn}}/{folder}/*"}) for folder in (UPLOADS, SEED_DATA)
    )
    check, api = by_role["SeedDataRole"], by_role["ApiHandlerRole"]
    assert check[uploads] == {"s3:DeleteObject", "s3:GetObject"}
    assert check[parts] == {"s3:DeleteObject", "s3:PutObject"}
    assert api[uploads] == {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"}
    assert api[parts] == {"s3:DeleteObject", "s3:GetObject"}
    assert sorted(r for r, held in by_role.items() if uploads in held) == [
        "ApiHandlerRole",
        "SeedDataRole",
    ]
    (rule,) = stack.resources["Bucket"]["Properties"]["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedMethods"] == ["PUT"]
    assert "*" not in rule["AllowedOrigins"] + rule["AllowedHeaders"]
    headers = stack.resources["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    bucket = policy["Fn::Sub"][1]["Uploads"]["Fn::Sub"].strip()
    assert bucket == "https://${Bucket}.s3.${AWS::Region}.${AWS::URLSuffix}"
    assert re.search(r"connect-src [^;]*\$\{Uploads\}", policy["Fn::Sub"][0])


def test_exports_are_written_by_their_own_function_and_read_by_nobody_else(stack: Stack) -> None:
    function = stack.resources["Exports"]["Properties"]
    assert function["EphemeralStorage"]["Size"] * 1024**2 > MOST_STAGED
    by_role: dict[str, dict[str, set[str]]] = {}
    for role, statement in stack.statements():
        for resource in _each(statement["Resource"]):
            held = by_role.setdefault(role, {}).setdefault(json.dumps(resource), set())
            held |= set(statement["Action"])
    files, pictures, rows = (
        json.dumps({"Fn::Sub": f"${{Bucket.Arn}}/{folder}/*"})
        for folder in (EXPORTS, PREFIX, SEED_DATA)
    )
    made = by_role["ExportsRole"]
    assert made[files] == {"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"}
    assert made[pictures] == made[rows] == {"s3:GetObject"}
    assert by_role["ApiHandlerRole"][files] == {"s3:DeleteObject", "s3:GetObject"}
    assert by_role["ReaperRole"][files] == {"s3:DeleteObject"}
    assert sorted(r for r, held in by_role.items() if files in held) == [
        "ApiHandlerRole",
        "ExportsRole",
        "ReaperRole",
    ]
    rules = stack.resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [rule] = [r for r in rules if r.get("Prefix") == f"{EXPORTS}/"]
    assert rule["ExpirationInDays"] == KEPT_DAYS


def _each(resource: Any) -> list[Any]:
    return resource if isinstance(resource, list) else [resource]


def test_rows_are_offered_in_a_queue_that_hides_them_while_they_are_made(stack: Stack) -> None:
    """What lint and the emulator accept, and AWS refuses or loses."""
    queue, function = (stack.resources[n]["Properties"] for n in ("BatchRows", "Rows"))
    assert queue["VisibilityTimeout"] >= function["Timeout"] >= ROW_MS / 1000
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {
        "Fn::GetAtt": ["BatchRowsFailures", "Arn"]
    }
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    [source] = [m for m in mappings if m["EventSourceArn"] == {"Fn::Sub": "${BatchRows.Arn}"}]
    assert source["BatchSize"] == 1
    assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 1000
    rights = {role: json.dumps(s) for role, s in stack.statements() if "BatchRows" in json.dumps(s)}
    assert set(rights) == {"ApiHandlerRole", "ReaperRole", "RowsRole"}
    for aware in ("APIHandler", "Reaper", "WebsocketMessage"):
        variables = stack.resources[aware]["Properties"]["Environment"]["Variables"]
        assert variables["BATCHES"] == {"Ref": "Batches"}
    for sender in ("APIHandler", "Reaper", "Rows"):
        variables = stack.resources[sender]["Properties"]["Environment"]["Variables"]
        assert variables["BATCH_QUEUE_URL"] == {"Ref": "BatchRows"}
    for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "SendMessage"):
        assert f"sqs:{action}" in rights["RowsRole"]
    assert "ReceiveMessage" not in rights["ReaperRole"] + rights["ApiHandlerRole"]


def test_only_the_worker_calls_endpoints_and_only_of_this_account(stack: Stack) -> None:
    asked = {
        role: statement["Resource"]["Fn::Sub"]
        for role, statement in stack.statements()
        if "sagemaker:InvokeEndpointAsync" in statement["Action"]
    }
    assert list(asked) == ["WorkerRole"]
    assert asked["WorkerRole"].endswith(":${AWS::AccountId}:endpoint/*")


def test_the_cdn_tells_the_api_who_asks_and_that_it_asks(stack: Stack) -> None:
    config = stack.resources["Cdn"]["Properties"]["DistributionConfig"]
    (api,) = [o for o in config["Origins"] if o["Id"] == "api"]
    (header,) = api["OriginCustomHeaders"]
    assert header["HeaderName"].lower() == ORIGIN_SECRET_HEADER
    assert "OriginPath" not in api
    policy = stack.resources["ViewerAddress"]["Properties"]["OriginRequestPolicyConfig"]
    passed_on = [name.lower() for name in policy["HeadersConfig"]["Headers"]]
    assert VIEWER_HEADER in passed_on
    assert {"content-type", "idempotency-key"} <= set(passed_on)
    assert "host" not in passed_on


def test_api_answers_are_compressed_and_not_cached_and_pictures_are(stack: Stack) -> None:
    config = stack.resources["Cdn"]["Properties"]["DistributionConfig"]
    by_path = {b["PathPattern"]: b for b in config["CacheBehaviors"]}
    long = "658327ea-f89d-4fab-a63d-7e88639e58f6"
    pictures = by_path[f"/{PREFIX}/*"]["CachePolicyId"]
    assert pictures == {"Fn::If": ["CanDelete", {"Ref": "DeletablePictures"}, long]}
    assert by_path["/api/*"]["CachePolicyId"] == {"Ref": "ApiAnswers"}
    short = stack.resources["ApiAnswers"]["Properties"]["CachePolicyConfig"]
    assert [short[ttl] for ttl in ("MinTTL", "DefaultTTL", "MaxTTL")] == [0, 0, 1]
    told_apart_by = short["ParametersInCacheKeyAndForwardedToOrigin"]
    assert told_apart_by["EnableAcceptEncodingGzip"]
    assert told_apart_by["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert by_path["/api/*"]["ViewerProtocolPolicy"] == "https-only"


def test_where_pictures_can_be_deleted_the_cdn_keeps_them_a_minute(stack: Stack) -> None:
    """And one copy for everybody: a signature is not part of what it is kept under."""
    can_delete = stack.template["Conditions"]["CanDelete"]["Fn::Or"]
    assert can_delete[0] == {"Condition": "HasAccounts"}
    assert can_delete[1] == {"Fn::Equals": [{"Ref": "AllowDelete"}, "1"]}
    kept = stack.resources["DeletablePictures"]["Properties"]["CachePolicyConfig"]
    assert [kept[ttl] for ttl in ("MinTTL", "DefaultTTL", "MaxTTL")] == [0, 60, 60]
    told_apart_by = kept["ParametersInCacheKeyAndForwardedToOrigin"]
    assert told_apart_by["QueryStringsConfig"] == {"QueryStringBehavior": "none"}


def test_the_cdn_keeps_no_failure(stack: Stack) -> None:
    """By itself it repeats one for ten seconds, even where it caches nothing."""
    config = stack.resources["Cdn"]["Properties"]["DistributionConfig"]
    kept = {e["ErrorCode"]: e["ErrorCachingMinTTL"] for e in config["CustomErrorResponses"]}
    assert kept == dict.fromkeys((403, 404, 500, 502, 503, 504), 0)
    assert not [e for e in config["CustomErrorResponses"] if "ResponsePagePath" in e]


def test_https_is_demanded_of_the_product_and_of_no_neighbour(stack: Stack) -> None:
    """An own domain may have subdomains that know nothing of this stack."""
    config = stack.resources["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    demanded = config["SecurityHeadersConfig"]["StrictTransportSecurity"]
    assert demanded["AccessControlMaxAgeSec"] >= 31536000
    assert "IncludeSubdomains" not in demanded


def test_no_metric_by_route_is_bought(stack: Stack) -> None:
    """Each costs as much as an own one, and nothing watches them; those of the stage are free."""
    (rest,) = stack.of_type("AWS::ApiGateway::Stage").values()
    assert not [s for s in rest["MethodSettings"] if s.get("MetricsEnabled")]
    (socket,) = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert not socket["DefaultRouteSettings"].get("DetailedMetricsEnabled")


def test_the_dashboard_is_json_about_resources_that_exist(stack: Stack) -> None:
    body = stack.resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert len(json.loads(body)["widgets"]) >= 9
    named = set(re.findall(r"\$\{(\w+)", body)) - {"AWS"}
    assert named <= set(stack.resources)


def test_the_dashboard_shows_where_something_failed(stack: Stack) -> None:
    body = json.loads(stack.resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    (query,) = [w["properties"]["query"] for w in body["widgets"] if w["type"] == "log"]
    (fields,) = re.findall(r"\| fields ([^|]+) \|", query)
    assert {"event", "jobId", "trace"} <= set(fields.split(", "))


def test_the_sockets_deployment_is_named_after_its_routes(stack: Stack) -> None:
    (name,) = stack.of_type("AWS::ApiGatewayV2::Deployment")
    assert re.fullmatch(r"WebsocketAPIDeployment[0-9a-f]{10}", name)
    assert stack.resources["WebsocketAPIStage"]["Properties"]["DeploymentId"] == {"Ref": name}


def test_gateway_answers_have_the_contracts_form(stack: Stack) -> None:
    body = stack.resources["RestAPI"]["Properties"]["Body"]
    answers = body["x-amazon-apigateway-gateway-responses"]
    for kind, answer in answers.items():
        error = json.loads(answer["responseTemplates"]["application/json"])
        assert error["error"].endswith("."), kind
        assert error["requestId"] == "$context.requestId"
    assert answers["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"
    assert answers["THROTTLED"]["responseParameters"]


@pytest.mark.parametrize("function", ["Worker", "Previews"])
def test_an_event_is_retried_once_and_then_kept(stack: Stack, function: str) -> None:
    config = stack.resources[f"{function}Async"]["Properties"]
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (1, 300)
    destination = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert destination == {"Fn::GetAtt": [f"{function}Failures", "Arn"]}


def test_data_is_encrypted_recoverable_and_expires(stack: Stack) -> None:
    table = stack.resources["Table"]["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"]["SSEEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    assert stack.resources["Bucket"]["Properties"]["BucketEncryption"]
    assert stack.resources["WorkerFailures"]["Properties"]["SqsManagedSseEnabled"]


def test_every_parameter_is_documented_with_its_variable(stack: Stack) -> None:
    pages = [(PROJECT / "docs" / page).read_text() for page in ("operations.md", "settings.md")]
    for name in stack.template["Parameters"].keys() - DECIDED_BY_THE_RELEASE:
        assert any(f"`{variable(name)}`" in page for page in pages), name

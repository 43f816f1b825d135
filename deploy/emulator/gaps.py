"""What the emulator (MiniStack 1.5.33) cannot do, each with its reason and nowhere else.

`adapt` changes the template before it is deployed, `mend` what came of it. Everything that these
touch is proved by the template's tests instead, or only by a real account.
"""

import json
from dataclasses import replace
from typing import Any

import boto3

from deploy.stage import Artefact
from deploy.template import Resource, Template, resources_of

NO_SUCH_TYPE = (
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
    "AWS::CE::AnomalyMonitor",
    "AWS::CE::AnomalySubscription",
    "AWS::Cognito::UserPoolUser",
    "AWS::Cognito::UserPoolUserToGroupAttachment",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Model",
)
API_STAGE = "api"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def adapt(artefact: Artefact, endpoint: str, url: str | None = None) -> Artefact:
    """The same artefact with a template that the emulator at `endpoint` understands.

    With `url` the product is found there, and not at the CDN's own name.
    """
    template: Template = json.loads(artefact.template.read_text())
    _drop_unknown_types(template)
    _open_plain_http(template)
    _reach_the_api(template, endpoint)
    _reach_the_sockets(template, endpoint)
    _sign_in_at(template, endpoint)
    _let_pages_connect(template, endpoint)
    _label_functions(template)
    if url:
        _answer_at(template, url)
    target = artefact.directory / "emulator"
    target.mkdir(exist_ok=True)
    (target / "template.json").write_text(json.dumps(template))
    return replace(artefact, template=target / "template.json")


def mend(session: boto3.Session, endpoint: str, stack: str, artefact: Artefact) -> None:
    """Does by hand what the emulator's CloudFormation leaves out."""
    template: Template = json.loads(artefact.template.read_text())
    cloudformation = session.client("cloudformation", endpoint_url=endpoint)
    described = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    physical = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in described}
    _answer_for_the_gateway(session, endpoint, template, physical)
    _expire_items(session, endpoint, template, physical)


def _drop_unknown_types(template: Template) -> None:
    """Socket routes take effect without a deployment; the stage then deploys by itself.

    Alarms about what is not there go with it, and outputs.
    """
    gone = {n for n, r in template["Resources"].items() if r["Type"] in NO_SUCH_TYPE}
    for name, alarm in resources_of(template, "AWS::CloudWatch::Alarm"):
        if any(f'"{missing}"' in json.dumps(alarm) for missing in gone):
            gone.add(name)
    for name in gone:
        del template["Resources"][name]
    for name, output in list(template["Outputs"].items()):
        if any(f'"{missing}"' in json.dumps(output) for missing in gone):
            del template["Outputs"][name]
    for _, stage in resources_of(template, "AWS::ApiGatewayV2::Stage"):
        stage["Properties"].pop("DeploymentId", None)
        stage["Properties"]["AutoDeploy"] = True


def _open_plain_http(template: Template) -> None:
    """There is no TLS on a laptop to redirect to."""
    for config in _distributions(template):
        for behaviour in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
            behaviour["ViewerProtocolPolicy"] = "allow-all"
    for _, policy in resources_of(template, "AWS::S3::BucketPolicy"):
        document = policy["Properties"]["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if s["Sid"] != "TlsOnly"]


def _reach_the_api(template: Template, endpoint: str) -> None:
    """The API has no host name of its own here, but a path on the emulator."""
    port = int(endpoint.rpartition(":")[2])
    for config in _distributions(template):
        for origin in config["Origins"]:
            if origin["Id"] == "api":
                origin["DomainName"] = "127.0.0.1"
                origin["OriginPath"] = {"Fn::Sub": "/_aws/execute-api/${RestAPI}"}
                origin["CustomOriginConfig"] = {
                    "OriginProtocolPolicy": "http-only",
                    "HTTPPort": port,
                }


def _reach_the_sockets(template: Template, endpoint: str) -> None:
    """The same for the WebSocket API, as browsers and as functions address it."""
    path = "/_aws/execute-api/${WebsocketAPI}/api"
    addresses = {
        "WS_PUSH_ENDPOINT": endpoint + path,
        "WS_URL": endpoint.replace("http", "ws", 1) + path,
    }
    for _, function in resources_of(template, "AWS::Lambda::Function"):
        variables = function["Properties"]["Environment"]["Variables"]
        for name, address in addresses.items():
            if name in variables:
                variables[name] = {"Fn::Sub": address}


def _sign_in_at(template: Template, endpoint: str) -> None:
    """A pool's tokens name AWS as their issuer, but their keys are here."""
    keys = {"Fn::Sub": f"{endpoint}/${{UserPool}}/.well-known/jwks.json"}
    addresses = {"TOKEN_KEYS_URL": keys, "SIGN_IN_ENDPOINT": endpoint}
    for _, function in resources_of(template, "AWS::Lambda::Function"):
        variables = function["Properties"]["Environment"]["Variables"]
        for name, address in addresses.items():
            variables[name] = {"Fn::If": ["HasAccounts", address, {"Ref": "AWS::NoValue"}]}


def _let_pages_connect(template: Template, endpoint: str) -> None:
    """A page's policy names the sockets and the pool as AWS addresses them."""
    sockets = "wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    for _, policy in resources_of(template, "AWS::CloudFront::ResponseHeadersPolicy"):
        headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        policy_text = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        text, named = policy_text["Fn::Sub"]
        here = text.replace(sockets, endpoint.replace("http", "ws", 1))
        pool = {"Fn::If": ["HasAccounts", f" {endpoint}", ""]}
        policy_text["Fn::Sub"] = [here, {**named, "SignIn": pool}]


def _answer_at(template: Template, url: str) -> None:
    """No DNS leads from the CDN's name to the emulator, and there is no TLS under it."""
    template["Outputs"]["Url"]["Value"] = url
    connect = template["Resources"]["WebsocketConnect"]["Properties"]
    connect["Environment"]["Variables"]["ALLOWED_ORIGINS"] = url


def _label_functions(template: Template) -> None:
    """boto3 says this name with every call, so that the meter knows whose it is."""
    for name, function in resources_of(template, "AWS::Lambda::Function"):
        function["Properties"]["Environment"]["Variables"]["AWS_SDK_UA_APP_ID"] = name


def _distributions(template: Template) -> list[Resource]:
    found = resources_of(template, "AWS::CloudFront::Distribution")
    return [resource["Properties"]["DistributionConfig"] for _, resource in found]


def _answer_for_the_gateway(
    session: boto3.Session, endpoint: str, template: Template, physical: dict[str, str]
) -> None:
    """The gateway's own answers are not read from the API's description."""
    gateway = session.client("apigateway", endpoint_url=endpoint)
    for name, api in resources_of(template, "AWS::ApiGateway::RestApi"):
        for kind, answer in api["Properties"]["Body"][GATEWAY_RESPONSES].items():
            optional = {"statusCode": str(answer["statusCode"])} if "statusCode" in answer else {}
            gateway.put_gateway_response(
                restApiId=physical[name],
                responseType=kind,
                responseParameters=answer.get("responseParameters", {}),
                responseTemplates=answer["responseTemplates"],
                **optional,
            )
        gateway.create_deployment(restApiId=physical[name], stageName=API_STAGE)


def _expire_items(
    session: boto3.Session, endpoint: str, template: Template, physical: dict[str, str]
) -> None:
    """The table's time-to-live is dropped."""
    dynamodb: Any = session.client("dynamodb", endpoint_url=endpoint)
    for name, table in resources_of(template, "AWS::DynamoDB::Table"):
        status = dynamodb.describe_time_to_live(TableName=physical[name])
        if status["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(
                TableName=physical[name],
                TimeToLiveSpecification=table["Properties"]["TimeToLiveSpecification"],
            )

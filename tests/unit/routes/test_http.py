"""The HTTP edge in this process: every answer is the contract's, and addresses cannot be forged."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from chalice.test import Client, HTTPResponse

from chalicelib.wiring import services
from tests.unit.cloud import BUCKET, REGION, TABLE, Cloud

SECRET = "only the CDN knows this"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "TABLE_NAME": TABLE,
    "S3_BUCKET": BUCKET,
    "WORKER_FUNCTION": "worker",
    "WS_PUSH_ENDPOINT": "https://sockets.example.com",
    "WS_URL": "wss://sockets.example.com",
    "ORIGIN_SECRET": SECRET,
    "IP_LIMIT": "3",
    "MODEL_COUNT": "2",
    "MODEL_1_NAME": "GPT Image",
    "MODEL_1_KEY": "sk-canary",
    "MODEL_2_NAME": "Recraft",
    "MODEL_2_KEY": "rc-canary",
}
DOWN: Any = {"HTTPStatusCode": 500}
CALLER = "127.0.0.1"
"""Where Chalice's test client connects from."""


@dataclass
class Api:
    """The app's HTTP routes, called as the gateway calls them."""

    client: Client

    def __call__(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> HTTPResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self.client.http.request(method, path, headers=sent, body=raw)

    def generate(self, **headers: str) -> HTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self("POST", "/generate", {"prompt": "a lighthouse"}, named)


@pytest.fixture
def api(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    services.cache_clear()
    from app import app

    with Client(app) as client:
        yield Api(client)
    services.cache_clear()


def limited(cloud: Cloud) -> set[str]:
    """Whom the address limit has counted."""
    found = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    keys = {item["pk"]["S"] for item in found}
    return {key.rpartition("#ip#")[2] for key in keys if key.startswith("LIMIT#generate#ip#")}


def code(answer: HTTPResponse) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


@pytest.mark.parametrize(
    ("headers", "counted"),
    [
        ({}, CALLER),
        ({"X_Forwarded_For": "198.51.100.1"}, CALLER),
        ({"Forwarded": "for=198.51.100.1", "X_Real_IP": "198.51.100.1"}, CALLER),
        ({"CloudFront_Viewer_Address": "198.51.100.1:443"}, CALLER),
        ({"CloudFront_Viewer_Address": "198.51.100.1:443", "X_Origin_Secret": "guess"}, CALLER),
        ({"CloudFront_Viewer_Address": "198.51.100.1:443", "X_Origin_Secret": ""}, CALLER),
        ({"X_Origin_Secret": SECRET}, CALLER),
        (
            {"CloudFront_Viewer_Address": "198.51.100.1:443", "X_Origin_Secret": SECRET},
            "198.51.100.1",
        ),
        (
            {"CloudFront_Viewer_Address": "2001:db8:1:2::9:443", "X_Origin_Secret": SECRET},
            "2001:db8:1:2::/64",
        ),
    ],
)
def test_the_address_is_the_one_that_connected(
    api: Api, cloud: Cloud, headers: dict[str, str], counted: str
) -> None:
    assert api.generate(**headers).status_code == 202
    assert limited(cloud) == {counted}


def test_a_body_cannot_say_where_it_comes_from(api: Api, cloud: Cloud) -> None:
    sent = {"prompt": "a lighthouse", "ip": "198.51.100.1"}
    assert api("POST", "/generate", sent).status_code == 202
    assert limited(cloud) == {CALLER}


def test_the_fourth_request_of_a_day_is_told_when_to_come_back(api: Api) -> None:
    assert [api.generate().status_code for _ in range(3)] == [202] * 3
    refused = api.generate()
    assert code(refused) == (429, "RATE_LIMITED")
    assert refused.json_body["scope"] == "ip"
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400


def test_a_job_is_shown_the_same_by_every_route(api: Api) -> None:
    made = api.generate()
    seen = api("GET", f"/status/{made.json_body['jobId']}")
    assert seen.status_code == 200
    assert seen.json_body == made.json_body
    assert seen.json_body["status"] == "pending"


def test_an_unchanged_job_is_not_sent_again(api: Api) -> None:
    path = f"/status/{api.generate().json_body['jobId']}"
    tag = api("GET", path).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = api("GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.body) == (304, b"")
    api("POST", path.replace("/status", "/jobs") + "/cancel")
    assert api("GET", path, headers={"If-None-Match": tag}).status_code == 200


def test_a_key_stands_for_one_job_and_one_body(api: Api) -> None:
    first, second = api.generate(Idempotency_Key="k"), api.generate(Idempotency_Key="k")
    assert first.json_body["jobId"] == second.json_body["jobId"]
    other = api("POST", "/generate", {"prompt": "fog"}, {"Idempotency-Key": "k"})
    assert code(other) == (409, "IDEMPOTENCY_CONFLICT")


Ask = Callable[[Api], HTTPResponse]
JOB = "00000000-0000-0000-0000-000000000000"
REFUSALS: dict[str, tuple[Ask, tuple[int, str]]] = {
    "no JSON": (lambda a: a("POST", "/generate", b"{"), (400, "BAD_JSON")),
    "a list": (lambda a: a("POST", "/generate", [1]), (400, "INVALID_INPUT")),
    "an unknown model": (
        lambda a: a("POST", "/generate", {"prompt": "x", "models": [9]}),
        (400, "INVALID_INPUT"),
    ),
    "too large": (lambda a: a("POST", "/generate", b" " * 70_000), (413, "PAYLOAD_TOO_LARGE")),
    "a form": (
        lambda a: a("POST", "/generate", b"x", {"Content-Type": "text/plain"}),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
    ),
    "an empty key": (lambda a: a.generate(Idempotency_Key=""), (400, "INVALID_INPUT")),
    "an unknown job": (lambda a: a("GET", f"/status/{JOB}"), (404, "NOT_FOUND")),
    "what is no id": (lambda a: a("GET", "/status/etc"), (404, "NOT_FOUND")),
    "a wrong method": (lambda a: a("DELETE", "/generate"), (405, "METHOD_NOT_ALLOWED")),
    "a wrong cursor": (lambda a: a("GET", "/gallery?cursor=x"), (400, "INVALID_INPUT")),
    "an unknown target": (lambda a: a("GET", "/gallery/nothing"), (404, "NOT_FOUND")),
    "a retry of a running job": (
        lambda a: a("POST", f"/jobs/{a.generate().json_body['jobId']}/retry", {"models": [1]}),
        (409, "NOT_RETRYABLE"),
    ),
    "a verdict on a running job": (
        lambda a: a("PUT", f"/jobs/{a.generate().json_body['jobId']}/verdict", {"winner": None}),
        (409, "WRONG_STATE"),
    ),
    "a star where there is no picture": (
        lambda a: a("PUT", f"/jobs/{a.generate().json_body['jobId']}/results/1/star"),
        (409, "WRONG_STATE"),
    ),
    "a star of an unknown result": (
        lambda a: a("PUT", f"/jobs/{a.generate().json_body['jobId']}/results/9/star"),
        (404, "NOT_FOUND"),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_has_its_status_and_code(api: Api, name: str) -> None:
    ask, expected = REFUSALS[name]
    answer = ask(api)
    assert code(answer) == expected
    assert answer.json_body["error"].endswith(".")
    assert set(answer.json_body) >= {"error", "code", "requestId"}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PATCH"])
@pytest.mark.parametrize(("path", "allowed"), [("/health", "GET"), ("/generate", "POST")])
def test_a_wrong_method_is_told_the_right_one(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = api(method, path)
    assert code(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == allowed
    assert answer.json_body["error"] == f"This address answers {allowed} only."


def test_a_failure_of_ours_tells_nothing_of_its_cause(
    api: Api, cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.dynamodb.delete_table(TableName=TABLE)
    answer = api.generate()
    assert code(answer) == (500, "INTERNAL")
    assert "Table" not in answer.body.decode()
    assert "ResourceNotFoundException" in capsys.readouterr().out


@pytest.mark.parametrize(
    "problem",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "CANARY"}}, "UpdateItem"),
        ClientError({"Error": {"Code": "InternalServerError"}, "ResponseMetadata": DOWN}, "Any"),
        EndpointConnectionError(endpoint_url="CANARY"),
        ReadTimeoutError(endpoint_url="CANARY"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_what_passes_by_itself_is_told_as_worth_another_try(api: Api, problem: Exception) -> None:
    def fail(**_: object) -> None:
        raise problem

    client = services().ground.spending.ledger.store.client
    client.meta.events.register("before-call.dynamodb", fail)
    answer = api.generate()
    assert code(answer) == (503, "UNAVAILABLE")
    assert "CANARY" not in answer.body.decode()


def test_the_line_of_a_request_names_its_job(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    answer = api.generate()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["jobId"], line["status"]) == (answer.json_body["jobId"], 202)
    assert line["durationMs"] > 0


def test_whole_bounds_of_parameters_are_told_as_whole_numbers(api: Api) -> None:
    told = api("GET", "/models").body.decode()
    assert '"steps":{"min":1,"max":100,"default":28}' in told
    assert '"seed":{"min":0,"max":4294967294,"default":null}' in told
    assert '"guidance":{"min":0,"max":20,"default":5.0}' in told


def test_no_answer_holds_a_key(api: Api) -> None:
    job = api.generate().json_body["jobId"]
    for path in ("/models", "/health", f"/status/{job}", "/openapi.json"):
        body: Any = api("GET", path).body.decode()
        assert "canary" not in body


def test_health_is_not_ok_while_the_table_does_not_answer(api: Api, cloud: Cloud) -> None:
    assert api("GET", "/health").json_body["status"] == "ok"
    services.cache_clear()
    cloud.dynamodb.delete_table(TableName=TABLE)
    assert code(api("GET", "/health")) == (503, "UNAVAILABLE")


def test_without_accounts_nobody_signs_in(api: Api) -> None:
    assert api("GET", "/auth").json_body == {"mode": "off"}
    assert api("GET", "/health").json_body["auth"] == "off"
    assert api("GET", "/models", headers={"Authorization": "Bearer junk"}).status_code == 200


def test_everybodys_jobs_are_listed_and_deleted_where_that_is_allowed(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = api.generate().json_body["jobId"]
    [listed] = api("GET", "/jobs?limit=5&status=pending").json_body["jobs"]
    assert (listed["jobId"], listed["totalModels"]) == (job, 2)
    assert code(api("GET", "/jobs?status=lost")) == (400, "INVALID_INPUT")
    assert code(api("GET", "/jobs?cursor=x")) == (400, "INVALID_INPUT")
    assert code(api("DELETE", f"/jobs/{job}")) == (403, "FORBIDDEN")
    assert api("GET", "/models").json_body["limits"]["delete"] is False
    monkeypatch.setenv("ALLOW_DELETE", "1")
    services.cache_clear()
    answer = api("DELETE", f"/jobs/{job}")
    assert (answer.status_code, answer.body) == (204, b"")
    assert code(api("GET", f"/status/{job}")) == (404, "NOT_FOUND")
    assert api("GET", "/jobs").json_body == {"jobs": [], "next": None}

"""Seed data over HTTP in this process: every wrong field, whose it is, and where there is none."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.batches.seed_data import service
from chalicelib.batches.seed_data.files import upload_key
from chalicelib.wiring import services
from tests.unit.cloud import BUCKET, Cloud
from tests.unit.routes.test_http import ENVIRONMENT, Api

FINE: Mapping[str, Any] = {"name": "rows", "format": "csv", "bytes": 10}
MB = 1024 * 1024


@pytest.fixture
def settings() -> dict[str, str]:
    return {"BATCHES": "1", "ALLOW_DELETE": "1"}


@pytest.fixture
def api(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> Iterator[Api]:
    for name, value in {**ENVIRONMENT, **settings}.items():
        monkeypatch.setenv(name, value)
    services.cache_clear()
    services().ports.dynamodb = cloud.dynamodb
    from app import app

    with Client(app) as client:
        yield Api(client)
    services.cache_clear()


def sealed(api: Api, cloud: Cloud, data: bytes) -> str:
    made = api("POST", "/seed-data", {"name": "rows", "format": "jsonl", "bytes": len(data)})
    seed_data_id = str(made.json_body["seedDataId"])
    cloud.s3.put_object(Bucket=BUCKET, Key=upload_key("", seed_data_id), Body=data)
    assert api("GET", f"/seed-data/{seed_data_id}").json_body["state"] == "checking"
    services().batches.checking.run("", seed_data_id)
    return seed_data_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"format": "xlsx"}, "format"),
        ({"bytes": 0}, "bytes"),
        ({"bytes": 200 * MB + 1}, "bytes"),
        ({"bytes": "10"}, "bytes"),
        ({"bytes": 1.5}, "bytes"),
        ({"sha256": "x" * 64}, "sha256"),
        ({"sha256": "ab"}, "sha256"),
        ({"size": 10}, "size"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_its_field(
    api: Api, changed: Mapping[str, Any], field: str
) -> None:
    answer = api("POST", "/seed-data", {**FINE, **changed})
    assert (answer.status_code, answer.json_body["code"]) == (400, "INVALID_INPUT")
    assert [each["field"] for each in answer.json_body["details"]] == [field]
    assert [s for s in api("GET", "/seed-data").json_body["seedData"] if not s["sample"]] == []


def test_the_largest_file_can_be_announced(api: Api) -> None:
    answer = api("POST", "/seed-data", {**FINE, "bytes": 200 * MB, "sha256": "AB" * 32})
    assert answer.status_code == 201
    assert set(answer.json_body) == {"seedDataId", "state", "upload"}
    assert set(answer.json_body["upload"]) == {"method", "url", "headers", "expiresAt"}


def test_what_nobody_has_is_not_found(api: Api) -> None:
    for seed_data_id in ("x", "d" + "0" * 23, "%2e%2e"):
        path = f"/seed-data/{seed_data_id}"
        for method, where, body in (
            ("GET", path, None),
            ("DELETE", path, None),
            ("POST", f"{path}/check", {"templateId": "sample-product-pictures"}),
        ):
            answer = api(method, where, body)
            assert (answer.status_code, answer.json_body["code"]) == (404, "NOT_FOUND")


def test_a_check_needs_a_template_and_rows_that_are_ready(api: Api, cloud: Cloud) -> None:
    made = api("POST", "/seed-data", FINE).json_body["seedDataId"]
    path = f"/seed-data/{made}/check"
    early = api("POST", path, {"templateId": "sample-product-pictures"})
    assert (early.status_code, early.json_body["details"][0]["problem"]) == (400, "is waiting")
    assert api("POST", path, {"templateId": "t" + "0" * 23}).status_code == 404
    for body in ({}, {"templateId": ""}, {"templateId": "x", "version": 0}):
        assert api("POST", path, body or b"{}").status_code == 400
    ready = sealed(api, cloud, b'{"product":{"name":"a","style":null}}\n{"product":{"name":"b"}}\n')
    found = api("POST", f"/seed-data/{ready}/check", {"templateId": "sample-product-pictures"})
    told = {each["problem"]: each["count"] for each in found.json_body["missing"]}
    assert told["Missing required field: product.style"] == 2
    assert "Missing required field: product.name" not in told


def test_the_list_goes_on_where_it_ended(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [api("POST", "/seed-data", FINE).json_body["seedDataId"] for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = api("GET", f"/seed-data?limit=2&cursor={cursor}").json_body
        seen += [each["seedDataId"] for each in page["seedData"] if not each["sample"]]
        if not (cursor := page["next"] or ""):
            break
    assert sorted(seen) == sorted(made)
    assert api("GET", "/seed-data?cursor=x").status_code == 400
    assert api("GET", "/seed-data?limit=0").status_code == 400
    monkeypatch.setattr(service, "MOST_SETS", 5)
    refused = api("POST", "/seed-data", FINE)
    assert (refused.status_code, refused.json_body["code"]) == (400, "INVALID_INPUT")


def test_a_sample_cannot_be_deleted(api: Api) -> None:
    assert api("DELETE", "/seed-data/sample-product-pictures").status_code == 403


@pytest.mark.parametrize("settings", [{"BATCHES": "1", "ALLOW_DELETE": "0"}])
def test_what_is_everybodys_is_deleted_by_nobody(api: Api) -> None:
    made = api("POST", "/seed-data", FINE).json_body["seedDataId"]
    assert api("DELETE", f"/seed-data/{made}").status_code == 403
    assert api("GET", f"/seed-data/{made}").status_code == 200


@pytest.mark.parametrize("settings", [{}])
def test_an_open_installation_has_seed_data_only_when_it_says_so(api: Api) -> None:
    for method, path in (
        ("GET", "/seed-data"),
        ("POST", "/seed-data"),
        ("GET", "/seed-data/x"),
        ("DELETE", "/seed-data/x"),
        ("POST", "/seed-data/x/check"),
    ):
        assert api(method, path, FINE if method == "POST" else None).status_code == 403

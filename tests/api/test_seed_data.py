"""Seed data on the running product: a file goes to the bucket through the product's own origin."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.api.visitor import Visitor

CSV = '\ufeffproduct.name;product.price\r\nlamp;1,5\r\n\r\npot\r\n"an ""odd""\r\ncup";2,25'.encode()
DEFINITION = (
    "name: Mine\nsteps:\n  - {id: a, tier: cheap, prompt: 'about {{ product.name }} {{ style }}'}\n"
)


def announce(visitor: Visitor, data: bytes, kind: str, **more: Any) -> dict[str, Any]:
    body = {"name": "my rows", "format": kind, "bytes": len(data), **more}
    answer = visitor.call("POST", "/seed-data", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def send(upload: dict[str, Any], data: bytes, **headers: str) -> requests.Response:
    given = {**upload["headers"], **headers}
    return requests.request(upload["method"], upload["url"], data=data, headers=given, timeout=30)


def sealed(visitor: Visitor, seed_data_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while (found := look(visitor, seed_data_id))["state"] not in ("ready", "refused"):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def look(visitor: Visitor, seed_data_id: str) -> dict[str, Any]:
    answer = visitor.call("GET", f"/seed-data/{seed_data_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_file_is_uploaded_checked_looked_at_and_deleted(visitor: Visitor) -> None:
    made = announce(visitor, CSV, "csv", sha256=hashlib.sha256(CSV).hexdigest())
    assert (made["state"], made["upload"]["method"]) == ("waiting", "PUT")
    assert urlsplit(made["upload"]["url"]).netloc == urlsplit(visitor.url).netloc
    path = f"/seed-data/{made['seedDataId']}"
    assert look(visitor, made["seedDataId"])["state"] == "waiting"
    assert send(made["upload"], CSV).status_code == 200
    found = sealed(visitor, made["seedDataId"])
    assert (found["state"], found["rows"], found["problemCount"]) == ("ready", 2, 1)
    assert found["problems"] == [
        {"row": 2, "line": 4, "problem": "The row has 1 cell; the header has 2."}
    ]
    assert found["paths"] == [
        {"path": "product.name", "type": "text", "missing": 0},
        {"path": "product.price", "type": "text", "missing": 0},
    ]
    assert found["preview"][1] == {"product": {"name": 'an "odd"\r\ncup', "price": "2,25"}}
    assert "The separator is a semicolon." in found["notes"]
    listed = visitor.call("GET", "/seed-data").json()["seedData"]
    assert next(each["seedDataId"] for each in listed) == made["seedDataId"]
    template = visitor.call("POST", "/templates", {"definition": DEFINITION}).json()
    wanted = {"templateId": template["templateId"], "version": 1}
    checked = visitor.call("POST", f"{path}/check", wanted).json()
    assert checked == {
        "rows": 2,
        "fits": False,
        "missing": [
            {
                "path": "style",
                "problem": "Missing required field: style",
                "count": 2,
                "rows": [1, 2],
            }
        ],
    }
    assert visitor.call("DELETE", path).status_code == 204
    assert visitor.call("GET", path).status_code == 404


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_the_formats_of_json_are_read(visitor: Visitor, kind: str) -> None:
    rows = [{"n": n, "name": "ü😀"} for n in range(300)]
    lines = "\n".join(json.dumps(row) for row in rows)
    data = (json.dumps(rows) if kind == "json" else lines).encode()
    made = announce(visitor, data, kind)
    assert send(made["upload"], data).status_code == 200
    found = sealed(visitor, made["seedDataId"])
    assert (found["state"], found["rows"]) == ("ready", 300)
    assert found["preview"] == rows[:20]


def test_an_address_takes_one_file_once_and_only_what_was_told(visitor: Visitor) -> None:
    made = announce(visitor, CSV, "csv", sha256=hashlib.sha256(CSV).hexdigest())
    upload = made["upload"]
    assert send(upload, CSV + b"more").status_code == 403
    assert send(upload, CSV, **{"Content-Type": "text/html"}).status_code == 403
    assert send(upload, CSV, **{"If-None-Match": "x"}).status_code == 403
    assert send(upload, CSV[:-1] + b"x").status_code == 400
    assert send({**upload, "method": "DELETE"}, b"").status_code in (404, 405)
    assert send({**upload, "url": upload["url"].replace("/-/", "/x/")}, CSV).status_code == 403
    assert look(visitor, made["seedDataId"])["state"] == "waiting"
    assert send(upload, CSV).status_code == 200
    assert send(upload, CSV).status_code == 412


def test_the_samples_have_rows_for_their_templates(visitor: Visitor) -> None:
    listed = visitor.call("GET", "/seed-data").json()["seedData"]
    samples = [each["seedDataId"] for each in listed if each["sample"]]
    assert len(samples) == 2
    for sample_id in samples:
        assert look(visitor, sample_id)["state"] == "ready"
        answer = visitor.call("POST", f"/seed-data/{sample_id}/check", {"templateId": sample_id})
        assert answer.json()["fits"] is True

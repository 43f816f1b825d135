"""Templates over HTTP in this process: versions, owners, lists, and every wrong field."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.batches.templates.samples import FOLDER
from chalicelib.wiring import services
from tests.unit.accounts.conftest import House, house
from tests.unit.accounts.pool import ADA, ANN, BEN
from tests.unit.cloud import TABLE, Cloud
from tests.unit.routes.test_http import ENVIRONMENT, Api

__all__ = ["house"]
DEFINITION = "name: Mine\nsteps:\n  - {id: a, tier: cheap, prompt: 'about {{ thing.name }}'}  # é\n"
TEXTS = {
    "TEXT_MODEL_COUNT": "3",
    "TEXT_MODEL_1_NAME": "Llama 3.1 8B",
    "TEXT_MODEL_1_KEY": "N/A",
    "TEXT_MODEL_2_NAME": "Gemini 3.8 Flash",
    "TEXT_MODEL_2_KEY": "k",
    "TEXT_MODEL_3_NAME": "Claude Sonnet",
    "TEXT_MODEL_3_KEY": "N/A",
}
Json = dict[str, Any]


@pytest.fixture
def api(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    for name, value in {**ENVIRONMENT, **TEXTS, "BATCHES": "1", "ALLOW_DELETE": "1"}.items():
        monkeypatch.setenv(name, value)
    services.cache_clear()
    services().ports.dynamodb = cloud.dynamodb
    from app import app

    with Client(app) as client:
        yield Api(client)
    services.cache_clear()


def make(api: Api, definition: str = DEFINITION) -> Json:
    answer = api("POST", "/templates", {"definition": definition})
    assert answer.status_code == 201, answer.body
    return dict(answer.json_body)


def change(api: Api, template_id: str, definition: str, version: str | None = None) -> HTTPResponse:
    headers: Mapping[str, str] = {} if version is None else {"If-Match": version}
    return api("PUT", f"/templates/{template_id}", {"definition": definition}, headers)


def kept(cloud: Cloud) -> int:
    found = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    return sum(1 for item in found if item["pk"]["S"].startswith("TEMPLATE"))


def test_a_template_is_made_and_given_back_byte_for_byte(api: Api) -> None:
    made = make(api)
    assert (made["version"], made["name"], made["requires"]) == (1, "Mine", ["thing.name"])
    assert made["steps"] == [
        {"id": "a", "kind": "text", "tier": "cheap", "maxTokens": 500, "hasSchema": False}
    ]
    found = api("GET", f"/templates/{made['templateId']}").json_body
    assert found == {**made, "definition": DEFINITION}


def test_a_change_is_a_new_version_and_the_old_one_stays(api: Api) -> None:
    made = make(api)
    other = DEFINITION.replace("Mine", "Other").replace("thing", "that")
    assert change(api, made["templateId"], other).json_body["version"] == 2
    path = f"/templates/{made['templateId']}"
    assert api("GET", path).json_body["definition"] == other
    assert api("GET", f"{path}?version=1").json_body["definition"] == DEFINITION
    for version in ("3", "0", "x", "9999999"):
        assert api("GET", f"{path}?version={version}").status_code in (400, 404)
    [listed] = [t for t in api("GET", "/templates").json_body["templates"] if not t["sample"]]
    assert (listed["version"], listed["name"], listed["requires"]) == (2, "Other", ["that.name"])


@pytest.mark.parametrize("written", ["1", '"1"', 'W/"1"'])
def test_who_was_slower_is_told(api: Api, written: str) -> None:
    made = make(api)
    assert change(api, made["templateId"], DEFINITION, written).status_code == 200
    refused = change(api, made["templateId"], DEFINITION, written)
    assert (refused.status_code, refused.json_body["code"]) == (412, "PRECONDITION_FAILED")
    assert change(api, made["templateId"], DEFINITION, "*").json_body["version"] == 3
    wrong = change(api, made["templateId"], DEFINITION, "the first")
    assert wrong.json_body["details"][0]["field"] == "If-Match"


def test_of_many_changes_at_once_each_is_a_version_of_its_own(api: Api, cloud: Cloud) -> None:
    made = make(api)
    templates = services().batches.templates
    from chalicelib.callers import NOBODY

    def put(number: int) -> int:
        text = DEFINITION.replace("Mine", f"Nr {number}")
        return templates.change(made["templateId"], text, NOBODY, None).number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(put, range(4)))
    assert sorted(numbers) == [2, 3, 4, 5]
    names = {templates.get(made["templateId"], NOBODY, n).template.name: n for n in sorted(numbers)}
    assert names == {f"Nr {i}": number for i, number in enumerate(numbers)}
    assert kept(cloud) == 1 + 5


def test_a_change_whose_answer_was_lost_is_one_version(api: Api, cloud: Cloud) -> None:
    made = make(api)
    with cloud.losing_answers("dynamodb.UpdateItem") as lost:
        assert change(api, made["templateId"], DEFINITION, "1").json_body["version"] == 2
    assert lost
    assert api("GET", f"/templates/{made['templateId']}").json_body["version"] == 2


def test_a_deleted_template_is_gone_with_its_versions(api: Api, cloud: Cloud) -> None:
    made = make(api)
    change(api, made["templateId"], DEFINITION)
    path = f"/templates/{made['templateId']}"
    with cloud.failing("dynamodb.DeleteItem", times=4):
        assert api("DELETE", path).status_code == 503
    assert api("GET", path).status_code == 404
    assert change(api, made["templateId"], DEFINITION).status_code == 404
    made = make(api)
    with cloud.losing_answers("dynamodb.UpdateItem"), cloud.losing_answers("dynamodb.DeleteItem"):
        assert api("DELETE", f"/templates/{made['templateId']}").status_code == 204
    assert api("DELETE", f"/templates/{made['templateId']}").status_code == 404
    assert kept(cloud) == 3  # What the first one could not delete: its hidden head ends by itself.


def test_the_list_has_pages_and_the_samples_at_its_end(api: Api) -> None:
    made = [make(api, DEFINITION.replace("Mine", f"T{i}"))["templateId"] for i in range(3)]
    first = api("GET", "/templates?limit=2").json_body
    second = api("GET", f"/templates?limit=2&cursor={first['next']}").json_body
    own = [t["templateId"] for t in (*first["templates"], *second["templates"])]
    assert set(own[:3]) == set(made)
    assert own[3:] == ["sample-creative-writing", "sample-product-pictures"]
    assert second["next"] is None
    refused = api("GET", "/templates?cursor=nonsense")
    assert refused.json_body["details"][0]["field"] == "cursor"


def test_a_sample_is_read_by_everybody_and_changed_by_nobody(api: Api) -> None:
    found = api("GET", "/templates/sample-creative-writing").json_body
    assert found["definition"] == (FOLDER / "creative-writing.yaml").read_text()
    assert found["sample"]
    assert len(found["rows"]) == 3
    assert change(api, "sample-creative-writing", DEFINITION).status_code == 403
    assert api("DELETE", "/templates/sample-creative-writing").status_code == 403
    again = api("GET", "/templates/sample-creative-writing?version=2")
    assert again.status_code == 404


def test_samples_can_be_checked_with_their_own_rows(api: Api) -> None:
    for name, steps in (("creative-writing", 3), ("product-pictures", 3)):
        sample = api("GET", f"/templates/sample-{name}").json_body
        body = {"definition": sample["definition"], "rows": sample["rows"]}
        found = api("POST", "/templates/check", body).json_body
        assert found["problems"] == []
        assert found["requires"] == sample["requires"]
        assert len(found["rendered"]) == steps * len(sample["rows"])


def test_a_check_tells_all_that_is_wrong_and_keeps_nothing(api: Api, cloud: Cloud) -> None:
    broken = DEFINITION.replace("tier: cheap", "tier: gold").replace("thing.name", "thing | uper")
    found = api("POST", "/templates/check", {"definition": broken}).json_body
    assert [(p["field"], p["line"]) for p in found["problems"]] == [
        ("steps[0].tier", 3),
        ("steps[0].prompt", 3),
    ]
    missing = api("POST", "/templates/check", {"definition": DEFINITION, "row": {"thing": {}}})
    assert missing.json_body["problems"] == [
        {
            "field": "steps[0].prompt",
            "line": 3,
            "column": 35,
            "problem": "thing.name is missing",
            "row": 0,
        }
    ]
    assert kept(cloud) == 0


def test_a_check_tells_which_models_are_not_there_now(api: Api) -> None:
    text = (
        "name: x\nsteps:\n"
        "  - {id: a, model: Claude Opus, prompt: hello}\n"
        "  - {id: b, kind: image, models: [recraft, Imaginary, 7], prompt: hello}\n"
        "  - {id: c, kind: judge, of: b, tier: cheap, prompt: hello}\n"
    )
    assert make(api, text)["version"] == 1  # A version outlives the settings.
    found = api("POST", "/templates/check", {"definition": text, "row": {}}).json_body
    told = [(p["field"], p["line"], p["problem"]) for p in found["problems"]]
    there = "(there is GPT Image, Recraft)"
    assert told == [
        (
            "steps[0].model",
            3,
            "is Claude Opus, and no text model here is that (there is Llama 3.1 8B, Gemini 3.8 "
            "Flash, Claude Sonnet)",
        ),
        ("steps[1].models", 4, f"is Imaginary, and no image model here is that {there}"),
        ("steps[1].models", 4, f"is 7, and no image model here is that {there}"),
    ]
    assert len(found["rendered"]) == 3


def test_what_is_wrong_is_told_in_the_contracts_details(api: Api, cloud: Cloud) -> None:
    answer = api("POST", "/templates", {"definition": "name: x\nsteps:\n  - {id: A, prompt: ''}\n"})
    assert (answer.status_code, answer.json_body["code"]) == (400, "INVALID_INPUT")
    assert {"field", "line", "column", "problem"} == set(answer.json_body["details"][0])
    assert len(answer.json_body["details"]) == 3
    assert "and 2 more problems" in answer.json_body["error"]
    assert kept(cloud) == 0


@pytest.mark.parametrize(
    "prompt",
    [
        "{{ 'x'.center(10**9) }}",
        "{{ ('x' * 99999).replace('x', 'y' * 99999) }}",
    ],
)
def test_a_bomb_of_constants_is_found_before_it_is_kept(api: Api, prompt: str) -> None:
    text = f'name: x\nsteps:\n  - id: a\n    tier: cheap\n    prompt: "{prompt}"\n'
    answer = api("POST", "/templates", {"definition": text})
    # Jinja leaves to rendering what fails while it is folded.
    if answer.status_code == 201:
        checked = api("POST", "/templates/check", {"definition": text, "row": {}}).json_body
        assert "memory" in checked["problems"][0]["problem"]
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/templates", {"definitions": "x"}, "definition"),
        ("/templates", {"definition": 7}, "definition"),
        ("/templates", {"definition": ""}, "definition"),
        ("/templates", {"definition": "x" * 65_537}, "definition"),
        ("/templates", {"definition": "é" * 40_000}, "definition"),
        ("/templates", {"definition": DEFINITION, "name": "x"}, "name"),
        ("/templates/check", {"definition": None}, "definition"),
        ("/templates/check", {"definition": DEFINITION, "row": []}, "row"),
        ("/templates/check", {"definition": DEFINITION, "rows": {}}, "rows"),
        ("/templates/check", {"definition": DEFINITION, "rows": [1]}, "rows.0"),
        ("/templates/check", {"definition": DEFINITION, "rows": [{}] * 21}, "rows"),
        ("/templates/check", {"definition": DEFINITION, "model": 1}, "model"),
    ],
)
def test_every_wrong_field_is_named(api: Api, path: str, body: Json, field: str) -> None:
    answer = api("POST", path, body)
    assert (answer.status_code, answer.json_body["code"]) == (400, "INVALID_INPUT")
    assert answer.json_body["details"][0]["field"] == field


def test_a_definition_may_be_larger_than_other_bodies_but_not_without_end(api: Api) -> None:
    comment = "# " + "\\" * 60_000
    assert len(json.dumps(comment)) > 64 * 1024
    assert make(api, f"{DEFINITION}{comment}")["version"] == 1
    assert api("POST", "/templates", b"[" * 600_000).status_code == 413
    assert api("POST", "/enhance", b"[" * 70_000).status_code == 413


@pytest.mark.parametrize("template_id", ["x", "t" + "0" * 23, "a%20b", "%00", "y" * 3000])
def test_what_is_no_template_is_not_found(api: Api, template_id: str) -> None:
    for method in ("GET", "DELETE"):
        assert api(method, f"/templates/{template_id}").status_code == 404


def test_an_open_installation_has_no_batches_unless_it_says_so(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api("GET", "/models").json_body["limits"]["batches"] is True
    monkeypatch.setenv("BATCHES", "0")
    monkeypatch.setenv("ALLOW_DELETE", "0")
    services.cache_clear()
    assert api("GET", "/models").json_body["limits"]["batches"] is False
    for method, path in (
        ("GET", "/templates"),
        ("GET", "/templates/x"),
        ("DELETE", "/templates/x"),
    ):
        refused = api(method, path)
        assert (refused.status_code, refused.json_body["code"]) == (403, "FORBIDDEN")
        assert "BATCHES=1" in refused.json_body["error"]


def test_where_nobody_may_delete_runs_nobody_deletes_templates(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(api)
    monkeypatch.setenv("ALLOW_DELETE", "0")
    services.cache_clear()
    assert api("DELETE", f"/templates/{made['templateId']}").status_code == 403


def test_a_template_is_its_owners_alone(house: House) -> None:
    made = house.as_user(ANN, "POST", "/templates", {"definition": DEFINITION}).json_body
    path = f"/templates/{made['templateId']}"
    assert house.as_user(ANN, "GET", path).status_code == 200
    for other in (BEN, ADA):
        assert house.as_user(other, "GET", path).status_code == 404
        assert house.as_user(other, "DELETE", path).status_code == 404
        put = house.as_user(other, "PUT", path, {"definition": DEFINITION})
        assert put.status_code == 404
        listed = house.as_user(other, "GET", "/templates").json_body["templates"]
        assert all(each["sample"] for each in listed)
    assert house.as_user(ANN, "DELETE", path).status_code == 204


def test_nobody_has_templates_without_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.batches.templates.service.MOST_TEMPLATES", 1)
    monkeypatch.setattr("chalicelib.batches.templates.service.MOST_VERSIONS", 2)
    made = make(api)
    full = api("POST", "/templates", {"definition": DEFINITION})
    assert "1 templates already" in full.json_body["error"]
    assert change(api, made["templateId"], DEFINITION).status_code == 200
    assert "2 versions" in change(api, made["templateId"], DEFINITION).json_body["error"]

"""Templates on the running product, as a page or a script uses them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.api.visitor import Visitor

DEFINITION = "name: Mine\nsteps:\n  - {id: a, tier: cheap, prompt: 'about {{ thing.name }}'}\n"
LOOP = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"


def test_a_template_is_made_changed_tried_and_deleted(visitor: Visitor) -> None:
    assert visitor.call("GET", "/models").json()["limits"]["batches"] is True
    made = visitor.call("POST", "/templates", {"definition": DEFINITION})
    assert made.status_code == 201, made.text
    path = f"/templates/{made.json()['templateId']}"
    changed = DEFINITION.replace("Mine", "Yours")
    put = visitor.call("PUT", path, {"definition": changed}, headers={"If-Match": "1"})
    assert put.json()["version"] == 2
    late = visitor.call("PUT", path, {"definition": changed}, headers={"If-Match": "1"})
    assert late.status_code == 412
    assert visitor.call("GET", f"{path}?version=1").json()["definition"] == DEFINITION
    body = {"definition": changed, "rows": [{"thing": {"name": "a lamp"}}, {}]}
    checked = visitor.call("POST", "/templates/check", body).json()
    assert [each["prompt"] for each in checked["rendered"]] == ["about a lamp"]
    assert [each["problem"] for each in checked["problems"]] == ["thing is missing"]
    assert visitor.call("DELETE", path).status_code == 204
    assert visitor.call("GET", path).status_code == 404


def test_the_samples_can_be_tried_at_once(visitor: Visitor) -> None:
    listed = visitor.call("GET", "/templates").json()["templates"]
    samples = [each["templateId"] for each in listed if each["sample"]]
    assert len(samples) == 2
    for template_id in samples:
        sample = visitor.call("GET", f"/templates/{template_id}").json()
        body = {"definition": sample["definition"], "rows": sample["rows"]}
        checked = visitor.call("POST", "/templates/check", body).json()
        assert checked["problems"] == []
        assert len(checked["rendered"]) == len(sample["rows"]) * len(sample["steps"])


def test_the_product_answers_others_while_a_template_runs_for_ever(visitor: Visitor) -> None:
    text = DEFINITION.replace("about", LOOP)
    body = {"definition": text, "row": {"thing": {"name": "x"}}}
    with ThreadPoolExecutor(2) as pool:
        bombs = [pool.submit(visitor.call, "POST", "/templates/check", body) for _ in range(2)]
        while not all(bomb.done() for bomb in bombs):
            assert visitor.call("GET", "/health").status_code == 200
    for bomb in bombs:
        [problem] = bomb.result().json()["problems"]
        assert "takes longer" in problem["problem"]


def test_what_is_wrong_is_told_with_its_line(visitor: Visitor) -> None:
    answer = visitor.call("POST", "/templates", {"definition": "name: x\nsteps:\n  - id: A\n"})
    assert answer.status_code == 400
    assert {each["line"] for each in answer.json()["details"]} == {3}

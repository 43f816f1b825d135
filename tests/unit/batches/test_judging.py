"""Steps that judge pictures: what is shown to whom, what comes of it, and what it takes."""

import json
from dataclasses import replace

import pytest

from chalicelib.batches.runs.calls import SHOWN_TOKENS
from chalicelib.batches.runs.model import NO_AXES, Axes, Row
from chalicelib.errors import InvalidInput
from chalicelib.providers.errors import Refused
from chalicelib.providers.models.texts import TextModel
from chalicelib.providers.registry import TextSlot
from tests.unit.batches.factory import NOBODY, PRICE_MICROS, RATES, TEXT_COST, Factory
from tests.unit.cloud import Cloud

JUDGED = """
name: Judged
steps:
  - {id: picture, kind: image, prompt: "{{ name }}"}
  - {id: check, kind: judge, of: picture, tier: cheap, max_tokens: 50, prompt: "is it {{ name }}?"}
  - {id: word, tier: cheap, prompt: "{{ steps.check.output | tojson }}"}
"""


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    made = Factory(cloud, rows=1)
    made.models.authors[1].write = judge
    return made


def judge(prompt: str) -> str:
    return '{"score": 4, "reason": "mostly"}' if prompt.startswith("is it") else prompt


def made_row(factory: Factory, definition: str = JUDGED, axes: Axes = NO_AXES) -> Row:
    batch = factory.run(factory.make(definition, axes=axes))
    [row] = factory.department.reader.page(batch, None, 0, 10)[0]
    return row


def test_every_picture_is_shown_and_judged_once(factory: Factory) -> None:
    row = made_row(factory, axes=Axes(seeds=(1, 2)))
    assert row.state == "done"
    shown = factory.models.authors[1].shown
    drawn = [cell.image for cell in row.cells.values() if cell.image]
    stored = [factory.department._ground.images.get(image.key) for image in drawn]
    assert sorted(each.data for each in shown) == sorted(stored)
    assert len(set(stored)) == 4
    assert factory.bill.calls[-1, "is it lamp 1?"] == 4
    assert factory.bill.micros == 4 * PRICE_MICROS + 5 * TEXT_COST
    seen = json.loads(row.cells["word.1.0"].text)
    assert [each["model"] for each in seen] == ["Model 1", "Model 1", "Model 2", "Model 2"]
    assert seen[0] == {"model": "Model 1", "score": 4, "reason": "mostly"}


def test_a_plan_counts_a_judgement_for_each_picture_with_what_it_sees(factory: Factory) -> None:
    plan = factory.make(JUDGED).plan
    assert (plan.calls, plan.pictures) == (5, 2)
    seen = 2 * SHOWN_TOKENS * RATES.text_in
    assert plan.worst > 2 * PRICE_MICROS + seen


@pytest.mark.parametrize(
    "answer",
    [
        '{"score": 6, "reason": "x"}',
        '{"score": 0, "reason": "x"}',
        '{"score": 2.5, "reason": "x"}',
        '{"score": 3}',
        '{"score": 3, "reason": ""}',
        "four",
    ],
)
def test_what_is_no_judgement_fails_the_row_and_keeps_its_pictures(
    factory: Factory, answer: str
) -> None:
    factory.models.authors[1].write = lambda _: answer
    row = made_row(factory)
    assert (row.state, row.code) == ("failed", "BAD_RESPONSE")
    assert [cell.state for cell in row.cells.values() if cell.image] == ["done", "done"]


def test_pictures_that_were_not_drawn_are_not_judged(factory: Factory) -> None:
    skipped = JUDGED.replace("kind: image,", "kind: image, when: 'false',")
    row = made_row(factory, skipped.replace("{{ steps.check.output | tojson }}", "a word"))
    assert (row.state, list(row.cells)) == ("done", ["word.1.0"])
    assert factory.models.authors[1].shown == []


def test_a_refused_judgement_fails_alone_and_is_retried_alone(factory: Factory) -> None:
    answers = iter(["{}"])

    def refuse_once(prompt: str) -> str:
        if prompt.startswith("is it") and next(answers, None):
            raise Refused("The judge refused.", billed="no")
        return judge(prompt)

    factory.models.authors[1].write = refuse_once
    batch = factory.run(factory.make(JUDGED))
    assert batch.failed == 1
    factory.service.retry(batch.id, None, NOBODY)
    factory.work()
    [row] = factory.department.reader.page(factory.current(batch), None, 0, 10)[0]
    assert row.state == "done"
    assert factory.bill.calls[1, "lamp 1"] == factory.bill.calls[2, "lamp 1"] == 1
    assert factory.bill.calls[-1, "is it lamp 1?"] == 3


def test_a_model_that_cannot_see_is_no_judge(factory: Factory) -> None:
    blind = TextModel("bedrock", "us.meta.llama3-1-8b-instruct-v1:0", "cheap", own_rates=RATES)
    models = factory.models
    models.texts = (
        TextSlot(2, "Llama", blind, 30.0, simulated=True),
        replace(models.texts[0], model=replace(models.texts[0].model, tier="premium")),
    )
    factory.services = factory.another()
    batch = factory.make(JUDGED)
    assert [model.name for model in batch.wanted.models["check"]] == ["Writer"]
    assert [model.name for model in batch.wanted.models["word"]] == ["Llama"]
    with pytest.raises(InvalidInput, match="Llama cannot be shown pictures"):
        factory.make(JUDGED.replace("of: picture, tier: cheap", "of: picture, model: Llama"))

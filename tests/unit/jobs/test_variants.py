"""Several pictures of each model in one run: every one lives, costs and ends by itself."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.callers import NOBODY, Caller
from chalicelib.errors import InvalidInput, NotRetryable
from chalicelib.jobs.leasing import AT_ONCE
from chalicelib.jobs.model import CallName, Job
from chalicelib.jobs.service import Submission
from chalicelib.jobs.slots import slots_named, slots_to_retry
from chalicelib.jobs.view import job_view
from chalicelib.providers.base import (
    LARGEST_SEED,
    CallContext,
    Capabilities,
    ImageRequest,
    Parameters,
    Picture,
)
from chalicelib.providers.errors import Refused
from chalicelib.verdicts.model import Verdict
from tests.pictures import png
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, draws

HERE = Caller("203.0.113.9")
TWICE = Submission("a lighthouse", Parameters(), variants=2)
PRICE_MICROS = 40_000


def seeded(request: ImageRequest, context: CallContext) -> Picture:
    return Picture(png(f"{request.seed}"), seed=request.seed)


def studio(cloud: Cloud, *painters: Painter, spend_limit: int | None = None) -> Studio:
    """Two models of which the second refuses its second variant, unless painters are given."""
    given = painters or (Painter(draws), Painter(refuses_second))
    return Studio(cloud, dict(enumerate(given, start=1)), spend_limit=spend_limit)


def refuses_second(request: ImageRequest, context: CallContext) -> Picture:
    name = CallName.parse(context.name)
    if name and name.index == 102 and name.attempt == 1:
        raise Refused("The provider refused this prompt.")
    return draws(request, context)


def shown(job: Job) -> dict[str, dict[str, object]]:
    """Return the results as clients see them, by their ids."""
    view = json.loads(job_view(job, lambda key: f"/{key}").to_json())
    return {result["resultId"]: result for result in view["results"]}


def test_every_variant_is_a_result_of_its_own_with_its_own_picture(cloud: Cloud) -> None:
    at = studio(cloud, Painter(draws), Painter(draws))
    job = at.work(at.service.submit(TWICE, HERE, None))
    results = shown(job)
    assert [(r["index"], r["variant"]) for r in results.values()] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    assert list(results) == ["1.1", "1.2", "2.1", "2.2"]
    assert len({result["imageKey"] for result in results.values()}) == 4
    assert [at.painters[index].calls for index in (1, 2)] == [2, 2]
    assert job.status == "completed"


def test_without_variants_a_result_is_named_by_its_slot_alone(cloud: Cloud) -> None:
    results = shown(studio(cloud).submit())
    assert list(results) == ["1", "2"]
    assert all("variant" not in result for result in results.values())


def test_the_seed_of_the_request_counts_up_and_each_result_tells_its_own(cloud: Cloud) -> None:
    at = studio(cloud, Painter(seeded))
    able = Capabilities(seed=True)
    at.models.slots = tuple(
        replace(s, model=replace(s.model, capabilities=able)) for s in at.models.slots
    )
    wish = Parameters(seed=LARGEST_SEED - 1, explicit=("seed",))
    job = at.work(at.service.submit(replace(TWICE, parameters=wish, variants=3), HERE, None))
    seeds = {name: (r["seed"], r["requested"]["seed"]) for name, r in shown(job).items()}  # type: ignore[index]
    last = LARGEST_SEED
    assert seeds == {"1.1": (last - 1, last - 1), "1.2": (last, last), "1.3": (0, 0)}
    assert all(not result["ignored"] for result in shown(job).values())


def test_money_is_set_aside_and_settled_for_each_variant(cloud: Cloud) -> None:
    at = studio(cloud, spend_limit=10 * PRICE_MICROS)
    job = at.service.submit(TWICE, HERE, None)
    before = at.services.ground.spending.today()
    assert before
    assert round(before.left * 1e6) == 6 * PRICE_MICROS
    at.work(job)
    after = at.services.ground.spending.today()
    assert after
    assert round(after.left * 1e6) == 7 * PRICE_MICROS


def test_more_than_twenty_pictures_are_refused_before_anything_is_counted(cloud: Cloud) -> None:
    at = studio(cloud, *[Painter(draws) for _ in range(6)])
    with pytest.raises(InvalidInput) as refused:
        at.service.submit(replace(TWICE, variants=4), HERE, None)
    assert [detail.field for detail in refused.value.details] == ["variants"]
    assert not at.admitted
    five = replace(TWICE, variants=4, models=(1, 2, 3, 4, 5))
    assert len(at.service.submit(five, HERE, None).slots) == 20


def test_one_variant_is_cancelled_and_the_other_is_drawn(cloud: Cloud) -> None:
    at = studio(cloud, Painter(draws))
    job = at.service.submit(TWICE, HERE, None)
    at.service.cancel(job.id, slots_named(job, (), ("1.2",)))
    job = at.work(job)
    assert [r["status"] for r in shown(job).values()] == ["completed", "cancelled"]
    assert at.painters[1].calls == 1


@pytest.mark.parametrize("named", [((2,), ()), ((), ("2.2",)), ((2,), ("2.2",))])
def test_a_retry_draws_what_is_missing_and_nothing_again(
    cloud: Cloud, named: tuple[tuple[int, ...], tuple[str, ...]]
) -> None:
    at = studio(cloud)
    job = at.work(at.service.submit(TWICE, HERE, None))
    assert [r["status"] for r in shown(job).values()].count("completed") == 3
    job = at.work(at.service.retry(job.id, slots_to_retry(job, *named), HERE))
    assert [r["attempt"] for r in shown(job).values()] == [1, 1, 1, 2]
    assert (job.status, at.painters[2].calls) == ("completed", 3)


@pytest.mark.parametrize("named", [((1,), ()), ((), ("1.2",)), ((), ("1.1", "2.2"))])
def test_a_picture_that_is_there_is_not_drawn_again(
    cloud: Cloud, named: tuple[tuple[int, ...], tuple[str, ...]]
) -> None:
    at = studio(cloud)
    job = at.work(at.service.submit(TWICE, HERE, None))
    with pytest.raises(NotRetryable):
        at.service.retry(job.id, slots_to_retry(job, *named), HERE)


@pytest.mark.parametrize("choose", [slots_named, slots_to_retry])
def test_strangers_are_named(
    cloud: Cloud, choose: Callable[[Job, tuple[int, ...], tuple[str, ...]], list[int]]
) -> None:
    job = studio(cloud).service.submit(TWICE, HERE, None)
    for results in (("1",), ("1.3",), ("102",), ("1.2 ",)):
        with pytest.raises(InvalidInput) as refused:
            choose(job, (), results)
        assert [detail.field for detail in refused.value.details] == ["results"]
    with pytest.raises(InvalidInput) as refused:
        choose(job, (101,), ())
    assert [detail.field for detail in refused.value.details] == ["models"]


def test_stars_and_verdicts_name_variants(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.service.submit(TWICE, HERE, None))
    judging = at.jobs.judging
    judging.star(job.id, "1.2", NOBODY)
    job = judging.judge(job.id, Verdict("1.2", (("1.2",), ("1.1", "2.1"))), NOBODY)
    assert [name for name, result in shown(job).items() if result.get("starred")] == ["1.2"]
    with pytest.raises(InvalidInput):
        judging.judge(job.id, Verdict("2.2"), NOBODY)


def test_the_gallery_counts_every_picture_and_previews_are_drawn_of_each(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.preview(at.work(at.service.submit(TWICE, HERE, None)))
    [entry] = at.gallery.page(10, None, at.clock()).entries
    assert (entry.images, entry.models) == (3, ("Model 1", "Model 2"))
    assert [name for name, r in shown(job).items() if "thumbUrl" in r] == ["1.1", "1.2", "2.1"]


def test_a_key_stands_for_as_many_pictures_as_were_asked_for() -> None:
    once = Submission("a lighthouse", Parameters())
    assert once.payload_hash == replace(once, variants=1).payload_hash
    assert len({replace(once, variants=n).payload_hash for n in (1, 2, 3, 4)}) == 4


def test_the_call_of_a_variant_has_a_name_that_comes_back(cloud: Cloud) -> None:
    job = studio(cloud).service.submit(TWICE, HERE, None)
    name = CallName(job.id, job.slots[-1].index, 1)
    assert CallName.parse(str(name)) == name
    assert len({str(CallName(job.id, slot.index, 1)) for slot in job.slots}) == 4


def test_large_pictures_are_shared_among_workers_each_drawing_what_it_has_memory_for(
    cloud: Cloud,
) -> None:
    at = studio(cloud, Painter(draws), Painter(draws))
    large = replace(TWICE, variants=4, parameters=Parameters(resolution="2K"))
    job = at.service.submit(large, HERE, None)
    assert at.functions.dispatched == 1
    half = at.work(job)
    assert (half.count("completed"), len(half.leases)) == (AT_ONCE // 4, AT_ONCE // 4)
    assert at.functions.dispatched == 2
    whole = at.work(job)
    assert (whole.status, whole.count("completed")) == ("completed", 8)
    assert at.functions.dispatched == 2


def test_what_waits_for_a_lost_worker_is_looked_after_within_a_minute(cloud: Cloud) -> None:
    at = studio(cloud, Painter(draws))
    large = replace(TWICE, parameters=Parameters(resolution="4K"))
    at.work(at.service.submit(large, HERE, None))
    assert at.functions.dispatched == 2
    at.reap(minutes=1.1)
    assert at.functions.dispatched == 3

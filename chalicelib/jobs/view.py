"""Jobs as the contract shows them: the wire models, and how a job becomes one.

A field that does not apply is left out; a field that applies and is not known is null.
"""

from typing import Any, Literal, get_args

from chalicelib.generation.model import StoredImage
from chalicelib.images.addresses import Address
from chalicelib.jobs.blind_view import blind_results, preview_fields
from chalicelib.jobs.model import (
    Job,
    JobSlot,
    JobStatus,
    Outcome,
    Phase,
    SlotStatus,
)
from chalicelib.providers.base import AspectRatio, Parameters, Quality, Resolution
from chalicelib.verdicts.model import Verdict
from chalicelib.wire import CostView, Wire, iso


class RequestedView(Wire):
    """What the person asked this model for; the job's parameters hold the negative prompt."""

    aspect_ratio: AspectRatio
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    control: float | None = None
    quality: Quality | None = None
    resolution: Resolution | None = None


class ParametersView(Wire):
    """The settings of the whole job; a blind one names no models until its verdict."""

    steps: int
    guidance: float
    control: float
    seed: int | None = None
    negative_prompt: str | None = None
    aspect_ratio: AspectRatio
    models: list[int] | None = None
    variants: int | None = None
    quality: Quality | None = None
    resolution: Resolution | None = None


ErrorCode = Literal[
    "BAD_KEY",
    "OUT_OF_CREDIT",
    "RATE_LIMITED",
    "REFUSED",
    "MODEL_RETIRED",
    "BAD_REQUEST",
    "TIMEOUT",
    "UNAVAILABLE",
    "BAD_RESPONSE",
    "INTERRUPTED",
]


class ResultView(Wire):
    """One picture of a job, or what became of it. `index` is the model's; `variant` is there where
    every model draws several, and counts from 1. `duration` is in seconds, times are ISO 8601 in
    UTC.

    In a blind job it has a letter for its `resultId` until the verdict, and no field that tells
    whose it is; afterwards `letter` says what it was called.
    """

    index: int | None = None
    result_id: str | None = None
    letter: str | None = None
    variant: int | None = None
    model: str | None = None
    provider: str | None = None
    model_id: str | None = None
    status: SlotStatus
    attempt: int
    simulated: bool | None = None
    deferred: bool | None = None
    phase: Phase | None = None
    started_at: str | None = None
    completed_at: str | None = None
    duration: float | None = None
    image_key: str | None = None
    image_url: str | None = None
    preview_url: str | None = None
    thumb_url: str | None = None
    preview_error: str | None = None
    content_type: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    seed: int | None = None
    requested: RequestedView | None = None
    ignored: list[str] | None = None
    revised_prompt: str | None = None
    cost: CostView | None = None
    starred: bool | None = None
    error: str | None = None
    error_code: ErrorCode | None = None
    retryable: bool | None = None


class VerdictView(Wire):
    """What the owner thinks of the pictures, which are named by their results' ids.

    No winner is that none of them is. In a ranking, those who share a place are a list.
    """

    winner: str | None
    ranking: list[str | list[str]] | None = None
    tags: list[str]


class JobView(Wire):
    """A job. `seq` grows with every change; the same `seq` is the same job.

    Of a `blind` one nothing is told that says which result is whose until it has a verdict.
    """

    job_id: str
    status: JobStatus
    seq: int
    created_at: str
    updated_at: str
    completed_at: str | None = None
    prompt: str
    parameters: ParametersView
    target: str
    total_models: int
    completed_models: int
    failed_models: int
    results: list[ResultView]
    simulated: bool
    blind: bool | None = None
    verdict: VerdictView | None = None


def job_view(job: Job, address: Address) -> JobView:
    """Return the job as `GET /status` answers it and as every push carries it.

    `address` tells where a picture is shown.
    """
    optional: dict[str, Any] = {}
    if job.completed_at is not None:
        optional["completed_at"] = iso(job.completed_at)
    if job.verdict:
        optional["verdict"] = verdict_view(job.verdict)
    if job.blind:
        optional["blind"] = True
    return JobView(
        job_id=job.id,
        status=job.status,
        seq=job.shown_seq,
        created_at=iso(job.created_at),
        updated_at=iso(job.shown_updated_at),
        prompt=job.prompt,
        parameters=parameters_view(job),
        target=job.target,
        total_models=len(job.slots),
        completed_models=job.count("completed"),
        failed_models=job.count("error"),
        results=result_views(job, address),
        simulated=job.simulated,
        **optional,
    )


def verdict_view(verdict: Verdict) -> VerdictView:
    places = [place[0] if len(place) == 1 else list(place) for place in verdict.ranking]
    ranking = {"ranking": places} if places else {}
    return VerdictView(winner=verdict.winner, tags=list(verdict.tags), **ranking)


def parameters_view(job: Job) -> ParametersView:
    asked = job.parameters
    optional: dict[str, object] = {}
    if asked.seed is not None:
        optional["seed"] = asked.seed
    if asked.quality != "auto":
        optional["quality"] = asked.quality
    if asked.resolution != "1K":
        optional["resolution"] = asked.resolution
    if not job.hidden:
        optional["models"] = list(dict.fromkeys(slot.model_index for slot in job.slots))
    if job.variants > 1:
        optional["variants"] = job.variants
    if asked.negative_prompt:
        optional["negative_prompt"] = asked.negative_prompt
    return ParametersView.model_validate(
        {
            "steps": asked.steps,
            "guidance": asked.guidance,
            "control": asked.control,
            "aspect_ratio": asked.aspect_ratio,
            **optional,
        }
    )


def result_views(job: Job, address: Address) -> list[ResultView]:
    """Return the results in the order of their slots, or of their letters while these hide them."""
    if job.hidden:
        return [ResultView.model_validate(fields) for fields in blind_results(job, address)]
    return [_result_view(job, slot, address) for slot in job.slots]


def _result_view(job: Job, slot: JobSlot, address: Address) -> ResultView:
    outcome, shown = job.outcomes.get(slot.index), job.drawn_by(slot)
    return ResultView.model_validate(
        {
            "index": slot.model_index,
            "result_id": job.result_id(slot.index),
            **_name(job, slot),
            "model": shown.name,
            "provider": shown.provider,
            "model_id": slot.model_id,
            "status": job.slot_status(slot.index),
            "attempt": job.attempt(slot.index),
            "simulated": shown.simulated,
            **(_deferred(job, slot.index) if shown.deferred else {}),
            **_started(job, slot.index, outcome),
            **(_ended(outcome, job.asked_of(slot.index), address) if outcome else {}),
            **(
                _extras(job, slot.index, outcome.image, address)
                if outcome and outcome.image
                else {}
            ),
        }
    )


def _name(job: Job, slot: JobSlot) -> dict[str, object]:
    """Return which of several pictures it is, and what it was called while it was hidden."""
    named: dict[str, object] = {"variant": slot.variant} if job.variants > 1 else {}
    if job.blind:
        named["letter"] = job.blind.letter(job.result_id(slot.index))
    return named


def _deferred(job: Job, index: int) -> dict[str, object]:
    """Return that the answer comes by callback, and what it waits for where that is known."""
    lease = job.leases.get(index)
    phase = lease.phase if lease and index not in job.outcomes else None
    return {"deferred": True, **({"phase": phase} if phase in get_args(Phase) else {})}


def _started(job: Job, index: int, outcome: Outcome | None) -> dict[str, object]:
    lease = job.leases.get(index)
    started = outcome.started_at if outcome else lease.started_at if lease else None
    return {} if started is None else {"started_at": iso(started)}


def _ended(outcome: Outcome, asked: Parameters, address: Address) -> dict[str, object]:
    fields: dict[str, object] = {
        "completed_at": iso(outcome.completed_at),
        "cost": CostView(amount=outcome.cost.amount, basis=outcome.cost.basis),
    }
    if outcome.started_at is not None:
        fields["duration"] = round((outcome.completed_at - outcome.started_at) / 1000, 3)
    if outcome.failure:
        fields |= {
            "error": outcome.failure.sentence,
            "error_code": _known_code(outcome.failure.code),
            "retryable": outcome.failure.retryable,
        }
    return fields | _picture(outcome, asked, address)


def _known_code(code: str) -> str:
    """Return the code, or one that says as little where only a newer version knows it."""
    return code if code in get_args(ErrorCode) else "INTERRUPTED"


def _picture(outcome: Outcome, asked: Parameters, address: Address) -> dict[str, object]:
    image = outcome.image
    if not image:
        return {}
    fields: dict[str, object] = {
        "image_key": image.key,
        "image_url": address(image.key),
        "content_type": image.content_type,
        "width": image.width,
        "height": image.height,
        "bytes": image.size,
        "seed": image.seed,
        "requested": _requested(asked),
        "ignored": list(image.ignored),
    }
    if image.revised_prompt:
        fields["revised_prompt"] = image.revised_prompt
    return fields


def _extras(job: Job, index: int, image: StoredImage, address: Address) -> dict[str, object]:
    """Return what came to a picture later: its previews and its star."""
    return {
        **preview_fields(job.preview(index), image.key, address),
        "starred": job.result_id(index) in job.stars,
    }


def _requested(asked: Parameters) -> RequestedView:
    settings = {
        "seed": asked.seed,
        "steps": asked.steps,
        "guidance": asked.guidance,
        "control": asked.control,
        "quality": asked.quality,
        "resolution": asked.resolution,
    }
    made = {name: value for name, value in settings.items() if name in asked.explicit}
    return RequestedView.model_validate({"aspectRatio": asked.aspect_ratio, **made})

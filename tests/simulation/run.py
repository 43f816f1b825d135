"""One whole run, and what it found."""

from dataclasses import dataclass

from tests.simulation.auditor import REAPER_PERIOD_MS, Violation
from tests.simulation.installation import Installation
from tests.simulation.people import ARRIVAL_MS, Person
from tests.simulation.world import START, Plan, World, watched_logs

REST_MS = 45 * 60_000
"""After the last arrival: the longest way of a job, a retry and the reaper's passes included."""
KINDS = ("aws_call", "outage", "worker_crash", "reaper_crash", "duplicate", "lost_answer", "hang")


@dataclass(frozen=True)
class Report:
    """The figures of one run; `digest` is equal for equal runs."""

    seed: int
    jobs: int
    provider_calls: int
    billed_twice: int
    lost: int
    stuck: int
    illegal: int
    retried: int
    interrupted: int
    lost_with_worker: int
    adopted: int
    most_billed: int
    died: tuple[str, ...]
    faults: dict[str, int]
    events: int
    digest: str
    violations: tuple[Violation, ...]
    fired: tuple[str, ...]


def run(plan: Plan, trace: list[str] | None = None) -> Report:
    """Lets the people come, the reaper tick, everything come to rest, and judges it."""
    world = World(plan, trace)
    at = Installation(world)
    for number in range(plan.people):
        if plan.only in (None, number):
            Person(number, at).come()
    end = START + plan.people * ARRIVAL_MS + REST_MS
    with watched_logs(world.auditor.log_watch()):
        for minute in range(1, (end - START) // REAPER_PERIOD_MS):
            world.scheduler.run(START + minute * REAPER_PERIOD_MS)
            at.reap(minute)
        world.scheduler.run(end)
    if not world.auditor.violations:
        world.auditor.close(world.table.items.values())
    return _report(world)


def _report(world: World) -> Report:
    auditor, ledger, faults = world.auditor, world.ledger, world.faults
    failures = [outcome.failure for _, outcome in auditor.ends.values() if outcome.failure]
    return Report(
        seed=world.plan.seed,
        jobs=sum(pk.startswith("JOB#") for pk, _ in world.table.items),
        provider_calls=sum(ledger.billed.values()),
        billed_twice=auditor.billed_twice,
        lost=auditor.lost,
        stuck=auditor.stuck,
        illegal=auditor.illegal,
        retried=sum(attempt > 1 for _, _, attempt in auditor.ends),
        interrupted=sum(failure.code == "INTERRUPTED" for failure in failures),
        lost_with_worker=auditor.lost_with_worker,
        adopted=auditor.adopted,
        most_billed=max(ledger.billed.values(), default=0),
        died=tuple(world.scheduler.killed),
        faults=faults.count(KINDS),
        events=world.events,
        digest=world.digest,
        violations=tuple(auditor.violations),
        fired=tuple(faults.fired),
    )

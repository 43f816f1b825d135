"""One whole run of batches, and what it found."""

from dataclasses import dataclass

from tests.simulation.batches.installation import Installation
from tests.simulation.batches.owners import Owner
from tests.simulation.batches.rest import AtRest
from tests.simulation.batches.usage import Usage
from tests.simulation.batches.world import BatchPlan, BatchWorld
from tests.simulation.world import START, watched_logs

MINUTE_MS = 60_000
LONGEST_MINUTES = 3_000
REST_MINUTES = 8
"""After the last owner has gone: a lease, what the ledger calls abandoned, and some sweeps."""
KINDS = (
    "aws_call",
    "outage",
    "worker_crash",
    "reaper_crash",
    "duplicate",
    "lost_answer",
    "hang",
    "busy",
    "no_credit",
    "entry_failed",
)


@dataclass(frozen=True)
class Report:
    """The figures of one run; `digest` is equal for equal runs."""

    seed: int
    rows: int
    done: int
    failed: int
    calls: int
    lost: int
    lost_with_worker: int
    looks: int
    model_usd: float
    minutes: int
    states: dict[str, int]
    codes: dict[str, int]
    faults: dict[str, int]
    usage: Usage
    digest: str
    fired: int
    killed: int
    violations: tuple[str, ...]

    @property
    def billed_twice(self) -> int:
        return sum("billed" in each and "times" in each for each in self.violations)

    @property
    def over_budget(self) -> int:
        return sum("over its limit" in each for each in self.violations)


def run(plan: BatchPlan, trace: list[str] | None = None) -> Report:
    """Let owners come, the sweep tick, everything come to rest, and judge it."""
    world = BatchWorld(plan, trace)
    at = Installation(world)
    owners = [Owner(number, at) for number in range(plan.people) if plan.only in (None, number)]
    for owner in owners:
        owner.come()
    minute, left = 0, REST_MINUTES
    with watched_logs(world.auditor.log_watch()):
        while left and minute < LONGEST_MINUTES and not world.scheduler.stopped:
            minute += 1
            world.scheduler.run(START + minute * MINUTE_MS)
            at.sweep(minute)
            left -= all(owner.is_gone for owner in owners)
        world.scheduler.run(START + (minute + 1) * MINUTE_MS)
    found = AtRest(world)
    if not world.auditor.violations:
        found.judge()
    return _report(world, found, minute)


def _report(world: BatchWorld, found: AtRest, minutes: int) -> Report:
    auditor, faults = world.auditor, world.faults
    return Report(
        seed=world.plan.seed,
        rows=sum(found.rows.values()),
        done=found.rows["done"],
        failed=found.rows["failed"],
        calls=len(auditor.billed),
        lost=found.lost,
        lost_with_worker=auditor.lost_with_worker,
        looks=auditor.looks,
        model_usd=sum(auditor.billed.values()) / 1_000_000,
        minutes=minutes,
        states=dict(found.states),
        codes=dict(found.codes),
        faults=faults.count(KINDS),
        usage=world.usage,
        digest=world.digest,
        fired=len(faults.fired),
        killed=len(world.scheduler.killed),
        violations=tuple(auditor.violations),
    )

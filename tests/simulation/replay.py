"""From a failing run to the shortest story that shows the same failure."""

import re
from dataclasses import replace

from tests.simulation.auditor import Violation
from tests.simulation.run import Report, run
from tests.simulation.world import Plan

IDLE = re.compile(r"(reaper \d+: (query|get_item)|person \d+\+?: get_item) ok$")


def explain(plan: Plan, report: Report) -> str:
    """What broke, the plan that replays it, and what happened on the way.

    People and mishaps that the failure does not need are left out. A failure that needs the crowd
    is told as far as it concerns its own job.
    """
    broken = report.violations[0]
    shortest = _shrink(_alone(plan, broken), broken)
    trace: list[str] = []
    run(shortest, trace)
    crowd = shortest.only is None
    story = [line for line in trace if not crowd or _concerns(line, broken)]
    told = [line for line in story if not IDLE.search(line)]
    return "\n".join([f"{broken}", f"replays as {shortest}", *told])


def fails_alike(plan: Plan, broken: Violation) -> bool:
    found = run(plan).violations
    return any(v.promise == broken.promise and v.job_id == broken.job_id for v in found)


def _alone(plan: Plan, broken: Violation) -> Plan:
    if not broken.job_id:
        return plan
    alone = replace(plan, only=_person(broken))
    return alone if fails_alike(alone, broken) else plan


def _shrink(plan: Plan, broken: Violation) -> Plan:
    """Suppresses one mishap after the other, the last first, as long as the failure stays."""
    if plan.only is None:
        return plan
    for mishap in reversed(run(plan).fired):
        without = replace(plan, suppressed=plan.suppressed | {mishap})
        if fails_alike(without, broken):
            plan = without
    return plan


def _person(broken: Violation) -> int:
    return int(broken.job_id[:8], 16)


def _concerns(line: str, broken: Violation) -> bool:
    names = (broken.job_id, f"person {_person(broken)}:") if broken.job_id else ("",)
    return any(name in line for name in names)

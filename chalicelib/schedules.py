"""The reaper's entry: once a minute."""

from typing import Any

from chalice import Blueprint, Rate

from chalicelib import logs
from chalicelib.wiring import services

schedules = Blueprint(__name__)


@schedules.schedule(Rate(1, unit=Rate.MINUTES), name="reaper")
def reaper(event: Any) -> None:
    found = services().jobs.reaper.run(event.context.get_remaining_time_in_millis())
    services().ground.spending.finish_pending()
    services().jobs.unused_money.release()
    if services().has_batches:
        found += services().batches.sweep()
    logs.measure("reaper", {"ReaperFindings": found}, {})

"""Deliberate breaks of the product, each with the test that must notice it.

docs/mutations.md shows them to people; test_mutations.py makes them and runs the tests.
"""

from pathlib import Path

from tests.simulation.batch_mutations import BATCH_MUTATIONS
from tests.simulation.breaking import Mutation
from tests.simulation.ground_mutations import GROUND_MUTATIONS

STORE = "tests/unit/jobs/test_store.py"
EXECUTOR = "tests/unit/jobs/test_executor.py"
SERVICE = "tests/unit/jobs/test_service.py"
ATTEMPTS = "tests/unit/jobs/test_attempts.py"
KEYS = "tests/unit/jobs/test_idempotency.py"
REAPER = "tests/unit/jobs/test_reaper.py"
SPENDING = "tests/unit/spend/test_spending.py"
GALLERY = "tests/unit/gallery/test_gallery.py"


MUTATIONS = (
    Mutation(
        "lease what another worker holds",
        "jobs/store.py",
        "JobStore.lease",
        "change.require_holder(request.index, request.takes_over)",
        "",
        f"{STORE}::test_a_second_worker_claims_nothing",
    ),
    Mutation(
        "call every provider once per delivery",
        "jobs/store.py",
        "JobStore.lease",
        "change.require_holder(request.index, request.takes_over)",
        "",
        f"{EXECUTOR}::test_a_hundred_deliveries_of_one_event_call_each_provider_once",
    ),
    Mutation(
        "lease what has ended",
        "jobs/store.py",
        "JobStore.lease",
        "change.require_unended(request.index)",
        "",
        f"{STORE}::test_a_slot_that_ended_cannot_be_claimed",
    ),
    Mutation(
        "let a second result replace the first",
        "jobs/store.py",
        "JobStore.record",
        "change.require_unended(end.index)",
        "",
        f"{STORE}::test_a_result_never_changes",
    ),
    Mutation(
        "let a thawed worker write into a later attempt",
        "jobs/store.py",
        "JobStore.record",
        "change.require_holder(end.index, end.holder)",
        "",
        f"{STORE}::test_a_late_result_of_an_earlier_attempt_is_refused",
    ),
    Mutation(
        "take one's own repeated write for somebody else's",
        "jobs/store.py",
        "JobStore.record",
        "if all(current.get(s.index) == s.outcome for s in results):",
        "if False:",
        f"{STORE}::test_a_write_whose_answer_was_lost_counts_once",
    ),
    Mutation(
        "change a job without raising its seq",
        "jobs/change.py",
        "Change.__init__",
        'self._values[":step"] = number(1)',
        'self._values[":step"] = number(0)',
        f"{STORE}::test_one_worker_claims_all_slots",
    ),
    Mutation(
        "close a job that was just reopened",
        "jobs/store.py",
        "JobStore._apply_unless_changed",
        'change.require("seq = :seen", {":seen": number(job.seq)})',
        "",
        f"{STORE}::test_closing_loses_against_a_retry",
    ),
    Mutation(
        "announce before the result is recorded",
        "jobs/recording.py",
        "Recorder.record",
        "job_id = ends[0].task.job.id",
        "job_id = ends[0].task.job.id\n"
        "self.lifecycle.after_change(self.store.get(job_id, self.clock()))",
        f"{EXECUTOR}::test_a_picture_is_stored_then_recorded_then_announced",
    ),
    Mutation(
        "ask an unsafe provider again",
        "generation/service.py",
        "Generator._answer",
        "_log(call, error.code, self.clock() - began)",
        "again = self.providers.image(call.slot.index)\n"
        "return again.generate(request, self._context(call))",
        f"{EXECUTOR}::test_a_provider_that_failed_is_not_asked_again",
    ),
    Mutation(
        "wait for a provider that hangs",
        "jobs/executor.py",
        "Executor._end_overdue",
        "late = [task for task, arrived in over if not arrived]",
        "late: list[Task] = []",
        f"{EXECUTOR}::test_a_hanging_slot_ends_at_its_deadline_and_holds_up_no_other",
    ),
    Mutation(
        "let a push hold up the deadlines",
        "jobs/executor.py",
        "Executor.run",
        "fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))",
        "self.lifecycle.after_change(job)",
        f"{EXECUTOR}::test_a_push_that_hangs_delays_no_deadline",
    ),
    Mutation(
        "let a timed-out model's push hold up later deadlines",
        "jobs/executor.py",
        "Executor._end_overdue",
        "fanout if outstanding else None",
        "None",
        f"{EXECUTOR}::test_a_push_that_hangs_delays_no_later_deadline",
    ),
    Mutation(
        "give up a picture that is being stored at its deadline",
        "jobs/executor.py",
        "_end",
        "(SETTLE_GRACE_MS if arrived else 0)",
        "0",
        f"{EXECUTOR}::test_a_picture_that_came_in_time_is_stored_however_slowly",
    ),
    Mutation(
        "poll without a stored ticket",
        "jobs/slot_run.py",
        "SlotRun._keep_ticket",
        "self.store.keep_ticket(job_id, index, holder, ticket)",
        "None",
        f"{EXECUTOR}::test_a_ticket_is_stored_before_polling_and_resumed_by_another_worker",
    ),
    Mutation(
        "replace a stored picture",
        "images/store.py",
        "ImageStore.put",
        'IfNoneMatch="*",',
        "",
        f"{EXECUTOR}::test_a_stored_picture_is_never_replaced",
    ),
    Mutation(
        "take another attempt's picture for one's own",
        "images/store.py",
        "ImageStore.put",
        "if self.get(key) != data:",
        "if False:",
        f"{ATTEMPTS}::test_after_a_restore_the_bytes_are_those_of_the_attempt_that_is_recorded",
    ),
    Mutation(
        "label a retry by what drew before",
        "jobs/outcomes.py",
        "completed_outcome",
        "drawn_by=lease.drawn_by,",
        "drawn_by=None,",
        f"{ATTEMPTS}::test_a_retry_is_labelled_by_what_draws_it",
    ),
    Mutation(
        "send a dead worker's unsafe call again",
        "jobs/reaper.py",
        "examine",
        "if lease is None:",
        "if lease is None or now >= lease.deadline:",
        f"{REAPER}::test_findings",
    ),
    Mutation(
        "forget a picture that was stored but not recorded",
        "jobs/reaper.py",
        "Reaper._result",
        "self._adopt(job, index) if lease else None",
        "None",
        f"{REAPER}::test_a_stored_picture_is_adopted_and_its_cost_counted",
    ),
    Mutation(
        "let one broken job keep all others from ending",
        "jobs/reaper.py",
        "Reaper._look",
        "except Exception:",
        "except ZeroDivisionError:",
        f"{REAPER}::test_a_job_that_cannot_be_understood_does_not_stop_the_others",
    ),
    Mutation(
        "leave a job for a minute because AWS refused one look",
        "jobs/reaper.py",
        "Reaper.run",
        "[i for i, done in mended.items() if not done]",
        "[]",
        f"{REAPER}::test_where_aws_refused_a_look_another_follows_in_the_same_pass",
    ),
    Mutation(
        "let an old look overwrite the gallery",
        "gallery/store.py",
        "GalleryStore.put",
        '"attribute_not_exists(seq) OR seq <= :seq"',
        '"attribute_not_exists(seq) OR seq <= :seq OR seq > :seq"',
        f"{REAPER}::test_an_old_look_never_overwrites_what_the_gallery_shows",
    ),
    Mutation(
        "stop a page at expired entries",
        "gallery/store.py",
        "GalleryStore._query",
        "if last is None or len(found) >= limit:",
        "if True:",
        f"{GALLERY}::test_expired_entries_hide_no_others",
    ),
    Mutation(
        "take an idempotency key with another body",
        "jobs/service.py",
        "JobService._known",
        "if current.payload_hash != payload_hash:",
        "if False:",
        f"{KEYS}::test_a_key_and_its_body_are_one_job",
    ),
    Mutation(
        "make a job for every request with the same key",
        "jobs/idempotency.py",
        "IdempotencyStore.reserve",
        "#expires <= :now",
        "#expires <= :now OR #expires > :now",
        f"{KEYS}::test_a_key_and_its_body_are_one_job",
    ),
    Mutation(
        "keep the key of a request that was refused",
        "jobs/service.py",
        "JobService.submit",
        "self._give_back(name, record)",
        "None",
        f"{KEYS}::test_a_request_that_is_refused_gives_its_key_back_at_once",
    ),
    Mutation(
        "keep the money of a request that came second",
        "jobs/service.py",
        "JobService._create",
        "if job.reserved != new.reserved:\nself.money.release(job.id, new.reserved)",
        "",
        f"{SPENDING}::test_of_two_requests_with_one_job_only_one_keeps_its_money",
    ),
    Mutation(
        "keep the money of a job that never came to be",
        "jobs/reservations.py",
        "UnusedMoney.release",
        "if not self._is_used(each)]",
        "if False]",
        f"{SPENDING}::test_money_for_a_job_that_never_came_to_be_is_given_back",
    ),
    Mutation(
        "keep money for attempts that were refused",
        "jobs/service.py",
        "JobService.retry",
        "self.money.release(job_id, reserved)\nraise",
        "raise",
        f"{SERVICE}::test_money_for_attempts_that_another_tab_prevented_is_given_back",
    ),
    Mutation(
        "leave the money of a retried attempt reserved",
        "jobs/service.py",
        "JobService.retry",
        "self.money.settle(job)\nattempts",
        "attempts",
        f"{SPENDING}::test_a_retry_beside_models_that_still_draw_leaves_nothing_reserved_for_before",
    ),
    Mutation(
        "believe any receipt",
        "generation/call.py",
        "generated",
        "credible(picture.cost)",
        "picture.cost",
        "tests/unit/jobs/test_outcomes.py::test_a_price_that_no_picture_has_is_not_believed",
    ),
    *GROUND_MUTATIONS,
    *BATCH_MUTATIONS,
)


DOCUMENT = "docs/mutations.md"
_HEAD = """# What the tests would notice

A test proves something only if it fails when the code is wrong. Here are {count} deliberate breaks
of the promises in [architecture.md](architecture.md), each with the test that notices it.
`make proof SETS=breaks` (one in three: `make test`) makes each in a copy of the product, runs its
test there and sees it fail. `python -m tests.simulation.mutations` writes this page.

| if the product would | in | this test fails |
|---|---|---|
"""


def document() -> str:
    """The page for people."""
    rows = [f"| {m.name} | `{m.where}` in `{m.file}` | `{m.noticed_by}` |\n" for m in MUTATIONS]
    return _HEAD.format(count=len(MUTATIONS)) + "".join(rows)


if __name__ == "__main__":
    Path(DOCUMENT).write_text(document())

"""Deliberate breaks of the product, each with the test that must notice it.

docs/mutations.md shows them to people; test_mutations.py makes them and runs the tests.
"""

from dataclasses import dataclass
from pathlib import Path

STORE = "tests/unit/jobs/test_store.py"
EXECUTOR = "tests/unit/jobs/test_executor.py"
SERVICE = "tests/unit/jobs/test_service.py"
ATTEMPTS = "tests/unit/jobs/test_attempts.py"
KEYS = "tests/unit/jobs/test_idempotency.py"
REAPER = "tests/unit/jobs/test_reaper.py"
LIMITER = "tests/unit/limits/test_limiter.py"
SPENDING = "tests/unit/spend/test_spending.py"
LEDGER = "tests/unit/spend/test_ledger.py"
GALLERY = "tests/unit/gallery/test_gallery.py"
ROUTES = "tests/unit/routes/test_http.py"


@dataclass(frozen=True)
class Mutation:
    """`before` becomes `after` once in the file under chalicelib/; `noticed_by` must fail."""

    name: str
    file: str
    before: str
    after: str
    noticed_by: str


MUTATIONS = (
    Mutation(
        "lease what another worker holds",
        "jobs/store.py",
        "            change.require_holder(request.index, request.takes_over)\n",
        "",
        f"{STORE}::test_a_second_worker_claims_nothing",
    ),
    Mutation(
        "call every provider once per delivery",
        "jobs/store.py",
        "            change.require_holder(request.index, request.takes_over)\n",
        "",
        f"{EXECUTOR}::test_a_hundred_deliveries_of_one_event_call_each_provider_once",
    ),
    Mutation(
        "lease what has ended",
        "jobs/store.py",
        "            change.require_unended(request.index)\n",
        "",
        f"{STORE}::test_a_slot_that_ended_cannot_be_claimed",
    ),
    Mutation(
        "let a second result replace the first",
        "jobs/store.py",
        "            change.require_unended(end.index)\n",
        "",
        f"{STORE}::test_a_result_never_changes",
    ),
    Mutation(
        "let a thawed worker write into a later attempt",
        "jobs/store.py",
        "            change.require_holder(end.index, end.holder)\n",
        "",
        f"{STORE}::test_a_late_result_of_an_earlier_attempt_is_refused",
    ),
    Mutation(
        "take one's own repeated write for somebody else's",
        "jobs/store.py",
        "if all(current.get(s.index) == s.outcome for s in results):",
        "if False:",
        f"{STORE}::test_a_write_whose_answer_was_lost_counts_once",
    ),
    Mutation(
        "change a job without raising its seq",
        "jobs/store.py",
        'self._values[":step"] = number(1)',
        'self._values[":step"] = number(0)',
        f"{STORE}::test_one_worker_claims_all_slots",
    ),
    Mutation(
        "close a job that was just reopened",
        "jobs/store.py",
        '        change.require("seq = :seen", {":seen": number(job.seq)})\n',
        "",
        f"{STORE}::test_closing_loses_against_a_retry",
    ),
    Mutation(
        "announce before the result is recorded",
        "jobs/slot_run.py",
        "        result = SlotResult(task.index, task.lease.holder, outcome)\n",
        "        result = SlotResult(task.index, task.lease.holder, outcome)\n"
        "        self.lifecycle.after_change(self.store.get(task.job.id, self.clock()))\n",
        f"{EXECUTOR}::test_a_picture_is_stored_then_shrunk_then_recorded_then_announced",
    ),
    Mutation(
        "ask an unsafe provider again",
        "generation/service.py",
        "            raise\n        _log(",
        "            again = self.providers.image(call.slot.index)\n"
        "            return again.generate(request, self._context(call))\n        _log(",
        f"{EXECUTOR}::test_a_provider_that_failed_is_not_asked_again",
    ),
    Mutation(
        "wait for a provider that hangs",
        "jobs/executor.py",
        "late = [task for task, arrived in over if not arrived]",
        "late: list[Task] = []",
        f"{EXECUTOR}::test_a_hanging_slot_ends_at_its_deadline_and_holds_up_no_other",
    ),
    Mutation(
        "let a push hold up the deadlines",
        "jobs/executor.py",
        "        fanout.start(NO_SLOT, partial(self.lifecycle.after_change, job))\n",
        "        self.lifecycle.after_change(job)\n",
        f"{EXECUTOR}::test_a_push_that_hangs_delays_no_deadline",
    ),
    Mutation(
        "let a timed-out model's push hold up later deadlines",
        "jobs/executor.py",
        "fanout if outstanding else None",
        "None",
        f"{EXECUTOR}::test_a_push_that_hangs_delays_no_later_deadline",
    ),
    Mutation(
        "give up a picture that is being stored at its deadline",
        "jobs/executor.py",
        "(SETTLE_GRACE_MS if arrived else 0)",
        "0",
        f"{EXECUTOR}::test_a_picture_that_came_in_time_is_stored_however_slowly",
    ),
    Mutation(
        "poll without a stored ticket",
        "jobs/slot_run.py",
        "self.store.keep_ticket(job_id, index, holder, ticket)",
        "None",
        f"{EXECUTOR}::test_a_ticket_is_stored_before_polling_and_resumed_by_another_worker",
    ),
    Mutation(
        "replace a stored picture",
        "images/store.py",
        '                IfNoneMatch="*",\n',
        "",
        f"{EXECUTOR}::test_a_stored_picture_is_never_replaced",
    ),
    Mutation(
        "take another attempt's picture for one's own",
        "images/store.py",
        "if self.get(key) != data:",
        "if False:",
        f"{ATTEMPTS}::test_after_a_restore_the_bytes_are_those_of_the_attempt_that_is_recorded",
    ),
    Mutation(
        "label a retry by what drew before",
        "jobs/outcomes.py",
        "drawn_by=lease.drawn_by,",
        "drawn_by=None,",
        f"{ATTEMPTS}::test_a_retry_is_labelled_by_what_draws_it",
    ),
    Mutation(
        "send a dead worker's unsafe call again",
        "jobs/reaper.py",
        "        if lease is None:\n",
        "        if lease is None or now >= lease.deadline:\n",
        f"{REAPER}::test_findings",
    ),
    Mutation(
        "forget a picture that was stored but not recorded",
        "jobs/reaper.py",
        "self._adopt(job, index) if lease else None",
        "None",
        f"{REAPER}::test_a_stored_picture_is_adopted_and_its_cost_counted",
    ),
    Mutation(
        "let one broken job keep all others from ending",
        "jobs/reaper.py",
        "except Exception:",
        "except ZeroDivisionError:",
        f"{REAPER}::test_a_job_that_cannot_be_understood_does_not_stop_the_others",
    ),
    Mutation(
        "leave a job for a minute because AWS refused one look",
        "jobs/reaper.py",
        "[i for i, done in mended.items() if not done]",
        "[]",
        f"{REAPER}::test_where_aws_refused_a_look_another_follows_in_the_same_pass",
    ),
    Mutation(
        "let an old look overwrite the gallery",
        "gallery/store.py",
        '"attribute_not_exists(seq) OR seq <= :seq"',
        '"attribute_not_exists(seq) OR seq <= :seq OR seq > :seq"',
        f"{REAPER}::test_an_old_look_never_overwrites_what_the_gallery_shows",
    ),
    Mutation(
        "stop a page at expired entries",
        "gallery/store.py",
        "if last is None or len(found) >= limit:",
        "if True:",
        f"{GALLERY}::test_expired_entries_hide_no_others",
    ),
    Mutation(
        "take an idempotency key with another body",
        "jobs/service.py",
        "if current.payload_hash != payload_hash:",
        "if False:",
        f"{KEYS}::test_a_key_and_its_body_are_one_job",
    ),
    Mutation(
        "make a job for every request with the same key",
        "jobs/idempotency.py",
        "#expires <= :now",
        "#expires <= :now OR #expires > :now",
        f"{KEYS}::test_a_key_and_its_body_are_one_job",
    ),
    Mutation(
        "keep the key of a request that was refused",
        "jobs/service.py",
        "self._give_back(key, record)",
        "None",
        f"{KEYS}::test_a_request_that_is_refused_gives_its_key_back_at_once",
    ),
    Mutation(
        "keep the money of a request that came second",
        "jobs/service.py",
        "        if job.reserved != reserved:\n            self.money.release(job_id, reserved)\n",
        "",
        f"{SPENDING}::test_of_two_requests_with_one_job_only_one_keeps_its_money",
    ),
    Mutation(
        "keep the money of a job that never came to be",
        "jobs/reservations.py",
        "if not self._is_used(each)]",
        "if False]",
        f"{SPENDING}::test_money_for_a_job_that_never_came_to_be_is_given_back",
    ),
    Mutation(
        "keep money for attempts that were refused",
        "jobs/service.py",
        "            self.money.release(job_id, reserved)\n            raise",
        "            raise",
        f"{SERVICE}::test_money_for_attempts_that_another_tab_prevented_is_given_back",
    ),
    Mutation(
        "leave the money of a retried attempt reserved",
        "jobs/service.py",
        "        self.money.settle(job)\n        attempts",
        "        attempts",
        f"{SPENDING}::test_a_retry_beside_models_that_still_draw_leaves_nothing_reserved_for_before",
    ),
    Mutation(
        "take a model without a price for a cheap one",
        "providers/prices.py",
        "return float(max(known))",
        "return float(min(known))",
        f"{SPENDING}::test_an_unpriced_model_counts_as_the_dearest_of_the_whole_table",
    ),
    Mutation(
        "ask a text model without any money set aside",
        "spend/texts.py",
        "reserved = self.spending.reserve(name, {PART: micros(most)})",
        "reserved = None",
        "tests/unit/spend/test_texts.py::test_a_day_without_room_asks_no_model",
    ),
    Mutation(
        "see no room for what is reserved already",
        "spend/ledger.py",
        "if self.store.standing(wanted.home, wanted.name).token:",
        "if False:",
        f"{LEDGER}::test_a_name_has_one_reservation_and_needs_no_room_twice",
    ),
    Mutation(
        "spend beyond a limit",
        "spend/store.py",
        '"#left >= :n"',
        '"attribute_exists(#left)"',
        f"{LEDGER}::test_fifty_threads_want_the_last_dollar",
    ),
    Mutation(
        "keep what one budget gave when another refuses",
        "spend/ledger.py",
        "self._undo(wanted, wanted.budgets[:count])",
        "None",
        f"{LEDGER}::test_without_room_on_one_budget_nothing_is_taken_from_any",
    ),
    Mutation(
        "count a repeated change of a budget twice",
        "spend/store.py",
        " AND attribute_not_exists(marks.#mark) AND",
        " AND",
        f"{LEDGER}::test_a_lost_answer_changes_nothing",
    ),
    Mutation(
        "let a change happen whose mark is gone",
        "spend/store.py",
        " AND #floor <= :at",
        "",
        f"{LEDGER}::test_a_settling_that_others_finished_meanwhile_happens_once",
    ),
    Mutation(
        "let a reservation stand whose money was taken back",
        "spend/store.py",
        " (attribute_not_exists(undone) OR NOT contains(undone, :token))",
        " attribute_not_exists(#token)",
        f"{LEDGER}::test_a_slow_writer_cannot_have_what_was_taken_from_it",
    ),
    Mutation(
        "leave a settling where its process died",
        "spend/ledger.py",
        "        for standing in ended:\n            self._finish(standing)\n",
        "",
        f"{LEDGER}::test_whoever_dies_between_two_writes_of_settling_is_finished_by_others",
    ),
    Mutation(
        "keep every mark on the budget",
        "spend/ledger.py",
        "if len(account.marks) % MARKS == 0:",
        "if False:",
        "tests/unit/spend/test_ledger_cost.py",
    ),
    Mutation(
        "draw unjudged what there is no money to judge",
        "moderation/service.py",
        "except AppError:",
        "except ZeroDivisionError:",
        "tests/unit/spend/test_texts.py"
        "::test_a_judge_that_the_day_has_no_room_for_lets_nothing_pass",
    ),
    Mutation(
        "believe any receipt",
        "generation/call.py",
        "credible(picture.cost)",
        "picture.cost",
        "tests/unit/jobs/test_outcomes.py::test_a_price_that_no_picture_has_is_not_believed",
    ),
    Mutation(
        "count a repeated admission twice",
        "limits/store.py",
        ' AND (attribute_not_exists(#last) OR #last <> :id)"',
        '"',
        f"{LIMITER}::test_an_admission_whose_answer_was_lost_counts_once",
    ),
    Mutation(
        "give one admission back twice",
        "limits/store.py",
        ' AND (attribute_not_exists(released) OR released <> :id)"',
        '"',
        f"{LIMITER}::test_an_admission_whose_return_got_no_answer_is_given_back_once",
    ),
    Mutation(
        "admit beyond the limit",
        "limits/store.py",
        "used < :limit",
        "used <= :limit",
        f"{LIMITER}::test_of_two_hundred_at_once_exactly_fifty_are_admitted",
    ),
    Mutation(
        "count every IPv6 address by itself",
        "limits/model.py",
        "ip_network((parsed, 64), strict=False)",
        "ip_network((parsed, 128), strict=False)",
        f"{LIMITER}::test_hopping_within_a_network_of_ones_own_does_not_help",
    ),
    Mutation(
        "trust X-Forwarded-For",
        "routes/address.py",
        'return str(context.get("identity", {}).get("sourceIp") or "")',
        'return headers.get("x-forwarded-for") or str(context["identity"]["sourceIp"])',
        f"{ROUTES}::test_the_address_is_the_one_that_connected",
    ),
    Mutation(
        "trust the CDN's header without its secret",
        "routes/address.py",
        "if secret and viewer and hmac.compare_digest(",
        "if viewer or hmac.compare_digest(",
        f"{ROUTES}::test_the_address_is_the_one_that_connected",
    ),
)

DOCUMENT = "docs/mutations.md"
_HEAD = """# What the tests would notice

A test proves something only if it fails when the code is wrong. Here are {count} deliberate breaks
of the promises in [architecture.md](architecture.md), each with the test that notices it.
`pytest tests/simulation/test_mutations.py` makes each of them in a copy of the product, runs its
test there and sees it fail. `python -m tests.simulation.mutations` writes this page.

| if the product would | in | this test fails |
|---|---|---|
"""


def document() -> str:
    """The page for people."""
    rows = [f"| {m.name} | `{m.file}` | `{m.noticed_by}` |\n" for m in MUTATIONS]
    return _HEAD.format(count=len(MUTATIONS)) + "".join(rows)


if __name__ == "__main__":
    Path(DOCUMENT).write_text(document())

"""Deliberate breaks of batches: rows, their money, their order and their pictures."""

from tests.simulation.breaking import Mutation

RUNS = "tests/unit/batches/test_runs.py"
RECOVERY = "tests/unit/batches/test_recovery.py"
CALMLY = "tests/simulation/batches/test_batches.py::test_without_mishaps_every_row_is_done"

BATCH_MUTATIONS = (
    Mutation(
        "call a batch's model before that is written down",
        "batches/runs/row_run.py",
        "_Making._make",
        "self.row = self.run.rows.note_cells(self.row, cells, self.run.clock())",
        "self.row = replace(self.row, cells={**self.row.cells, **{c.id: c for c in begun}})",
        CALMLY,
    ),
    Mutation(
        "call a batch's model without its worst case set aside",
        "batches/runs/row_run.py",
        "_Making._make",
        "self.run.calls.worst(each, prompt)",
        "0",
        f"{RUNS}::test_at_its_limit_a_batch_waits_for_more",
    ),
    Mutation(
        "make a cell again that may have been billed",
        "batches/runs/row_run.py",
        "_Making._check_failed",
        "if not is_free and",
        "if False and",
        f"{RECOVERY}::test_a_row_that_goes_on_asks_for_nothing_again_that_may_have_been_billed",
    ),
    Mutation(
        "forget a picture that was stored when its worker died",
        "batches/runs/row_run.py",
        "_Making._recover",
        'if place.step.kind == "image":',
        "if False:",
        f"{RECOVERY}::test_a_picture_that_was_stored_when_its_worker_died_is_in_the_row",
    ),
    Mutation(
        "give a picture up when the bucket fails once",
        "batches/runs/calls.py",
        "Calls._store",
        "if self.clock() + STORE_AGAIN_S * 1000 >= until_ms:",
        "if True:",
        f"{RECOVERY}::test_a_picture_is_stored_once_the_bucket_answers_again",
    ),
    Mutation(
        "tell an unknown cost of a cell as nothing",
        "batches/runs/calls.py",
        "Calls._failed",
        "cost=0 if free else None",
        "cost=0",
        f"{RUNS}::test_what_may_have_been_billed_is_told_as_unknown",
    ),
    Mutation(
        "begin more rows than a batch may have under way",
        "batches/runs/row_store.py",
        "RowStore.next_row",
        'change.require("running", "<", number(batch.wanted.concurrency))',
        "",
        f"{RECOVERY}::test_a_message_too_many_begins_no_row",
    ),
    Mutation(
        "change a batch without raising its seq",
        "batches/runs/store.py",
        "BatchStore._changed",
        '{"seq": 1}',
        '{"seq": 0}',
        CALMLY,
    ),
    Mutation(
        "let a batch run whose seat another has",
        "batches/runs/store.py",
        "BatchStore.run_on",
        '.require_there("seated")',
        "",
        f"{RECOVERY}::test_a_batch_that_loses_its_seat_while_it_is_resumed_waits_for_another",
    ),
    Mutation(
        "leave the rows of dead workers to them",
        "batches/runs/flow.py",
        "Flow._mend",
        "freed = sum(self._free(batch, number, now) for number in due)",
        "freed = 0",
        f"{RECOVERY}::test_a_picture_that_was_stored_when_its_worker_died_is_in_the_row",
    ),
)

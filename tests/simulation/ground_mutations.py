"""Deliberate breaks of the ground: money, limits, filter and the caller's address."""

from tests.simulation.breaking import Mutation

LIMITER = "tests/unit/limits/test_limiter.py"
SPENDING = "tests/unit/spend/test_spending.py"
LEDGER = "tests/unit/spend/test_ledger.py"
ROUTES = "tests/unit/routes/test_http.py"

GROUND_MUTATIONS = (
    Mutation(
        "take a model without a price for a cheap one",
        "providers/models/catalog.py",
        "dearest_image",
        "return max(holding(",
        "return min(holding(",
        f"{SPENDING}::test_an_unpriced_model_counts_as_the_dearest_of_the_whole_table",
    ),
    Mutation(
        "ask a text model without any money set aside",
        "spend/texts.py",
        "PaidText.complete",
        "reserved = self.spending.reserve(name, {PART: micros(most)}, self.caller)",
        "reserved = None",
        "tests/unit/spend/test_texts.py::test_a_day_without_room_asks_no_model",
    ),
    Mutation(
        "see no room for what is reserved already",
        "spend/ledger.py",
        "Ledger._take",
        "if self.store.standing(wanted.home, wanted.name).token:",
        "if False:",
        f"{LEDGER}::test_a_name_has_one_reservation_and_needs_no_room_twice",
    ),
    Mutation(
        "spend beyond a limit",
        "spend/store.py",
        "LedgerStore.take",
        '"#left >= :n"',
        '"attribute_exists(#left)"',
        f"{LEDGER}::test_fifty_threads_want_the_last_dollar",
    ),
    Mutation(
        "keep what one budget gave when another refuses",
        "spend/ledger.py",
        "Ledger._take",
        "self._undo(wanted, wanted.budgets[:count])",
        "None",
        f"{LEDGER}::test_without_room_on_one_budget_nothing_is_taken_from_any",
    ),
    Mutation(
        "count a repeated change of a budget twice",
        "spend/store.py",
        "LedgerStore._marked",
        " AND attribute_not_exists(marks.#mark) AND",
        " AND",
        f"{LEDGER}::test_a_lost_answer_changes_nothing",
    ),
    Mutation(
        "let a change happen whose mark is gone",
        "spend/store.py",
        "LedgerStore._marked",
        " AND #floor <= :at",
        "",
        f"{LEDGER}::test_a_settling_that_others_finished_meanwhile_happens_once",
    ),
    Mutation(
        "let a reservation stand whose money was taken back",
        "spend/store.py",
        "LedgerStore.publish",
        " (attribute_not_exists(undone) OR NOT contains(undone, :token))",
        " attribute_not_exists(#token)",
        f"{LEDGER}::test_a_slow_writer_cannot_have_what_was_taken_from_it",
    ),
    Mutation(
        "leave a settling where its process died",
        "spend/ledger.py",
        "Ledger.finish_pending",
        "for standing in ended:\nself._finish(standing)",
        "",
        f"{LEDGER}::test_whoever_dies_between_two_writes_of_settling_is_finished_by_others",
    ),
    Mutation(
        "keep every mark on the budget",
        "spend/ledger.py",
        "Ledger._tidy_now_and_then",
        "if len(account.marks) % MARKS == 0:",
        "if False:",
        "tests/unit/spend/test_ledger_cost.py",
    ),
    Mutation(
        "draw unjudged what there is no money to judge",
        "moderation/service.py",
        "ContentFilter.judge_allows",
        "except ProviderError as error:",
        "except Exception as error:",
        "tests/unit/spend/test_texts.py"
        "::test_a_judge_that_the_day_has_no_room_for_lets_nothing_pass",
    ),
    Mutation(
        "count a repeated admission twice",
        "limits/store.py",
        "WindowStore.admit",
        ' AND (attribute_not_exists(#last) OR #last <> :id)"',
        '"',
        f"{LIMITER}::test_an_admission_whose_answer_was_lost_counts_once",
    ),
    Mutation(
        "give one admission back twice",
        "limits/store.py",
        "WindowStore.release",
        ' AND (attribute_not_exists(released) OR released <> :id)"',
        '"',
        f"{LIMITER}::test_an_admission_whose_return_got_no_answer_is_given_back_once",
    ),
    Mutation(
        "admit beyond the limit",
        "limits/store.py",
        "WindowStore.admit",
        "used < :limit",
        "used <= :limit",
        f"{LIMITER}::test_of_two_hundred_at_once_exactly_fifty_are_admitted",
    ),
    Mutation(
        "count every IPv6 address by itself",
        "limits/model.py",
        "counted_as",
        "ip_network((parsed, 64), strict=False)",
        "ip_network((parsed, 128), strict=False)",
        f"{LIMITER}::test_hopping_within_a_network_of_ones_own_does_not_help",
    ),
    Mutation(
        "trust X-Forwarded-For",
        "routes/address.py",
        "caller_address",
        'return str(context.get("identity", {}).get("sourceIp") or "")',
        'return headers.get("x-forwarded-for") or str(context["identity"]["sourceIp"])',
        f"{ROUTES}::test_the_address_is_the_one_that_connected",
    ),
    Mutation(
        "trust the CDN's header without its secret",
        "routes/address.py",
        "caller_address",
        "if secret and viewer and hmac.compare_digest(",
        "if viewer or hmac.compare_digest(",
        f"{ROUTES}::test_the_address_is_the_one_that_connected",
    ),
)

"""S6: every operation and socket action for every kind of caller.

The routes come from the OpenAPI document itself, so that a new one is in the matrix at once: one
for which nothing is said here has to refuse everybody who is not signed in.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from chalicelib.batches.seed_data.files import upload_key
from chalicelib.jobs.model import SlotResult
from chalicelib.routes.openapi import operations
from chalicelib.wiring import services
from tests.figures import RecordFigure
from tests.unit.accounts.conftest import House, Line, code
from tests.unit.accounts.pool import ADA, ANN, BEN, forgeries
from tests.unit.cloud import BUCKET
from tests.unit.jobs import samples

PUBLIC = {"health", "auth", "openapi", "shared"}
FOR_ADMINISTRATORS = {"users", "spend", "invite", "change_user", "switch_model"}
WITH_A_KEY = {
    "read": {"models", "status", "gallery", "gallery_detail", "jobs", "me", "leaderboard"},
    "generate": {
        *("generate", "cancel", "retry", "enhance", "delete", "share", "unshare"),
        *("judge", "take_back", "star", "unstar"),
    },
    "batches": {
        *("templates", "template", "make_template", "change_template", "check_template"),
        *("delete_template", "seed_data_list", "seed_data", "make_seed_data"),
        *("check_seed_data", "delete_seed_data"),
        *("make_batch", "batches", "batch", "delete_batch", "batch_rows", "batch_row"),
        *("start_batch", "pause_batch", "resume_batch", "cancel_batch", "retry_batch"),
        *("change_budget", "make_export", "exports", "export"),
    },
}
BATCH_ACTS = {"pause_batch", "resume_batch", "retry_batch", "start_batch", "cancel_batch"}
"""They are fine for whoever may do them, or too early or too late."""
OF_ONE_OWNER = {
    *("status", "cancel", "retry", "gallery_detail", "delete", "share", "unshare"),
    *("judge", "take_back", "star", "unstar"),
    *("revoke_key", "template", "change_template", "delete_template"),
    *("seed_data", "check_seed_data", "delete_seed_data"),
    *("batch", "delete_batch", "batch_rows", "batch_row", "change_budget"),
    *("make_export", "exports", "export"),
    *BATCH_ACTS,
}
"""What names a thing of Ann's."""
DEFINITION = "name: mine\nsteps:\n  - {id: a, tier: cheap, prompt: hello}\n"
ROWS = b'{"product":{"name":"a lamp"}}'
PICTURES = "name: mine\nsteps:\n  - {id: a, kind: image, models: [1], prompt: hello}\n"
BODIES: Mapping[str, object] = {
    "generate": {"prompt": "a lighthouse", "models": [1]},
    "retry": {"models": [1]},
    "judge": {"winner": None, "tags": ["portrait"]},
    "enhance": {"prompt": "a lighthouse"},
    "make_key": {"name": "mine", "scopes": ["read"]},
    "invite": {"email": "new@example.org"},
    "change_user": {"runsPerDay": 5},
    "switch_model": {"enabled": True},
    "make_template": {"definition": DEFINITION},
    "change_template": {"definition": DEFINITION},
    "check_template": {"definition": DEFINITION},
    "make_seed_data": {"name": "mine", "format": "jsonl", "bytes": len(ROWS)},
    "check_seed_data": {"templateId": "sample-product-pictures"},
    "change_budget": {"usd": 2},
    "make_export": {"format": "jsonl"},
}
FINE = {200, 201, 202, 204}


@dataclass
class Things:
    """Things of Ann's, made anew for each question."""

    house: House
    batch: str = ""

    def path(self, template: str) -> str:
        values = {"user_id": BEN, "index": "1", "result_id": "1"}
        if {"{job_id}", "{target}", "{token}"} & set(template.split("/")):
            job, store = self.house.generate(ANN), services().jobs.store
            if "{result_id}" in template:
                drawn = SlotResult(1, None, samples.picture())
                store.record(job, [drawn], self.house.pool.clock())
            self.house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
            target = store.get(job, self.house.pool.clock()).target
            values |= {"job_id": job, "target": target}
        if "{token}" in template:
            shared = self.house.as_user(ANN, "POST", f"/jobs/{job}/share", {})
            values["token"] = shared.json_body["token"]
        if "{key_id}" in template:
            values["key_id"] = self.key(["read"])[0]
        if "{template_id}" in template:
            made = self.house.as_user(ANN, "POST", "/templates", {"definition": DEFINITION})
            values["template_id"] = made.json_body["templateId"]
        if "{seed_data_id}" in template:
            values["seed_data_id"] = self.seed_data()
        if "{batch_id}" in template:
            values |= {"batch_id": self.batch_of_hers(), "number": "1"}
        if "{export_id}" in template:
            values["export_id"] = self.export(values["batch_id"])
        return template.format(**values)

    def seed_data(self) -> str:
        """Return the id of a file of hers that has been checked."""
        made = self.house.as_user(ANN, "POST", "/seed-data", BODIES["make_seed_data"])
        seed_data_id = str(made.json_body["seedDataId"])
        key = upload_key(ANN, seed_data_id)
        self.house.cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=ROWS)
        self.house.as_user(ANN, "GET", f"/seed-data/{seed_data_id}")
        services().batches.checking.run(ANN, seed_data_id)
        return seed_data_id

    def export(self, batch_id: str) -> str:
        """Return the id of an export of hers that has been written."""
        path = f"/batches/{batch_id}/exports"
        made = self.house.as_user(ANN, "POST", path, BODIES["make_export"])
        export_id = str(made.json_body["exportId"])
        services().batches.exporting.run(batch_id, export_id, 900_000)
        return export_id

    def batch_of_hers(self) -> str:
        """Return the id of a planned batch, which is made again only if it is gone."""
        path = f"/batches/{self.batch}"
        if not self.batch or self.house.as_user(ANN, "GET", path).status_code == 404:
            body = batch_body(self.house)
            made = self.house.as_user(ANN, "POST", "/batches", body)
            self.batch = made.json_body["batchId"]
        return self.batch

    def key(self, scopes: list[str]) -> tuple[str, str]:
        body = {"name": "a key", "scopes": scopes}
        made = self.house.as_user(ANN, "POST", "/keys", body)
        return made.json_body["keyId"], made.json_body["key"]


def batch_body(house: House) -> dict[str, object]:
    """Return a batch of a template of Ann's."""
    made = house.as_user(ANN, "POST", "/templates", {"definition": PICTURES})
    template_id = made.json_body["templateId"]
    return {"templateId": template_id, "seedDataId": "sample-creative-writing", "budgetUsd": 1}


def expected(name: str, caller: str) -> set[int]:
    """Return the statuses that are right for a caller."""
    if name in PUBLIC:
        return FINE
    if caller in ("ann", "ben", "administrator"):
        return _for_people(name, caller)
    if caller.startswith("key"):
        return FINE if name in WITH_A_KEY[caller.partition(" ")[2]] else {403}
    return {401}


def _for_people(name: str, caller: str) -> set[int]:
    if name == "make_batch" and caller != "ann":
        return {404}  # The template is hers.
    if name in FOR_ADMINISTRATORS:
        return FINE if caller == "administrator" else {403}
    if name in OF_ONE_OWNER and caller != "ann":
        return {404}
    return FINE


def tokens(house: House) -> dict[str, str | None]:
    bad: dict[str, str | None] = {
        f"forged: {kind}": token
        for kind, token in forgeries(house.pool).items()
        if token.isascii()  # Others cannot even be sent in a header.
    }
    keys = {f"key {scope}": Things(house).key([scope])[1] for scope in WITH_A_KEY}
    return {
        "nobody": None,
        "ann": house.pool.token(ANN),
        "ben": house.pool.token(BEN),
        "administrator": house.pool.token(ADA),
        "no such key": "pp_" + "a" * 43,
        **keys,
        **bad,
    }


@pytest.mark.parametrize("operation", operations(), ids=lambda o: o.name)
def test_s6_every_operation_answers_every_caller_rightly(
    house: House, operation: object, record_figure: RecordFigure
) -> None:
    """S6, one row: the operation for every caller, with things that are Ann's."""
    found = next(o for o in operations() if o is operation)
    things, wrong = Things(house), []
    bodies = {**BODIES, "make_batch": batch_body(house)} if "batch" in found.name else BODIES
    answered: dict[str, int] = {}
    path = things.path(found.path)
    for caller, token in tokens(house).items():
        fine = expected(found.name, caller)
        if fine == FINE and found.name in OF_ONE_OWNER:
            path = things.path(found.path)
        answer = house.ask(found.method, path, bodies.get(found.name), token)
        answered[caller] = answer.status_code
        if found.name in BATCH_ACTS and fine == FINE:
            fine = fine | {409}
        if answer.status_code not in fine:
            wrong.append((caller, answer.status_code, answer.body))
    counted: dict[str, float | str] = {"answers": len(answered), "wrong": len(wrong)}
    record_figure("S6 matrix", route=f"{found.method} {found.path}", **shown(answered), **counted)
    assert wrong == []


def shown(answered: Mapping[str, int]) -> dict[str, float | str]:
    """Return a row of the printed matrix, in which all kinds of forged tokens are one caller."""
    forged = {status for caller, status in answered.items() if caller.startswith("forged")}
    others = {c: status for c, status in answered.items() if not c.startswith("forged")}
    return {**others, "forged": "/".join(map(str, sorted(forged)))}


def test_s6_every_route_that_is_served_is_an_operation(house: House) -> None:
    """The others of a path that is served are refused, whoever asks."""
    from app import app

    served = {(method, path) for path, views in app.routes.items() for method in views}
    known = {(o.method, o.path) for o in operations()}
    assert known <= served
    for method, path in served - known:
        answer = house.ask(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code == 405, (method, path)


def test_s6_the_operations_are_all_there() -> None:
    names = Counter(o.name for o in operations())
    assert max(names.values()) == 1
    said = PUBLIC | FOR_ADMINISTRATORS | OF_ONE_OWNER | set().union(*WITH_A_KEY.values())
    assert set(names) - said == {"keys", "make_key"}


def test_s6_a_bad_token_is_told_nothing_by_any_operation(house: House) -> None:
    told = set()
    for operation in operations():
        if operation.name not in PUBLIC:
            names = (
                *("job_id", "target", "key_id", "user_id", "template_id", "index"),
                *("seed_data_id", "batch_id", "number", "export_id", "result_id"),
            )
            path = operation.path.format(**dict.fromkeys(names, "x"))
            for token in (None, house.pool.token(ANN, exp=1), "junk"):
                answer = house.ask(operation.method, path, BODIES.get(operation.name), token)
                told.add((answer.status_code, answer.json_body["error"]))
                assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert len(told) == 1


def test_s6_every_socket_action_answers_every_caller_rightly(
    house: House, record_figure: RecordFigure
) -> None:
    job, wrong, asked = house.generate(ANN), [], 0
    # No message may be as long as that, whatever is in it.
    everybody = {c: t for c, t in tokens(house).items() if c != "forged: too long"}
    for number, (caller, token) in enumerate(everybody.items()):
        line = Line(f"c{number}", house)
        signed_in = code(line.say(action="authenticate", token=token or ""))
        hears = {action: code(line.say(action=action, jobId=job)) for action in _ACTIONS}
        asked += 1 + len(hears)
        if (signed_in, hears) != _on_socket(caller):
            wrong.append((caller, signed_in, hears))
    record_figure("S6 socket", actions=1 + len(_ACTIONS), answers=asked, wrong=len(wrong))
    assert wrong == []


_ACTIONS = ("ping", "subscribe", "unsubscribe")


def _on_socket(caller: str) -> tuple[str, dict[str, str]]:
    if caller in ("ann", "key read"):
        return "authenticated", dict(zip(_ACTIONS, ("pong", "job", "job"), strict=True))
    if caller in ("ben", "administrator"):
        return "authenticated", dict(zip(_ACTIONS, ("pong", *["NOT_FOUND"] * 2), strict=True))
    refusal = "FORBIDDEN" if caller.startswith("key") else "UNAUTHENTICATED"
    closed = ("pong", "UNAUTHENTICATED", "UNAUTHENTICATED")
    return refusal, dict(zip(_ACTIONS, closed, strict=True))

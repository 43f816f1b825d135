"""What administrators do: people, their limits, and models that take no new work."""

from dataclasses import replace

import pytest
from chalice.test import HTTPResponse

from chalicelib.callers import Caller
from chalicelib.spend.service import Purpose
from chalicelib.wiring import services
from tests.unit.accounts.conftest import House, Line, code
from tests.unit.accounts.pool import ADA, ANN, BEN
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, draws

CARLA = "carla@example.org"


def patch(house: House, user: str, **change: object) -> HTTPResponse:
    return house.as_user(ADA, "PATCH", f"/admin/users/{user}", change)


def refusal(answer: HTTPResponse) -> tuple[int, str]:
    return answer.status_code, answer.json_body["code"]


def test_people_are_listed_with_what_they_have_used(house: House) -> None:
    house.generate(ANN)
    first = house.as_user(ADA, "GET", "/admin/users").json_body
    rest = house.as_user(ADA, "GET", f"/admin/users?cursor={first['next']}").json_body
    people = {user["email"]: user for user in first["users"] + rest["users"]}
    assert sorted(people) == ["ada@example.org", "ann@example.org", "ben@example.org"]
    assert people["ann@example.org"]["today"]["runs"] == 1
    assert people["ben@example.org"]["today"] == {"runs": 0, "dollars": 0}
    assert people["ada@example.org"]["groups"] == ["admin"]
    assert rest["next"] is None
    assert refusal(house.as_user(ADA, "GET", "/admin/users?cursor=x")) == (400, "INVALID_INPUT")


def test_somebody_is_invited_once(house: House) -> None:
    made = house.as_user(ADA, "POST", "/admin/users", {"email": CARLA})
    assert (made.status_code, made.json_body["groups"]) == (201, ["user"])
    again = house.as_user(ADA, "POST", "/admin/users", {"email": CARLA})
    assert refusal(again) == (400, "INVALID_INPUT")
    assert again.json_body["details"] == [{"field": "email", "problem": "has an account already"}]


def test_whoever_is_switched_off_is_out_at_once(house: House) -> None:
    house.generate(ANN)
    assert patch(house, ANN, enabled=False).json_body["enabled"] is False
    assert house.as_user(ANN, "GET", "/models").status_code == 401
    assert house.people.signed_out == [ANN]
    assert house.people.enabled[ANN] is False
    patch(house, ANN, enabled=True)
    assert house.as_user(ANN, "GET", "/models").status_code == 200


def test_another_change_lets_nobody_in_whom_the_pool_keeps_out(house: House) -> None:
    house.people.enabled[ANN] = False
    assert patch(house, ANN, runsPerDay=5).json_body["enabled"] is False
    assert house.people.enabled[ANN] is False
    assert patch(house, ANN, enabled=True).json_body["enabled"] is True
    assert house.people.enabled[ANN] is True


def test_a_socket_of_whoever_is_switched_off_hears_nothing_more(house: House) -> None:
    job, line = house.generate(ANN), Line("c1", house)
    line.say(action="authenticate", token=house.pool.token(ANN))
    line.say(action="subscribe", jobId=job)
    patch(house, ANN, enabled=False)
    assert code(line.say(action="subscribe", jobId=job)) == "UNAUTHENTICATED"
    heard = len(line.heard())
    events, store = services().jobs.events, services().jobs.store
    for _ in range(2):
        events.broadcast(store.get(job, house.pool.clock()))
    assert [code(message) for message in line.heard()[heard:]] == ["UNAUTHENTICATED"]


def test_another_process_learns_of_it_within_seconds(house: House) -> None:
    assert house.as_user(ANN, "GET", "/models").status_code == 200
    there = services().accounts.profiles.known
    patch(house, ANN, enabled=False)
    there.keep(ANN, services().accounts.profiles.own(BEN), house.pool.clock())
    assert house.as_user(ANN, "GET", "/models").status_code == 200
    house.pool.now_s += 10
    assert house.as_user(ANN, "GET", "/models").status_code == 401


def test_a_persons_limits_are_their_own(house: House) -> None:
    changed = patch(house, ANN, runsPerDay=1, spendPerDay=0.5, models=[2])
    assert changed.json_body["runsPerDay"] == 1
    me = house.as_user(ANN, "GET", "/me").json_body
    assert me["models"] == [2]
    assert me["limits"] == {
        "runsPerDay": 1,
        "runsLeft": 1,
        "spendPerDay": 0.5,
        "spendLeft": 0.5,
        "resetsAt": "2027-01-16T00:00:00.000Z",
    }
    job = house.generate(ANN)
    shown = house.as_user(ANN, "GET", f"/status/{job}").json_body
    assert [result["index"] for result in shown["results"]] == [2]
    spent = house.as_user(ANN, "GET", "/me").json_body["limits"]
    assert spent["runsLeft"] == 0
    assert spent["spendLeft"] < 0.5
    refused = house.as_user(ANN, "POST", "/generate", {"prompt": "one more"})
    assert (*refusal(refused), refused.json_body["scope"]) == (429, "RATE_LIMITED", "user")
    other = house.as_user(ANN, "POST", "/generate", {"prompt": "a mill", "models": [1]})
    assert refusal(other) == (403, "FORBIDDEN")
    assert patch(house, ANN, runsPerDay=None).json_body["runsPerDay"] is None
    house.generate(ANN)


def test_a_person_who_may_use_no_model_that_is_on_is_told_so(house: House) -> None:
    patch(house, ANN, models=[2])
    house.as_user(ADA, "PATCH", "/admin/models/2", {"enabled": False})
    answer = house.as_user(ANN, "POST", "/generate", {"prompt": "a mill"})
    assert answer.status_code in (403, 409)


def test_a_persons_dollars_end_before_the_installations(house: House) -> None:
    patch(house, ANN, spendPerDay=0.01)
    refused = house.as_user(ANN, "POST", "/generate", {"prompt": "too dear"})
    assert (*refusal(refused), refused.json_body["scope"]) == (429, "RATE_LIMITED", "user")
    house.generate(BEN)
    assert services().ground.spending.finish_pending() == 0
    house.pool.now_s += 600
    services().ground.spending.finish_pending()
    assert house.as_user(ANN, "GET", "/me").json_body["limits"]["spendLeft"] == 0.01


@pytest.mark.parametrize(
    ("setting", "scope"),
    [({"GLOBAL_LIMIT": "1"}, "global"), ({"DAILY_SPEND_LIMIT_USD": "0.12"}, "spend")],
    ids=["runs", "dollars"],
)
def test_the_installations_own_ceiling_stands_above_a_persons(
    house: House, monkeypatch: pytest.MonkeyPatch, setting: dict[str, str], scope: str
) -> None:
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    house.open_anew()
    for user in (ANN, BEN):
        patch(house, user, runsPerDay=100, spendPerDay=100)
    house.generate(ANN)
    refused = house.as_user(BEN, "POST", "/generate", {"prompt": "one more"})
    assert (*refusal(refused), refused.json_body["scope"]) == (429, "RATE_LIMITED", scope)


def test_nobody_locks_themselves_out(house: House) -> None:
    for change in ({"enabled": False}, {"groups": ["user"]}):
        assert refusal(patch(house, ADA, **change)) == (400, "INVALID_INPUT")
    assert patch(house, BEN, groups=["admin", "user"]).json_body["groups"] == ["admin", "user"]
    assert house.people.groups[BEN] == {"admin", "user"}


@pytest.mark.parametrize("user", ["nobody", "a b", "0" * 65])
def test_whoever_is_not_in_the_pool_is_not_found(house: House, user: str) -> None:
    assert refusal(patch(house, user, runsPerDay=1)) == (404, "NOT_FOUND")


def test_a_model_that_is_off_takes_no_new_work(house: House) -> None:
    job = house.generate(ANN)
    house.as_user(ANN, "POST", f"/jobs/{job}/cancel")
    off = house.as_user(ADA, "PATCH", "/admin/models/1", {"enabled": False, "reason": "Too dear."})
    assert off.json_body == {"index": 1, "enabled": False, "reason": "Too dear."}
    listed = house.as_user(ANN, "GET", "/models").json_body["models"]
    assert [model["enabled"] for model in listed] == [False, True]
    assert [model.get("reason") for model in listed] == ["Too dear.", None]
    named = house.as_user(ANN, "POST", "/generate", {"prompt": "a mill", "models": [1, 2]})
    assert (*refusal(named), named.json_body["error"]) == (409, "MODEL_OFF", "Too dear.")
    again = house.as_user(ANN, "POST", f"/jobs/{job}/retry", {"models": [1]})
    assert refusal(again) == (409, "MODEL_OFF")
    shown = house.as_user(ANN, "GET", f"/status/{house.generate(ANN)}").json_body
    assert [result["index"] for result in shown["results"]] == [2]
    house.as_user(ADA, "PATCH", "/admin/models/2", {"enabled": False})
    assert refusal(house.as_user(ANN, "POST", "/generate", {"prompt": "a mill"}))[0] == 409
    house.as_user(ADA, "PATCH", "/admin/models/1", {"enabled": True})
    named = house.as_user(ANN, "POST", "/generate", {"prompt": "a mill", "models": [1]})
    assert named.status_code == 202
    assert house.as_user(ADA, "PATCH", "/admin/models/9", {"enabled": True}).status_code == 404


def test_the_list_of_models_says_which_of_them_the_caller_may_use(house: House) -> None:
    patch(house, ANN, models=[2])
    for user, allowed in ((ANN, [False, True]), (BEN, [True, True])):
        listed = house.as_user(user, "GET", "/models").json_body["models"]
        assert [model["allowed"] for model in listed] == allowed
        assert all(model["enabled"] for model in listed)
        assert ["reason" in model for model in listed] == [not may for may in allowed]
        named = house.as_user(user, "POST", "/generate", {"prompt": "a mill", "models": [1]})
        assert (named.status_code == 202) == allowed[0]
        assert allowed[0] or named.json_body["error"] == listed[0]["reason"]


def test_without_accounts_only_programs_of_the_machine_switch_models(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH", "off")
    house.open_anew()
    off = {"enabled": False}
    page = {"Origin": "https://evil.example"}
    assert house.ask("PATCH", "/admin/models/1", off, headers=page).status_code == 403
    cdn = {
        "CloudFront-Viewer-Address": "198.51.100.1:443",
        "X-Origin-Secret": "only the CDN knows this",
    }
    assert house.ask("PATCH", "/admin/models/1", off, headers=cdn).status_code == 403
    assert house.ask("PATCH", "/admin/models/1", off).status_code == 200
    listed = house.ask("GET", "/models").json_body["models"]
    assert listed[0]["enabled"] is False
    assert not any("allowed" in model for model in listed)
    for path in ("/me", "/keys", "/admin/users"):
        assert refusal(house.ask("GET", path)) == (404, "NOT_FOUND")


def paid(user: str, name: str, costs: dict[str, tuple[int | None, Purpose]]) -> None:
    """Reserve 50,000 micro-dollars for each part at somebody's expense, and settle them."""
    spending = services().ground.spending
    reserved = spending.reserve(name, dict.fromkeys(costs, 50_000), Caller(user_id=user))
    assert reserved
    for _ in range(2):
        spending.settle(
            reserved,
            {part: micros for part, (micros, _) in costs.items()},
            {part: purpose for part, (_, purpose) in costs.items()},
        )


def test_what_was_spent_is_told_by_day_person_and_model(house: House) -> None:
    exact, guess = Purpose("GPT Image", "exact"), Purpose("GPT Image", "estimated")
    unknown = Purpose("Recraft", "unknown")
    paid(ANN, "a", {"1": (40_000, exact), "2": (None, unknown)})
    paid(BEN, "b", {"1": (30_000, guess), "2": (20_000, exact)})
    told = house.as_user(ADA, "GET", "/admin/spend").json_body["days"]
    nothing = {"exact": 0, "estimated": 0, "unknown": 0}
    assert told == [
        {
            "day": "2027-01-15",
            "dollars": {"exact": 0.06, "estimated": 0.03, "unknown": 0.05},
            "reserved": 0,
            "users": [
                {"name": ANN, "dollars": {**nothing, "exact": 0.04, "unknown": 0.05}},
                {"name": BEN, "dollars": {**nothing, "exact": 0.02, "estimated": 0.03}},
            ],
            "models": [
                {"name": "GPT Image", "dollars": {"exact": 0.06, "estimated": 0.03, "unknown": 0}},
                {"name": "Recraft", "dollars": {**nothing, "unknown": 0.05}},
            ],
        }
    ]
    before = house.as_user(ADA, "GET", "/admin/spend?from=2026-12-01&to=2027-01-14")
    assert before.json_body == {"days": []}


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2027-01-02&to=2027-01-01", "from=2020-01-01&to=2027-01-01"]
)
def test_days_that_make_no_sense_are_refused(house: House, query: str) -> None:
    assert refusal(house.as_user(ADA, "GET", f"/admin/spend?{query}")) == (400, "INVALID_INPUT")


def test_a_job_names_its_models_in_the_report(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws)})
    spending = replace(at.money.spending, with_accounts=True)
    money = replace(at.money, spending=spending)
    reserved = money.reserve("0" * 36, [1], Caller(user_id=ANN))
    job = at.work(at.submit())
    money.settle(replace(job, id="0" * 36, reserved=reserved))
    [day] = at.services.ground.spend_report.days("2026-01-01", "2099-12-31")
    assert set(day.models) == {"Model 1"}
    assert day.models["Model 1"].estimated == day.users[ANN].estimated > 0

"""What a deployment is tried with."""

from typing import Any

from deploy.smoke import cheapest


def model(name: str, amount: float | None, **more: bool) -> dict[str, Any]:
    return {"name": name, "price": {"amount": amount}, **more}


def test_the_cheapest_model_that_is_awake_is_tried() -> None:
    asleep, dear = model("mine", 0.001, deferred=True), model("dear", 0.08)
    cheap, unknown = model("cheap", 0.03), model("unknown", None)
    assert cheapest([asleep, unknown, dear, cheap]) == cheap
    assert cheapest([asleep, unknown]) == unknown
    assert cheapest([asleep]) == asleep

import pytest

from devstack.simulators.faults import FAULTS, marks_in, parse_faults, without_marks


@pytest.mark.parametrize("name", sorted(FAULTS - {"slow"}))
def test_a_mark_names_its_provider_and_fault(name: str) -> None:
    assert name in parse_faults(f"a cat [[openai:{name}]]", "openai")
    assert name not in parse_faults(f"a cat [[openai:{name}]]", "bfl")


def test_a_star_means_every_provider() -> None:
    assert "hang" in parse_faults("[[*:hang]]", "qwen")


def test_several_marks_count_together() -> None:
    faults = parse_faults("[[bfl:hang]] a cat [[*:slow=3]] [[bfl:garbage]]", "bfl")

    assert faults.names == {"hang", "garbage"}
    assert faults.slow_seconds == 3


@pytest.mark.parametrize("value", ["", "=", "=abc", "=1.2.3", "=-1", "=inf"])
def test_a_slow_mark_without_seconds_is_ignored(value: str) -> None:
    assert parse_faults(f"[[*:slow{value}]]", "bfl").slow_seconds is None


@pytest.mark.parametrize("text", ["", "[[", "[[openai]]", "[[openai:]]", "[[:hang]]", "[[*:nope]]"])
def test_text_that_is_no_mark_is_no_fault(text: str) -> None:
    faults = parse_faults(text, "openai")

    assert faults.names == frozenset()
    assert faults.slow_seconds is None


def test_once_fails_only_the_first_attempt() -> None:
    faults = parse_faults("[[*:once-server_error]]", "google")

    assert faults.refusal(1) == "server_error"
    assert faults.refusal(2) is None


def test_a_bad_key_is_noticed_before_anything_else() -> None:
    assert parse_faults("[[*:refuse]] [[*:bad_key]] [[*:retired]]", "bfl").refusal(1) == "bad_key"


def test_marks_can_be_taken_out_and_listed() -> None:
    prompt = "a cat [[bfl:slow=2.5]] on a roof [[*:hang]]"

    assert without_marks(prompt) == "a cat on a roof"
    assert marks_in(prompt) == ["[[bfl:slow=2.5]]", "[[*:hang]]"]

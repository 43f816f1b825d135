"""A picture that is paid for is taken out of whatever wrapping it came in."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.providers.errors import BadResponse
from chalicelib.providers.failures import Failures
from chalicelib.providers.transport.decoding import decoded, from_base64

FAILURES = Failures("A gateway", "a-model")
WRAPPINGS: dict[str, Callable[[bytes], str]] = {
    "plain": lambda data: b64encode(data).decode(),
    "data url": lambda data: f"data:image/png;base64,{b64encode(data).decode()}",
    "data url with a charset": lambda data: f"data:image/png;a=b;base64,{b64encode(data).decode()}",
    "line breaks": lambda data: "\r\n".join(b64encode(data).decode()),
    "no padding": lambda data: b64encode(data).decode().rstrip("="),
    "of addresses": lambda data: urlsafe_b64encode(data).decode(),
    "of addresses without padding": lambda data: urlsafe_b64encode(data).decode().rstrip("="),
    "blanks around": lambda data: f"  {b64encode(data).decode()}\n",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@given(data=st.binary(min_size=1, max_size=300))
def test_every_wrapping_gives_the_same_bytes(wrapping: str, data: bytes) -> None:
    assert decoded(WRAPPINGS[wrapping](data)) == data


@pytest.mark.parametrize("encoded", [None, "", "   ", 7, [], "data:image/png;base64,", "!!", "a"])
def test_what_is_not_base64_is_a_bad_response(encoded: object) -> None:
    with pytest.raises(BadResponse):
        from_base64(encoded, FAILURES)


@given(text=st.text(max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    found = decoded(text)

    assert found is None or isinstance(found, bytes)

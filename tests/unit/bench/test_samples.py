"""Percentiles are values that were really measured."""

import pytest

from bench.samples import Samples


def test_the_tail_of_a_hundred_values_is_the_last_but_one() -> None:
    assert Samples.of(range(1, 101)).percentile(0.99) == 99


def test_every_percentile_of_one_value_is_that_value() -> None:
    assert {Samples.of([7]).percentile(share) for share in (0.0, 0.5, 1.0)} == {7}


def test_the_middle_of_an_even_number_of_values_lies_between_two() -> None:
    assert Samples.of([4, 1, 3, 2]).median == 2.5


def test_the_spread_names_both_ends_and_the_count() -> None:
    assert Samples.of([250.4, 3.14159]).spread == "3.14 to 250, n=2"


def test_nothing_measured_has_no_middle() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Samples.of([])

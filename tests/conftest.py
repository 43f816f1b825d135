"""What every test may use."""

import pytest

pytest_plugins = ["tests.figures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--provider", help="run the contract of one provider only")

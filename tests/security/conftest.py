"""The running product for attacks from outside."""

from tests.support.fixtures import product

__all__ = ["product"]

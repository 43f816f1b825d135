"""The section of batches: whether an installation without accounts has them."""

from dataclasses import dataclass

from chalicelib.config.reader import Reader


@dataclass(frozen=True)
class BatchSettings:
    """`open_to_all` lets everybody who reaches an installation without accounts run batches."""

    open_to_all: bool


def read(env: Reader) -> BatchSettings:
    """Read the section; raise SettingsError."""
    return BatchSettings(open_to_all=env.flag("BATCHES"))

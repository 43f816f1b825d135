"""What is wrong with a definition, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something begins in the text of a definition; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """One field of a definition (`steps[1].prompt`), and a sentence about it."""

    field: str
    problem: str
    place: Place = Place(1, 1)


class Refused(Exception):
    """A definition with problems: all of them that can be told at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems

"""The simulators that the suite runs against, and the tables that it prints."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from devstack.simulators import Simulators, running_simulators

CELL = "contract-cell"
PACE = 0.02


class RecordCell(Protocol):
    """Keeps one cell of a printed table."""

    def __call__(self, table: str, row: str, column: str, value: str) -> None: ...


@pytest.fixture(scope="session")
def simulators() -> Iterator[Simulators]:
    with running_simulators(PACE) as running:
        yield running


@pytest.fixture(autouse=True)
def no_crash(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test in which a simulator raised what no protocol knows."""
    yield
    if "simulators" in request.fixturenames:
        request.getfixturevalue("simulators").raise_crash()


@pytest.fixture
def record_cell(request: pytest.FixtureRequest) -> RecordCell:
    def record(table: str, row: str, column: str, value: str) -> None:
        request.node.user_properties.append((CELL, (table, row, column, value)))

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints each table with its rows and columns in the order of their names."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for table, row, column, value in _cells(terminalreporter):
        tables.setdefault(table, {}).setdefault(row, {})[column] = value
    for table, rows in sorted(tables.items()):
        terminalreporter.section(table)
        for line in _lines(rows):
            terminalreporter.write_line(line)


def _cells(terminalreporter: pytest.TerminalReporter) -> Iterator[tuple[str, str, str, str]]:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for key, cell in getattr(report, "user_properties", []):
                if key == CELL and report.when == "call":
                    yield _shown(cell, outcome)


def _shown(cell: tuple[str, str, str, str], outcome: str) -> tuple[str, str, str, str]:
    table, row, column, value = cell
    return table, row, column, value if outcome == "passed" else f"FAILED {value}".strip()


def _lines(rows: dict[str, dict[str, str]]) -> Iterator[str]:
    columns = sorted({column for cells in rows.values() for column in cells})
    header = ["", *columns]
    body = [[row, *(rows[row].get(column, "") for column in columns)] for row in sorted(rows)]
    widths = [max(map(len, column)) for column in zip(header, *body, strict=True)]
    for line in (header, *body):
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of one provider, by the parameters of each test."""
    wanted = config.getoption("--provider")
    if wanted:
        items[:] = [item for item in items if wanted in _providers(item)]


def _providers(item: pytest.Item) -> set[object]:
    call = getattr(item, "callspec", None)
    params = call.params if call else {}
    case = params.get("case")
    return {params.get("provider"), getattr(case, "provider", None)}

"""The house rules: which module may know which."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRIES = (
    "app",
    "chalicelib.routes",
    "chalicelib.schedules",
    "chalicelib.exports",
    "chalicelib.seed_data",
    "chalicelib.sockets",
    "chalicelib.worker",
    "chalicelib.previews",
    "chalicelib.own_models",
    "chalicelib.batch_rows",
)
DEPARTMENTS = frozenset({"accounts", "batches", "jobs"})
"""Packages that stand side by side; everything that is no entry and no wiring is ground."""
IMPURE = {"boto3", "botocore", "os", "random", "requests", "socket", "threading", "time", "logging"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules(*packages: str) -> dict[str, Path]:
    """Every module of the packages by its dotted name."""
    files = [p for package in packages for p in (ROOT / package).rglob("*.py")]
    return {dotted(p).removesuffix(".__init__"): p for p in files}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(path: Path) -> set[str]:
    """What a module imports when it runs, names included (`a.b.c` for `from a.b import c`)."""
    found: set[str] = set()
    for node in running(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker sees."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            for branch in child.orelse:
                yield from running(branch)
        else:
            yield from running(child)


def importers(target: str, among: dict[str, Path]) -> set[str]:
    return {name for name, path in among.items() if knows(path, target)}


def knows(path: Path, target: str) -> bool:
    return any(within(name, target) for name in imports(path))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def reachable(start: str) -> set[str]:
    """The product's modules that importing `start` loads, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        known = imports(PRODUCT[waiting.pop()])
        new = {m for m in PRODUCT if m not in found and any(within(k, m) for k in known)}
        found |= new
        waiting += new
    return found


def rooms(product: dict[str, Path]) -> dict[str, set[str]]:
    """Return the packages and single modules of `chalicelib`, each with those that it imports."""
    found: dict[str, set[str]] = {room_of(name): set() for name in product}
    for name, path in product.items():
        known = {room_of(k) for k in imports(path) if within(k, "chalicelib")}
        found[room_of(name)] |= known & found.keys() - {room_of(name)}
    return found


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def circles(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the pairs of rooms that reach each other."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            new = graph.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    return {(a, b) for a in graph for b in reached(a) if a < b and a in reached(b)}


def trespasses(graph: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return the rooms that know a department without being an entry or the wiring."""
    outside = {room_of(entry) for entry in ENTRIES} | {"wiring"}
    return {(a, b) for a, known in graph.items() if a not in outside for b in known & DEPARTMENTS}


PRODUCT = modules("chalicelib")
MODELS = {name: path for name, path in PRODUCT.items() if name.endswith(".model")}


def test_only_entries_know_the_wiring() -> None:
    knowing = importers("chalicelib.wiring", PRODUCT)
    assert knowing
    allowed = (*ENTRIES, "chalicelib.wiring")
    assert {n for n in knowing if not any(within(n, place) for place in allowed)} == set()


def test_no_two_rooms_import_each_other() -> None:
    assert circles(rooms(PRODUCT)) == set()


def test_the_ground_and_other_departments_know_no_department() -> None:
    assert set(rooms(PRODUCT)) >= DEPARTMENTS
    assert trespasses(rooms(PRODUCT)) == set()


@pytest.mark.parametrize("room", ["spend", "images", "gallery", "events", "providers"])
def test_a_planted_import_of_a_department_is_found(room: str) -> None:
    graph = rooms(PRODUCT)
    graph[room] = {*graph[room], "jobs"}
    assert trespasses(graph) == {(room, "jobs")}
    assert tuple(sorted((room, "jobs"))) in circles(graph)


def test_nothing_inside_knows_an_entry() -> None:
    inside = {n: p for n, p in PRODUCT.items() if not any(within(n, e) for e in ENTRIES)}
    assert {entry: importers(entry, inside) for entry in ENTRIES} == {e: set() for e in ENTRIES}


def test_only_the_wiring_builds_stores_and_clients() -> None:
    builders = {
        (name, node.func.id)
        for name, path in PRODUCT.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.endswith("Store")
    }
    assert builders
    assert {name for name, _ in builders if not within(name, "chalicelib.wiring")} == set()


def test_only_the_wiring_and_the_adapters_of_aws_know_boto3() -> None:
    adapters = {
        f"chalicelib.providers.adapters.{name}.adapter" for name in ("bedrock", "sagemaker")
    }
    allowed = {"chalicelib.wiring.ports", *adapters}
    assert importers("boto3", PRODUCT) <= allowed


def test_only_settings_and_wiring_touch_the_environment() -> None:
    readers = {
        name
        for name, path in PRODUCT.items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    # The proxies and certificates of the machine are every program's, not settings of this one.
    machine = "chalicelib.providers.transport.network"
    assert readers <= {"chalicelib.config", "chalicelib.wiring", machine}


def test_providers_know_nothing_of_jobs() -> None:
    allowed = ("chalicelib.providers", "chalicelib.config", "chalicelib.logs")
    strangers = {
        (name, known)
        for name, path in PRODUCT.items()
        if within(name, "chalicelib.providers")
        for known in imports(path)
        if within(known, "chalicelib") and not any(within(known, a) for a in allowed)
    }
    assert strangers == set()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_models_reach_nothing_impure(name: str) -> None:
    reached = reachable(name)
    impure = {(m, k) for m in reached for k in imports(PRODUCT[m]) if k.partition(".")[0] in IMPURE}
    assert impure == set()


def test_the_product_ships_without_its_tools() -> None:
    for tool in ("devstack", "tests", "bench"):
        assert importers(tool, PRODUCT | {"app": ROOT / "app.py"}) == set()


def test_simulators_share_nothing_with_what_they_test() -> None:
    simulators = modules("devstack/simulators")
    assert simulators
    assert importers("chalicelib", simulators) == set()


def test_the_app_is_blueprints_and_flags() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 80


def test_the_app_needs_no_setting_and_loads_no_provider() -> None:
    heavy = (
        "openai",
        "google.genai",
        "PIL",
        "requests",
        "chalicelib.accounts",
        "jinja2",
        "yaml",
        "jsonschema",
    )
    code = f"import app, sys; print([m for m in {heavy!r} if m in sys.modules])"
    bare = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")

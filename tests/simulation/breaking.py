"""Make a deliberate break in a source text, wherever its lines are broken and indented."""

import ast
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """In the function `where` of a file under chalicelib/, `before` becomes `after`.

    `before` stands there once, however it is indented and broken into lines. `noticed_by` fails.
    """

    name: str
    file: str
    where: str
    before: str
    after: str
    noticed_by: str


def broken(source: str, mutation: Mutation) -> str:
    """Return the source with the break made; raise ValueError where it cannot be made once."""
    first, last = _lines_of(source, mutation.where)
    lines = source.splitlines(keepends=True)
    whole = "".join(lines[first:last])
    pattern = r"\s+".join(re.escape(word) for word in re.split(r"\s+", mutation.before))
    found = list(re.finditer(pattern, whole))
    if len(found) != 1:
        raise ValueError(f"{mutation.name}: found {len(found)} times in {mutation.where}")
    start, end = found[0].span()
    line = whole[whole.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    after = mutation.after.replace("\n", f"\n{indent}")
    changed = whole[:start] + after + whole[end:]
    return "".join(lines[:first]) + changed + "".join(lines[last:])


def _lines_of(source: str, where: str) -> tuple[int, int]:
    """Return where `Class.function` begins and ends, in lines from 0."""
    node: ast.AST = ast.parse(source)
    lines = (0, 0)
    for name in where.split("."):
        inner = (n for n in ast.walk(node) if isinstance(n, ast.FunctionDef | ast.ClassDef))
        found = next((n for n in inner if n.name == name and n is not node), None)
        if found is None:
            raise ValueError(f"there is no {where}")
        node, lines = found, (found.lineno - 1, found.end_lineno or found.lineno)
    return lines

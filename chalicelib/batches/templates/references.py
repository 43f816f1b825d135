"""What a prompt or an expression refers to: paths of the row, earlier steps, and what is not there.

Found by walking the tree in the order of execution. Names that a loop, a macro or `set` makes are
none of the row's; what stands under `is defined` or before `default` is not required.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from jinja2 import nodes

from chalicelib.batches.templates.language import GLOBALS, Language

Path = tuple[str, ...]
_IN_MACROS = ("caller", "varargs", "kwargs")
_REFUSED = (
    *(nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block),
    *(nodes.EvalContextModifier, nodes.ScopedEvalContextModifier, nodes.Scope),
)


@dataclass(frozen=True)
class Fault:
    """A sentence about one line of a text, counted from 1."""

    line: int
    problem: str


@dataclass
class References:
    """`required` are paths of the row, without `steps`; `steps` those steps that are looked at."""

    required: set[Path] = field(default_factory=set)
    steps: list[tuple[Path, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def references(tree: nodes.Node, language: Language) -> References:
    """Return what a parsed text refers to."""
    walk = _Walk(language)
    walk.visit(tree, _Scope())
    return walk.found


@dataclass
class _Scope:
    """The names that are made here, and the paths that are known to be there."""

    names: set[str] = field(default_factory=set)
    there: frozenset[Path] = frozenset()
    read: set[str] = field(default_factory=set)
    read_inside: set[str] = field(default_factory=set)
    """Names of the row that are read here, and in loops and the like of this scope."""
    outer: "_Scope | None" = None

    def inner(self, names: Iterable[str] = (), there: frozenset[Path] = frozenset()) -> "_Scope":
        return _Scope(self.names | set(names), self.there | there, outer=self)

    def branch(self, there: frozenset[Path]) -> "_Scope":
        """Return the same names, since what an `if` sets outlives it."""
        return _Scope(self.names, self.there | there, self.read, self.read_inside, self.outer)

    def note_read(self, name: str) -> None:
        self.read.add(name)
        outer = self.outer
        while outer is not None:
            outer.read_inside.add(name)
            outer = outer.outer


class _Walk:
    """Visits nodes in the order in which they are executed."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.found = References()

    def visit(self, node: nodes.Node, scope: _Scope) -> None:
        if isinstance(node, _REFUSED):
            self._fault(node, "other templates and blocks cannot be used here")
            return
        special = getattr(self, f"_{type(node).__name__.lower()}", None)
        if special is not None:
            special(node, scope)
        else:
            self._each(node.iter_child_nodes(), scope)

    def _each(self, found: Iterable[nodes.Node], scope: _Scope) -> None:
        for node in found:
            self.visit(node, scope)

    def _name(self, node: nodes.Name, scope: _Scope) -> None:
        if node.ctx == "load":
            self._refer(node, scope)

    def _getattr(self, node: nodes.Getattr, scope: _Scope) -> None:
        self._refer(node, scope)

    def _getitem(self, node: nodes.Getitem, scope: _Scope) -> None:
        self._refer(node, scope)

    def _refer(self, node: nodes.Expr, scope: _Scope, required: bool = True) -> None:
        """Note a chain such as `a.b["c"][d]`, and what stands in its brackets."""
        path, root = self._chain(node, scope)
        if not isinstance(root, nodes.Name):
            self.visit(root, scope)
            return
        name = root.name
        if name in scope.names or (name in GLOBALS and len(path) == 1):
            return
        if name in ("self", "super") or name.startswith("__"):
            self._fault(root, f"{name} cannot be used here")
            return
        if name == "steps":
            self.found.steps.append((path, root.lineno))
            return
        scope.note_read(name)
        if not any(path[: len(there)] == there for there in scope.there):
            self.found.required.add(path if required else path[:-1])

    def _chain(self, node: nodes.Expr, scope: _Scope) -> tuple[Path, nodes.Node]:
        """Return the path as far as it is known beforehand, and what it begins with."""
        parts: list[str] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            name = self._part(node)
            if name is None:
                parts.clear()
                assert isinstance(node, nodes.Getitem)
                if not isinstance(node.arg, nodes.Const):
                    self.visit(node.arg, scope)
            else:
                parts.insert(0, name)
            node = node.node
        root = node.name if isinstance(node, nodes.Name) else ""
        return (root, *parts), node

    def _part(self, node: nodes.Getattr | nodes.Getitem) -> str | None:
        if isinstance(node, nodes.Getattr):
            if node.attr.startswith("__"):
                self._fault(node, f"{node.attr} cannot be used here")
            return node.attr
        constant = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return constant if isinstance(constant, str) else None

    def _call(self, node: nodes.Call, scope: _Scope) -> None:
        called = node.node
        if isinstance(called, nodes.Getattr):
            self._part(called)
            self.visit(called.node, scope)
        elif isinstance(called, nodes.Name):
            if called.name not in scope.names and called.name not in GLOBALS:
                self._fault(called, f"there is no function {called.name}")
        else:
            self.visit(called, scope)
        given = [*node.args, *node.kwargs, node.dyn_args, node.dyn_kwargs]
        self._each((each for each in given if each is not None), scope)

    def _filter(self, node: nodes.Filter, scope: _Scope) -> None:
        known = self._language.filters
        if node.name not in known:
            self._fault(node, f"there is no filter {node.name}{_meant(node.name, known)}")
        given = [*node.args, *node.kwargs, node.dyn_args, node.dyn_kwargs]
        if node.node is not None:
            if node.name in ("default", "d") and _is_chain(node.node):
                self._refer(node.node, scope, required=False)
            else:
                self.visit(node.node, scope)
        self._each((each for each in given if each is not None), scope)

    def _test(self, node: nodes.Test, scope: _Scope) -> None:
        known = self._language.tests
        if node.name not in known:
            self._fault(node, f"there is no test {node.name}{_meant(node.name, known)}")
        if node.name in ("defined", "undefined") and _is_chain(node.node):
            self._refer(node.node, scope, required=False)
        else:
            self.visit(node.node, scope)
        self._each([*(node.args or ()), *(node.kwargs or ())], scope)

    def _and(self, node: nodes.And, scope: _Scope) -> None:
        self.visit(node.left, scope)
        self.visit(node.right, scope.branch(self._there(node.left, scope, True)))

    def _or(self, node: nodes.Or, scope: _Scope) -> None:
        self.visit(node.left, scope)
        self.visit(node.right, scope.branch(self._there(node.left, scope, False)))

    def _condexpr(self, node: nodes.CondExpr, scope: _Scope) -> None:
        self.visit(node.test, scope)
        self.visit(node.expr1, scope.branch(self._there(node.test, scope, True)))
        if node.expr2 is not None:
            self.visit(node.expr2, scope.branch(self._there(node.test, scope, False)))

    def _if(self, node: nodes.If, scope: _Scope) -> None:
        self.visit(node.test, scope)
        self._each(node.body, scope.branch(self._there(node.test, scope, True)))
        otherwise = scope.branch(self._there(node.test, scope, False))
        for other in node.elif_:
            self.visit(other, otherwise)
            otherwise = otherwise.branch(self._there(other.test, scope, False))
        self._each(node.else_, otherwise)

    def _there(self, test: nodes.Node, scope: _Scope, holds: bool) -> frozenset[Path]:
        """Return the paths that are there where the test came out like this."""
        if isinstance(test, nodes.Not):
            return self._there(test.node, scope, not holds)
        if isinstance(test, nodes.And if holds else nodes.Or):
            both = (test.left, test.right)
            return frozenset().union(*(self._there(each, scope, holds) for each in both))
        wanted = "defined" if holds else "undefined"
        if isinstance(test, nodes.Test) and test.name == wanted and _is_chain(test.node):
            return frozenset({self._chain(test.node, scope)[0]})
        return frozenset()

    def _for(self, node: nodes.For, scope: _Scope) -> None:
        self.visit(node.iter, scope)
        inner = scope.inner({*_names(node.target), "loop"})
        if node.test is not None:
            self.visit(node.test, inner)
        self._each(node.body, inner)
        self._each(node.else_, scope.inner())

    def _assign(self, node: nodes.Assign, scope: _Scope) -> None:
        self.visit(node.node, scope)
        if isinstance(node.target, nodes.NSRef):
            self.visit(node.target, scope)
        self._make(node, scope)

    def _make(self, node: nodes.Assign | nodes.AssignBlock, scope: _Scope) -> None:
        """Note the names that are set; one that a loop has read before is missing in that loop."""
        names = _names(node.target)
        for name in sorted({*names} & scope.read_inside - scope.read - scope.names):
            self._fault(node, f"{name} is set after a loop has read it; give it another name")
        scope.names.update(names)

    def _assignblock(self, node: nodes.AssignBlock, scope: _Scope) -> None:
        if node.filter is not None:
            self.visit(node.filter, scope)
        self._each(node.body, scope.inner())
        self._make(node, scope)

    def _with(self, node: nodes.With, scope: _Scope) -> None:
        self._each(node.values, scope)
        made = [name for target in node.targets for name in _names(target)]
        self._each(node.body, scope.inner(made))

    def _macro(self, node: nodes.Macro, scope: _Scope) -> None:
        scope.names.add(node.name)
        self._each(node.defaults, scope)
        self._each(node.body, scope.inner([*(arg.name for arg in node.args), *_IN_MACROS]))

    def _callblock(self, node: nodes.CallBlock, scope: _Scope) -> None:
        self.visit(node.call, scope)
        self._each(node.defaults, scope)
        self._each(node.body, scope.inner(arg.name for arg in node.args))

    def _filterblock(self, node: nodes.FilterBlock, scope: _Scope) -> None:
        self.visit(node.filter, scope)
        self._each(node.body, scope.inner())

    def _nsref(self, node: nodes.NSRef, scope: _Scope) -> None:
        if node.name not in scope.names:
            self._fault(node, f"there is no namespace {node.name}")

    def _fault(self, node: nodes.Node, problem: str) -> None:
        self.found.faults.append(Fault(node.lineno, problem))


def _names(target: nodes.Node) -> list[str]:
    """Return the names that a target makes: `a`, or `a, b`."""
    found = [target] if isinstance(target, nodes.Name) else target.find_all(nodes.Name)
    return [name.name for name in found]


def _is_chain(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return isinstance(node, nodes.Name)


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), 1)
    return f"; did you mean {close[0]}?" if close else ""

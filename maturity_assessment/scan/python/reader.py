"""Read a module's syntax tree once, and keep what detectors ask for."""

import ast
from collections.abc import Callable, Iterable
from typing import Any

from .imports import read_import, read_import_from
from .records import Call, Definition, Module
from .scopes import Scopes
from .syntax import (
    BLOCKS,
    CHILDREN,
    LAST_FIRST,
    Function,
    find_docstring,
    is_act,
    is_main_guard,
    is_order,
    is_ordinary_method,
    is_preamble,
    statements,
)
from .values import Called, simplify, simplify_call


class Reader:
    """One pass over a module. `module` is what it fills."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self.module = module
        self.scopes = Scopes(module.name, module.aliases)
        self.function: list[str] = []  # outermost first
        self.qualified = ""  # the name of the function or class that the pass is in
        self.references: set[str] = module.references.setdefault("", set())
        self.rules: dict[type, Callable[[Any], None]] = {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Assert: self._assert,
            ast.Raise: self._raise,
            ast.If: self._if,
            ast.Expr: self._value,
            ast.Return: self._value,
        }
        for one in BLOCKS:
            self.rules.setdefault(one, self.inside)
        self._imports(tree)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.scopes.known.add(node.name)
        module.statements = sum(not is_preamble(node) for node in tree.body)
        module.acts = any(map(is_act, tree.body))
        self._top(tree.body)
        self.visit_all(tree.body)
        self.rules.clear()  # they refer to this reader: in a circle it would not go away

    def _enter(self, name: str) -> None:
        self.function.append(name)
        self.qualified = ".".join(self.function)

    def _leave(self) -> None:
        self.function.pop()
        self.qualified = ".".join(self.function)

    def _imports(self, tree: ast.Module) -> None:
        for node in statements(tree):
            if isinstance(node, ast.Import):
                read_import(node, self.module)
            elif isinstance(node, ast.ImportFrom):
                read_import_from(node, self.module)

    def _top(self, body: Iterable[ast.stmt]) -> None:
        """Know the module's variables first: functions above them use them too."""
        for node in body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                for target in node.targets:
                    self.scopes.set(target, self.scopes.dotted(node.value))

    # The pass

    def visit(self, node: ast.AST) -> None:
        """Take one node, by the rule for its kind or, without one, what is in it."""
        self.rules.get(node.__class__, self._expression)(node)

    def inside(self, node: ast.AST) -> None:
        """Take everything inside a node."""
        for name in CHILDREN.get(node.__class__, ()):
            value = getattr(node, name, None)
            if value.__class__ is list:
                self.visit_all(value)
            elif value is not None:
                self.visit(value)

    def visit_all(self, nodes: Iterable[Any]) -> None:
        """Take several nodes; where a list has gaps, they are None."""
        get, other = self.rules.get, self._expression
        for node in nodes:
            if node is not None:
                get(node.__class__, other)(node)

    # Definitions

    def _function(self, node: Function) -> None:
        decorators = self._decorators(node)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        annotations = [one.annotation for one in arguments if one.annotation]
        defaults = [*node.args.defaults, *node.args.kw_defaults]
        for part in (*annotations, *defaults, node.returns):
            if part is not None:
                self._expression(part)
        types = {one.arg: self.scopes.annotation(one.annotation) for one in arguments}
        returns = self.scopes.annotation(node.returns)
        self._enter(node.name)
        self._define(
            node, "function", decorators, parameters=tuple(types), returns=returns
        )
        # A parameter hides what has the same name outside.
        own = (name for name in types if types[name] or name not in ("self", "cls"))
        self.scopes.enter({name: types[name] or name for name in own})
        outer, self.references = self.references, self._references()
        self.visit_all(node.body)
        self.references = outer
        self.scopes.leave()
        self._leave()

    def _references(self) -> set[str]:
        return self.module.references.setdefault(self.qualified, set())

    def _class(self, node: ast.ClassDef) -> None:
        decorators = self._decorators(node)
        self.visit_all([*node.bases, *node.keywords])
        bases = tuple(filter(None, (self.scopes.dotted(base) for base in node.bases)))
        self._enter(node.name)
        self._define(node, "class", decorators, bases=bases)
        self.scopes.classes.append(self.qualified)
        self.scopes.attributes.append({})
        self.scopes.enter({})
        outer, self.references = self.references, self._references()
        self.visit_all(sorted(node.body, key=is_ordinary_method))
        self.references = outer
        self.scopes.leave()
        self.scopes.attributes.pop()
        self.scopes.classes.pop()
        self._leave()

    def _decorators(self, node: Function | ast.ClassDef) -> tuple[str, ...]:
        self.visit_all(node.decorator_list)
        return tuple(self.scopes.dotted(one) for one in node.decorator_list)

    def _define(
        self,
        node: Function | ast.ClassDef,
        kind: str,
        decorators: tuple[str, ...],
        **more: Any,
    ) -> None:
        above = [one.lineno for one in node.decorator_list]
        found = Definition(
            self.qualified,
            kind,
            self.module.path,
            line=node.lineno,
            end=node.end_lineno or node.lineno,
            first=min([node.lineno, *above]),
            docstring=find_docstring(node),
            decorators=decorators,
            **more,
        )
        if kind == "function":
            self.module.functions.append(found)
        self.module.definitions.setdefault(self.qualified, found)

    # Statements

    def _assign(self, node: ast.Assign) -> None:
        place = len(self.module.calls)
        self._expression(node.value)
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self._expression(target)
        if isinstance(node.value, ast.Call):
            call = self.module.calls[place]
            value: Any = Called(call.name, call.args, call.keywords)
            # What was called is known by now; super() alone is known by its class.
            dotted = self._held(node.value) if call.word == "super" else call.name
        else:
            value = simplify(node.value, self.scopes.dotted)
            dotted = self._held(node.value)
        for target in node.targets:
            self.scopes.set(target, dotted)
            self._remember(target, value, node.lineno)

    def _plain(self, node: ast.expr, place: int) -> Any:
        """Give the plain value of what was just read; of a call it is there already."""
        if isinstance(node, ast.Call):
            call = self.module.calls[place]
            return Called(call.name, call.args, call.keywords)
        return simplify(node, self.scopes.dotted)

    def _annotated(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        dotted = self._held(node.value) if node.value else ""
        if node.value is not None:
            place = len(self.module.calls)
            self.visit(node.value)
            value = self._plain(node.value, place)
            self._remember(node.target, value, node.lineno)
        declared = self.scopes.annotation(node.annotation)
        self.scopes.set(node.target, declared or dotted)
        if self.scopes.attributes and isinstance(node.target, ast.Name) and declared:
            self.scopes.attributes[-1].setdefault(node.target.id, declared)

    def _held(self, node: ast.expr) -> str:
        """The dotted name that a variable goes by once it holds this value."""
        if isinstance(
            node, (ast.Call, ast.Name, ast.Attribute, ast.Await, ast.Subscript)
        ):
            return self.scopes.dotted(node)
        if isinstance(node, ast.IfExp):
            return self._held(node.body) or self._held(node.orelse)
        if isinstance(node, ast.BoolOp):
            return next(filter(None, map(self._held, node.values)), "")
        return ""

    def _remember(self, target: ast.expr, value: Any, line: int) -> None:
        if isinstance(target, ast.Name):
            name = target.id
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            name = f"{target.value.id}.{target.attr}"
        else:
            return
        self.module.assigned.setdefault((self.qualified, name), []).append(
            (line, value)
        )

    def _value(self, node: ast.Expr | ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self._expression(node.value)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.scopes.set(item.optional_vars, self._held(item.context_expr))
        self.visit_all(node.body)

    def _if(self, node: ast.If) -> None:
        if not self.function and is_main_guard(node.test):
            self.module.has_main = True
        self.inside(node)

    def _assert(self, node: ast.Assert) -> None:
        # `assert True` and the like check nothing.
        if not isinstance(node.test, ast.Constant):
            self.module.asserts.setdefault(self.qualified, []).append(node.lineno)
        self.inside(node)

    def _raise(self, node: ast.Raise) -> None:
        self.module.raises.setdefault(self.qualified, []).append(node.lineno)
        self.inside(node)

    # Expressions

    def _expression(self, node: Any) -> None:
        """Take an expression and all that is in it, from left to right, however deep."""
        waiting: list[Any] = [node]
        refer, name, dotted = self.references.add, self.scopes.name, self.scopes.dotted
        while waiting:
            node = waiting.pop()
            kind = node.__class__
            if kind is ast.Constant:
                continue
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:
                    refer(name(node.id))
            elif kind is ast.Attribute:
                refer(dotted(node))
                node = node.value
                if node.__class__ is ast.Name:
                    refer(name(node.id))
                else:
                    waiting.append(node)
            elif kind is ast.Call:
                self._call(node, waiting)
            elif kind is list:
                waiting += node[::-1]
            elif node is not None:
                if kind is ast.Compare and is_order(node):
                    self.module.compares.add(self.qualified)
                for field in LAST_FIRST[kind]:
                    waiting.append(getattr(node, field))

    def _call(self, node: ast.Call, waiting: list[Any]) -> None:
        """Keep a call; its parts are to be taken next."""
        module, function = self.module, node.func
        name, args, keywords = simplify_call(node, self.scopes.dotted)
        if node.keywords:
            waiting += [one.value for one in reversed(node.keywords)]
        waiting += node.args[::-1]
        word = ""
        if isinstance(function, ast.Attribute):
            word = function.attr
            self.references.add(name)
            waiting.append(function.value)
        elif isinstance(function, ast.Name):
            word = function.id
            self.references.add(name)
        else:
            waiting.append(function)
        place = (module.path, node.lineno, self.qualified)
        module.calls.append(Call(name, args, keywords, *place, word))

"""YAML whose every value knows its line; nothing is built, so no alias can explode."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ..limits import DEPTH, YAML_DEPTH, YAML_NODES

# What can nest deep without many brackets.
MAY_BE_DEEP = re.compile(rf"(- ){{{YAML_DEPTH // 2},}}|^ {{{YAML_DEPTH},}}\S", re.M)
# libyaml's own where it is there: fifty times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Value:
    """A mapping, a list or a text of a YAML file, read when it is asked for.

    A missing key gives an empty value, which is false and whose line is 0, so that
    `workflow.get("jobs").get("test").text` never fails.
    """

    __slots__ = ("node",)

    def __init__(self, node: yaml.Node | None = None) -> None:
        self.node = node

    def __bool__(self) -> bool:
        return self.node is not None and not self.is_null

    @property
    def line(self) -> int:
        """The line it starts on, counted from 1."""
        return self.node.start_mark.line + 1 if self.node is not None else 0

    @property
    def text_line(self) -> int:
        """The line its text starts on: below the mark of a block."""
        block = getattr(self.node, "style", None) in ("|", ">")
        return self.line + int(block)

    @property
    def is_map(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it has elements."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return isinstance(self.node, yaml.ScalarNode) and (
            self.node.tag.endswith(":null") or self.node.value == ""
        )

    @property
    def tag(self) -> str:
        """The tag, such as `!reference`."""
        return str(self.node.tag) if self.node is not None else ""

    @property
    def text(self) -> str:
        """The text of a scalar, as it is written; empty for anything else."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    @property
    def is_true(self) -> bool:
        """Whether it says yes."""
        return self.text.lower() in ("true", "yes", "on")

    @property
    def is_false(self) -> bool:
        """Whether it says no."""
        return self.text.lower() in ("false", "no", "off")

    def items(self, depth: int = 0) -> list[tuple[str, "Value"]]:
        """Give the keys and values of a mapping, those that it merges in included."""
        if not isinstance(self.node, yaml.MappingNode):
            return []
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, value in self.node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name == "<<" and depth < DEPTH:
                merged.update(merge(Value(value), depth))
            else:
                own[name] = Value(value)
        return [*own.items(), *(pair for pair in merged.items() if pair[0] not in own)]

    def key_line(self, name: str) -> int:
        """The line of a key of this mapping."""
        if isinstance(self.node, yaml.MappingNode):
            for key, _ in self.node.value:
                if isinstance(key, yaml.ScalarNode) and key.value == name:
                    return int(key.start_mark.line) + 1
        return self.line

    def get(self, *keys: str) -> "Value":
        """Give what the keys lead to, one inside the other."""
        value = self
        for key in keys:
            value = dict(value.items()).get(key, EMPTY)
        return value

    def any(self, *keys: str) -> "Value":
        """Give the first of the keys that is there."""
        return next((self.get(key) for key in keys if self.get(key)), EMPTY)

    def keys(self) -> list[str]:
        """Give the keys of a mapping."""
        return [key for key, _ in self.items()]

    def each(self) -> list["Value"]:
        """Give the elements of a list; none for anything else."""
        if not isinstance(self.node, yaml.SequenceNode):
            return []
        return [Value(node) for node in self.node.value]

    def texts(self) -> list["Value"]:
        """Give the texts of what may be one text or a list of them, also nested."""
        if isinstance(self.node, yaml.ScalarNode):
            return [self] if self else []
        found: list[Value] = []
        for value in self.each():
            inner = value.each() if value.is_list else [value]
            found += [one for one in inner if isinstance(one.node, yaml.ScalarNode)]
        return found

    def walk(self) -> Iterator[tuple[str, "Value"]]:
        """Give every value below this one with its key, each once, however often it is named."""
        seen: set[int] = set()
        waiting: list[tuple[str, Value]] = [("", self)]
        while waiting and len(seen) < YAML_NODES:
            key, value = waiting.pop()
            if id(value.node) in seen:
                continue
            seen.add(id(value.node))
            yield key, value
            waiting += reversed(value.items() or [("", one) for one in value.each()])


EMPTY = Value()


def merge(value: Value, depth: int) -> dict[str, Value]:
    """Give what `<<` merges in: one mapping, or several of which the first wins."""
    merged: dict[str, Value] = {}
    for one in [*reversed(value.each()), *([value] if value.is_map else [])][:DEPTH]:
        merged.update(one.items(depth + 1))
    return merged


def read_documents(text: str) -> list[Value]:
    """Read every document of a YAML file. Raises yaml.YAMLError, and RecursionError."""
    text = text.lstrip("\ufeff")
    if MAY_BE_DEEP.search(text) or text.count("[") + text.count("{") > YAML_DEPTH:
        check_depth(text)
    return [Value(node) for node in yaml.compose_all(text, Loader=LOADER)]


def check_depth(text: str) -> None:
    """Raise RecursionError for what nests so deep that the parser in C would not survive it."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > YAML_DEPTH:
            raise RecursionError

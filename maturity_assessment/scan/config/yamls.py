"""YAML whose every value knows its line; nothing is built, so no alias can explode."""

from collections.abc import Iterator
from typing import Any

import yaml

from ..limits import DEPTH, YAML_DEPTH, YAML_NODES

# libyaml's own where it is there: it is fifty times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(LOADER):  # type: ignore[misc] # pylint: disable=too-many-ancestors
    """Builds nodes down to a depth: libyaml would go on until the program's stack ends."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0

    def descend_resolver(self, _parent: object, _index: object) -> None:
        """Count one level more; what else is done here serves no tag that is read."""
        self.depth += 1
        if self.depth > YAML_DEPTH:
            raise RecursionError

    def ascend_resolver(self) -> None:
        """Count one level less."""
        self.depth -= 1


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

    def pairs(self, depth: int = 0) -> dict[str, "Value"]:
        """Give what a mapping holds by key, what it merges in last; kept with its node."""
        if not isinstance(self.node, yaml.MappingNode):
            return {}
        known: dict[str, Value] | None = vars(self.node).get("pairs")
        if known is None:
            known = vars(self.node)["pairs"] = read_pairs(self.node, depth)
        return known

    def items(self) -> list[tuple[str, "Value"]]:
        """Give the keys and values of a mapping, those that it merges in included."""
        return list(self.pairs().items())

    def key_line(self, name: str) -> int:
        """The line of a key of this mapping."""
        if not isinstance(self.node, yaml.MappingNode):
            return self.line
        known: dict[str, int] | None = vars(self.node).get("lines")
        if known is None:
            known = vars(self.node)["lines"] = {
                str(key.value): int(key.start_mark.line) + 1
                for key, _ in reversed(self.node.value)
                if isinstance(key, yaml.ScalarNode)
            }
        return known.get(name, self.line)

    def get(self, *keys: str) -> "Value":
        """Give what the keys lead to, one inside the other."""
        value = self
        for key in keys:
            value = value.pairs().get(key, EMPTY)
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


def read_pairs(node: yaml.MappingNode, depth: int) -> dict[str, Value]:
    """Read the keys and values of a mapping; its own come before those that it merges in."""
    own: dict[str, Value] = {}
    merged: dict[str, Value] = {}
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if name == "<<" and depth < DEPTH:
            merged.update(merge(Value(value), depth))
        else:
            own[name] = Value(value)
    return {**own, **{key: one for key, one in merged.items() if key not in own}}


def merge(value: Value, depth: int) -> dict[str, Value]:
    """Give what `<<` merges in: one mapping, or several of which the first wins."""
    merged: dict[str, Value] = {}
    for one in [*reversed(value.each()), *([value] if value.is_map else [])][:DEPTH]:
        merged.update(one.pairs(depth + 1))
    return merged


def read_documents(text: str) -> list[Value]:
    """Read every document of a YAML file. Raises yaml.YAMLError, and RecursionError."""
    nodes = yaml.compose_all(text.lstrip("\ufeff"), Loader=Loader)
    return [Value(node) for node in nodes]


def read_bounded(text: str) -> list[Value]:
    """Read every document, so that going through all it stands for soon ends.

    Raises yaml.YAMLError, RecursionError, and ValueError where its aliases stand for too much.
    """
    found = read_documents(text)
    aliased = "&" in text and "*" in text
    if aliased and sum(weigh(one.node) for one in found) > YAML_NODES:
        raise ValueError(f"its aliases stand for more than {YAML_NODES:,} values")
    return found


def weigh(root: yaml.Node | None) -> int:
    """Count the values of a document as if each alias were written out.

    Raises ValueError where an alias stands inside what it names, which has no end.
    """
    weights: dict[int, int] = {}
    waiting: list[tuple[Any, bool]] = [(root, False)] if root is not None else []
    while waiting:
        node, done = waiting.pop()
        inner = parts(node)
        if done:
            weights[id(node)] = 1 + sum(weights[id(one)] for one in inner)
        elif id(node) not in weights:
            weights[id(node)] = -1  # until all that is in it has been weighed
            waiting.append((node, True))
            waiting += [(one, False) for one in inner]
        elif weights[id(node)] < 0:
            raise ValueError("an alias stands inside what it names")
    return weights.get(id(root), 0)


def parts(node: Any) -> list[Any]:
    """Give the nodes that a node holds, keys too."""
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []

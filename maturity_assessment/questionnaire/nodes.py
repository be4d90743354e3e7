"""Reading YAML as nodes that know their line, where `no` is still a word."""

from difflib import get_close_matches
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..refusal import Refusal

LARGEST = 1_000_000


def read_nodes(path: Path) -> MappingNode:
    """Read a file whose top is a mapping; an empty one has no entries. Raises Refusal."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        text = raw.decode("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: name a UTF-8 text file.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Refusal(
            f"{path}{say_line(error)} is no valid YAML: {hint(error)}."
        ) from error
    if len(raw) > LARGEST:
        raise Refusal(
            f"{path} is larger than {LARGEST:,} bytes: keep only answers in it."
        )
    if node is None:
        return MappingNode("tag:yaml.org,2002:map", [])
    if not isinstance(node, MappingNode):
        raise Refusal(f"{path}, line 1: expected entries such as `answers:`.")
    return node


def say_line(error: Exception) -> str:
    """Name the line of a parser's error, if it knows one."""
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}," if mark else ""


def hint(error: Exception) -> str:
    """Give a parser's own words for what is wrong, on one line."""
    said = getattr(error, "problem", None) or "it is nested too deeply"
    return " ".join(str(said).split())


class Place:
    """A node with the file it is from, for messages that name the line."""

    def __init__(self, node: Node, path: Path) -> None:
        self.node, self.path = node, path

    def refuse(self, says: str) -> Refusal:
        """Give the refusal that names this line."""
        mark = self.node.start_mark
        line = mark.line + 1 if mark else 1
        return Refusal(f"{self.path}, line {line}: {says}")

    def text(self, what: str) -> str:
        """Give a scalar as it was typed."""
        if not isinstance(self.node, ScalarNode):
            raise self.refuse(f"{what} has to be one word or sentence.")
        return str(self.node.value).strip()

    def entries(self, what: str) -> dict[str, "Place"]:
        """Give the entries of a mapping by key, each key once."""
        if isinstance(self.node, ScalarNode) and not self.node.value:
            return {}
        if not isinstance(self.node, MappingNode):
            raise self.refuse(f"{what} has to be a list of `name: value`.")
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            place = Place(key, self.path)
            name = place.text("a name")
            if name in found:
                raise place.refuse(f"{name} is there twice: keep one.")
            found[name] = Place(value, self.path)
        return found

    def items(self, what: str) -> "list[Place]":
        """Give the entries of a list."""
        if not isinstance(self.node, SequenceNode):
            raise self.refuse(f"{what} have to be a list such as [one, two].")
        return [Place(node, self.path) for node in self.node.value]

    def known(self, name: str, names: list[str], what: str) -> str:
        """Give the name if it is one of some names, or say which one may be meant."""
        if name in names:
            return name
        close = get_close_matches(name, names, 1)
        meant = (
            f"did you mean {close[0]}?" if close else f"use one of {', '.join(names)}."
        )
        raise self.refuse(f"{name!r} is no {what}: {meant}")

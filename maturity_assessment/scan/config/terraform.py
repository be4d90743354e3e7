"""Terraform: the blocks of a .tf file, with their lines."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

LABEL = re.compile(r'"[^"]*"|[\w-]+')
HEAD = re.compile(r'[ \t]*([\w-]+)((?:[ \t]++(?:"[^"]*+"|[\w-]++))*)[ \t]*\{')


@dataclass(frozen=True)
class Block:
    """One block: `resource`, its labels (type and name) and what is in it."""

    kind: str
    labels: tuple[str, ...]
    body: dict[str, Any]
    line: int
    path: str = ""

    @property
    def type(self) -> str:
        """The first label: of a resource its type, of a module its name."""
        return self.labels[0] if self.labels else ""


def bare(text: Any) -> Any:
    """Take the quotes off a text, and off every text in a value."""
    if isinstance(text, str):
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if isinstance(text, list):
        return [bare(one) for one in text]
    if isinstance(text, dict):
        return {
            bare(key): bare(value)
            for key, value in text.items()
            if key != "__is_block__"
        }
    return text


def read_terraform(text: str, path: str) -> list[Block]:
    """Read the blocks of a file. Raises whatever the parser raises on what is no HCL."""
    # Most repositories have no Terraform, and its parser takes long to load.
    import hcl2  # pylint: disable=import-outside-toplevel
    from hcl2.utils import (  # pylint: disable=import-outside-toplevel
        SerializationOptions,
    )

    options = SerializationOptions()
    found: list[Block] = []
    heads = find_heads(text)
    for kind, bodies in hcl2.loads(text, serialization_options=options).items():
        for body in bodies if isinstance(bodies, list) else []:
            labels, inner = unfold(body)
            lines = heads.get((kind, *labels), [])
            line = lines.pop(0) if lines else 1
            found.append(Block(kind, labels, bare(inner), line, path))
    return found


def unfold(body: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Take the labels off a block: the parser nests one mapping in another for each."""
    labels: list[str] = []
    while isinstance(body, dict) and "__is_block__" not in body and len(body) == 1:
        label, body = next(iter(body.items()))
        labels.append(str(bare(label)))
    return tuple(labels), body if isinstance(body, dict) else {}


def find_heads(text: str) -> dict[tuple[str, ...], list[int]]:
    """Give the lines on which blocks start, by their kind and labels, in their order."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), 1):
        head = HEAD.match(line)
        if head:
            labels = (one.strip('"') for one in LABEL.findall(head[2]))
            found[(head[1], *labels)].append(number)
    return found

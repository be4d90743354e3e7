"""Terraform: the blocks of a .tf file, with their lines."""

import re
from dataclasses import dataclass
from typing import Any

import hcl2
from hcl2.utils import SerializationOptions


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
    options = SerializationOptions()
    found: list[Block] = []
    for kind, bodies in hcl2.loads(text, serialization_options=options).items():
        for body in bodies if isinstance(bodies, list) else []:
            labels, inner = unfold(body)
            line = find_line(text, kind, labels)
            found.append(Block(kind, labels, bare(inner), line, path))
    return found


def unfold(body: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Take the labels off a block: the parser nests one mapping in another for each."""
    labels: list[str] = []
    while isinstance(body, dict) and "__is_block__" not in body and len(body) == 1:
        label, body = next(iter(body.items()))
        labels.append(str(bare(label)))
    return tuple(labels), body if isinstance(body, dict) else {}


def find_line(text: str, kind: str, labels: tuple[str, ...]) -> int:
    """The line of a block's head."""
    names = r"\s+".join(f'"?{re.escape(label)}"?' for label in labels)
    found = re.search(rf"^\s*{re.escape(kind)}\s*{names}\s*\{{", text, re.M)
    return text.count("\n", 0, found.start()) + 1 + found[0].count("\n") if found else 1

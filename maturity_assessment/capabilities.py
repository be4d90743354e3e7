"""Read the capability model, and render the tables that the documents show of it.

`python -m maturity_assessment.capabilities` writes the tables into README.md;
with `--check` it writes nothing and fails when a table is not up to date.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
README = HERE.parent / "README.md"


@dataclass(frozen=True)
class Capability:  # pylint: disable=too-many-instance-attributes
    """One thing that a team can do: its rung, its reason and the files that deliver it.

    The head of `capabilities.yaml` says what each field means.
    """

    id: str
    title: str
    level: int
    dimension: str
    why: str
    files: list[str]
    also: list[str] = field(default_factory=list)
    outside: str = ""
    choice: str = ""
    name: str = ""
    question: str = ""
    effort: int = 1
    usefulness: int = 1
    depends_on: list[str] = field(default_factory=list)
    detectable: bool = True
    crosswalk: Mapping[str, Any] = field(default_factory=dict)
    lesson: str = ""
    exercise: str = ""

    @property
    def phrase(self) -> str:
        """The title as it stands inside a sentence: what is written in capitals stays so."""
        first = self.title.split()[0]
        if len(first) > 1 and first.isupper():
            return self.title
        return self.title[0].lower() + self.title[1:]

    def deliver(self, package: str) -> list[str]:
        """Give the patterns of its files in a project whose package has this name."""
        return [name.replace("<package>", package) for name in self.files]

    def show(self, package: str) -> list[str]:
        """Give the patterns of all files that show it, those of others too."""
        also = [name.replace("<package>", package) for name in self.also]
        return [*self.deliver(package), *also]


@cache
def read_model() -> dict[str, Any]:
    """Read the whole file as it stands."""
    content: dict[str, Any] = yaml.safe_load(
        (HERE / "capabilities.yaml").read_text("utf-8")
    )
    return content


def read_capabilities() -> list[Capability]:
    """Read every capability, lowest level first."""
    return [Capability(**entry) for entry in read_model()["capabilities"]]


@cache
def read_assessed() -> dict[str, Capability]:
    """Read the capabilities that the assessment asks about, by id, lowest level first."""
    return {c.id: c for c in read_capabilities() if c.question}


def read_delivered() -> list[Capability]:
    """Read the capabilities that a generated project has, lowest level first."""
    return [c for c in read_capabilities() if c.files]


def render_ladder() -> str:
    """A table of the levels: what each adds to the one below."""
    rows = ["| level | what it gives | what it adds |", "|---|---|---|"]
    for level in read_model()["levels"]:
        added = [c.phrase for c in read_delivered() if c.level == level["level"]]
        rows.append(
            f"| **{level['level']} {level['name']}** | {level['gives']} | {'; '.join(added)} |"
        )
    return "\n".join(rows)


def render_capabilities() -> str:
    """A table of the capabilities that a generated project has, with their reasons."""
    rows = ["| level | capability | without it |", "|---|---|---|"]
    for capability in read_delivered():
        row = f"| {capability.level} | `{capability.id}`: {capability.phrase} |"
        rows.append(f"{row} {capability.why} |")
    return "\n".join(rows)


TABLES = {"ladder": render_ladder, "capabilities": render_capabilities}


def put(table: str, name: str, text: str) -> str:
    """Put a table between its two marks, `<!-- name -->` and `<!-- /name -->`."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return marks.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


def fill(text: str) -> str:
    """Put each table where its marks are."""
    for name, render in TABLES.items():
        text = put(render(), name, text)
    return text


def main(arguments: list[str]) -> int:
    """Fill README.md, or check that it is filled."""
    present = README.read_text("utf-8")
    filled = fill(present)
    if "--check" in arguments:
        if filled != present:
            print(
                "README.md is behind capabilities.yaml; run `make docs`.",
                file=sys.stderr,
            )
        return int(filled != present)
    README.write_text(filled, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The libraries that a project declares, in whichever of the usual files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..limits import TASKS, WORDS
from .tables import dig, line_of, texts

if TYPE_CHECKING:
    from ..repository import Repository

NAMED = (
    "*requirements*.txt",
    "*requirements*.in",
    "**/requirements/**/*.txt",
    "**/requirements/**/*.in",
)
CONDA = ("*environment*.y*ml", "*conda*.y*ml")
WANTED = re.compile(r"\s*(?:-e\s+)?([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*([^#;]*)")


@dataclass(frozen=True)
class Requirement:
    """One library that a file asks for: its name in lower case with dashes, what it bounds."""

    name: str
    bound: str
    path: str
    line: int
    group: str = ""  # empty for what the project needs to run

    @property
    def exact(self) -> bool:
        """Whether it names one version."""
        return bool(re.match(r"={2,3}\s*[^*\s]+$|=\s*[^*\s=]+$", self.bound))


def parse(text: str, path: str, line: int, group: str = "") -> Requirement | None:
    """Read one requirement as pip, poetry or conda writes it, or nothing."""
    found = WANTED.match(text) if len(text) <= WORDS else None
    if found is None or text.lstrip().startswith(("-r", "-c", "--", "#")):
        return None
    if re.match(r"\s*\S*(://|/)", text):
        return None
    name = re.sub(r"[-_.]+", "-", found[1]).lower()
    bound = re.split(r"\s+--hash|\s*\\", found[3])[0].strip()
    return Requirement(name, bound, path, line, group)


def read_requirements(repository: "Repository") -> list[Requirement]:
    """Read what every file of the project asks for."""
    found: list[Requirement | None] = []
    for path in repository.find(*NAMED):
        group = path.rpartition("/")[2].rsplit(".", 1)[0]
        group = "" if group.lower() == "requirements" else group
        for number, text in enumerate(repository.lines(path), 1):
            found.append(parse(text, path, number, group))
    for path in repository.find("pyproject.toml", "Pipfile"):
        found += read_project(repository, path)
    for path in repository.find(*CONDA):
        found += read_conda(repository, path)
    found += read_setup(repository)
    return [one for one in found if one is not None]


def read_project(repository: "Repository", path: str) -> Iterator[Requirement | None]:
    """Read the tables of pyproject.toml (of the standard and of poetry) or a Pipfile."""
    table, text = repository.toml(path), repository.read(path)
    for group, wanted in project_lists(table):
        for one in texts(wanted)[:TASKS]:
            name = WANTED.match(one)
            yield parse(
                one,
                path,
                line_of(text, "dependencies", name[1] if name else one),
                group,
            )
    for group, wanted in project_tables(table):
        for name, bound in (
            [*wanted.items()][:TASKS] if isinstance(wanted, dict) else []
        ):
            bound = bound.get("version", "") if isinstance(bound, dict) else bound
            if name.lower() != "python":
                yield parse(f"{name} {bound}", path, line_of(text, name), group)


def project_lists(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the lists of requirements in pyproject.toml, with the name of their group."""
    yield "", dig(table, "project", "dependencies")
    for keys in (("project", "optional-dependencies"), ("dependency-groups",)):
        groups = dig(table, *keys)
        yield from groups.items() if isinstance(groups, dict) else []
    yield "dev", dig(table, "tool", "uv", "dev-dependencies")


def project_tables(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the tables of requirements in pyproject.toml or Pipfile, with their group."""
    poetry = dig(table, "tool", "poetry")
    yield "", dig(poetry, "dependencies")
    yield "dev", dig(poetry, "dev-dependencies")
    groups = dig(poetry, "group")
    for name, group in groups.items() if isinstance(groups, dict) else []:
        yield name, dig(group, "dependencies")
    yield "", dig(table, "packages")
    yield "dev", dig(table, "dev-packages")


def read_conda(repository: "Repository", path: str) -> Iterator[Requirement | None]:
    """Read the dependencies of a conda environment, those for pip included."""
    for value in repository.yaml(path).get("dependencies").each():
        for one in [value, *value.get("pip").each()]:
            text = one.text.split("::")[-1]
            if text and not text.startswith("python="):
                yield parse(text, path, one.line)


def read_setup(repository: "Repository") -> Iterator[Requirement | None]:
    """Read `install_requires` and `extras_require` of setup.py and setup.cfg."""
    for call in repository.python.calls(
        "setuptools.setup", "distutils.core.setup", "setup"
    ):
        for text in call.texts("install_requires"):
            yield parse(text, call.path, call.line)
        extras = call.keywords.get("extras_require")
        for group, wanted in extras.items() if isinstance(extras, dict) else []:
            for text in texts(wanted):
                yield parse(text, call.path, call.line, str(group))
    for path in repository.find("setup.cfg"):
        wanted = dig(repository.ini(path), "options", "install_requires") or ""
        for text in wanted.splitlines()[:TASKS]:
            yield parse(
                text, path, line_of(repository.read(path), text.strip() or "options")
            )

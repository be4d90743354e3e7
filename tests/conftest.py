"""Projects generated from the template, for every test of this repository."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from maturity_assessment.render import TEMPLATE, render

pytest_plugins = ["environments"]

# Tests run side by side. The threads of a fit spin until all of them have ended: with more
# threads than cores, more than half of the time goes there. Projects under test inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

LAYERS = "{{cookiecutter.project_slug}}"
CLOUD = "aws"
LEVELS = sorted(path.name[0] for path in (TEMPLATE / LAYERS).glob("[0-9]-*"))


@dataclass(frozen=True)
class BakedProject:
    """A generated project on disk."""

    path: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; its exit code and output are the result."""
        return subprocess.run(
            command, cwd=self.path, capture_output=True, text=True, check=False
        )

    def read(self, file: str) -> str:
        """Give the text of a file."""
        return (self.path / file).read_text(encoding="utf-8")

    def files(self) -> set[str]:
        """Give the path of every file, links and git's own left out."""
        found = (path for path in self.path.rglob("*") if path.is_file())
        names = (path.relative_to(self.path) for path in found if not path.is_symlink())
        return {name.as_posix() for name in names if name.parts[0] != ".git"}


Bake = Callable[..., BakedProject]


@pytest.fixture(scope="session", autouse=True)
def keep_hooks_out_of_tmp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Put rendered hooks, which cookiecutter never deletes, among pytest's own files."""
    before = tempfile.tempdir
    tempfile.tempdir = str(tmp_path_factory.mktemp("hooks"))
    yield
    tempfile.tempdir = before


@pytest.fixture
def bake(tmp_path: Path) -> Bake:
    """Generate a project from some answers, the others being the defaults."""

    def bake_one(
        into: Path | None = None,
        template: Path = TEMPLATE,
        overwrite_if_exists: bool = False,
        **answers: str,
    ) -> BakedProject:
        folder = tmp_path / "baked" if into is None else into
        options = {"overwrite_if_exists": overwrite_if_exists}
        return BakedProject(render(answers, folder, template, **options))

    return bake_one


@pytest.fixture(scope="session")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, BakedProject]:
    """Give one project of each level, for one of the clouds: to read, not to change."""
    folders = {level: tmp_path_factory.mktemp(f"level-{level}") for level in LEVELS}
    return {
        level: BakedProject(render({"maturity_level": level, "cloud": CLOUD}, folder))
        for level, folder in folders.items()
    }


@pytest.fixture
def template_copy(tmp_path: Path) -> Path:
    """Give a copy of what cookiecutter reads, for a test to change."""
    copy = tmp_path / "template"
    for name in ("hooks", LAYERS):
        shutil.copytree(TEMPLATE / name, copy / name)
    shutil.copy(TEMPLATE / "cookiecutter.json", copy)
    return copy


def run_tool(
    folder: Path, tool: str, *arguments: str, typed: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run cookiecutter or cruft in `folder/work`, with a home of its own."""
    work, home = folder / "work", folder / "home"
    work.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=work,
        env={**os.environ, "HOME": str(home), "PWD": str(work), **variables},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def add_level(template: Path, name: str, files: dict[str, str]) -> None:
    """Add a level that holds some texts to a copy of the template."""
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    questions["_levels"].append(name)
    questions["maturity_level"].append(name[0])
    (template / "cookiecutter.json").write_text(json.dumps(questions), "utf-8")
    for file, text in files.items():
        path = template / LAYERS / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def tree(folder: Path) -> dict[str, str | bytes | None]:
    """Give everything under a folder: text of files, target of links, None for folders."""
    found: dict[str, str | bytes | None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = os.readlink(path)
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


def outside(folder: Path, project: Path) -> dict[str, str | bytes | None]:
    """Give what is under a folder except for the project."""
    top = project.relative_to(folder).as_posix()
    return {
        name: kind for name, kind in tree(folder).items() if name.split("/")[0] != top
    }

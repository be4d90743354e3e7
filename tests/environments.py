"""Generated projects, each installed once from its own pins and shared by the slow tests."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter
from filelock import FileLock
from network import block

HOUSE = Path(__file__).resolve().parent.parent
LAYERS = "{{cookiecutter.project_slug}}"
# What a shell inside our own `make test` would leak into the project under test.
LEAKS = ("VIRTUAL_ENV", "PYTHON", "MAKE", "MFLAGS", "GIT_", "PYTEST_", "COV_")
# Seconds after which a command is taken to hang.
PATIENCE = 1800
IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada Lovelace",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def levels() -> list[int]:
    """Give the numbers of the levels that the template holds."""
    return sorted(int(path.name[0]) for path in (HOUSE / LAYERS).glob("[0-9]-*"))


def clean_environment(tools: Path) -> dict[str, str]:
    """Give the variables of a stranger's shell, with our uv and our Python first on its PATH.

    Only those two: a project that forgot to install a tool must not find ours.
    """
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(LEAKS)
    }
    ours = str(Path(sys.executable).parent)
    path = [part for part in os.environ["PATH"].split(os.pathsep) if part != ours]
    return kept | IDENTITY | {"PATH": os.pathsep.join([str(tools), *path])}


def link_tools(folder: Path) -> Path:
    """Make a folder that holds nothing but uv and the Python below our own environment."""
    folder.mkdir(parents=True)
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        (folder / "uv").symlink_to(uv)
    for name in ("python3", "python"):
        (folder / name).write_text(
            f'#!/bin/sh\nexec "{sys.base_prefix}/bin/python3" "$@"\n'
        )
        (folder / name).chmod(0o755)
    return folder


@dataclass(frozen=True)
class Project:
    """A generated project whose `make setup` has run, with the shell of a stranger around it."""

    level: int
    path: Path
    environment: dict[str, str]
    prefix: tuple[str, ...] = ()

    def run(
        self, *command: str | Path, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; with `check`, a failure shows what it printed."""
        done = subprocess.run(
            [*self.prefix, *(str(part) for part in command)],
            cwd=self.path,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if check and done.returncode:
            said = (done.stdout + done.stderr)[-6000:]
            raise AssertionError(
                f"{command} ended with {done.returncode} in {self.path}:\n{said}"
            )
        return done

    def make(
        self, *targets: str, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `make` with these targets, or the default target."""
        return self.run("make", *targets, check=check, **variables)

    def python(
        self, *arguments: str | Path, check: bool = True, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the project's own Python."""
        return self.run(".venv/bin/python", *arguments, check=check, **variables)

    def copy(self, folder: Path) -> "Project":
        """Copy all but the environment, which the copy shares, for a test to break."""
        target = folder / self.path.name
        shutil.copytree(
            self.path, target, symlinks=True, ignore=shutil.ignore_patterns(".venv")
        )
        (target / ".venv").symlink_to(self.path / ".venv")
        # The environment points at the first source; the copy's own has to win.
        return Project(
            self.level, target, self.environment | {"PYTHONPATH": str(target / "src")}
        )

    def commit(self, message: str) -> None:
        """Commit everything that git does not ignore."""
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--allow-empty", "--message", message)


def copy_template(folder: Path, house: Path = HOUSE) -> None:
    """Copy what cookiecutter reads of this repository."""
    folder.mkdir()
    shutil.copy(house / "cookiecutter.json", folder)
    for name in ("hooks", LAYERS):
        shutil.copytree(house / name, folder / name)


def generate(level: int, folder: Path, house: Path = HOUSE, **answers: str) -> Path:
    """Generate a project from a copy of the template that is gone afterwards."""
    away = folder / "template, moved away"
    copy_template(away, house)
    config = away / "config.yaml"
    config.write_text(
        f"cookiecutters_dir: '{away}/cookiecutters'\nreplay_dir: '{away}/replay'\n"
    )
    project = cookiecutter(
        str(away),
        no_input=True,
        extra_context={"maturity_level": str(level), **answers},
        output_dir=str(folder),
        config_file=str(config),
    )
    shutil.rmtree(away)
    return Path(project)


def install(level: int, folder: Path, tools: Path) -> Project:
    """Generate a level, commit it, and run its `make setup`."""
    project = Project(level, generate(level, folder), clean_environment(tools))
    project.run("git", "init", "--quiet", "--initial-branch", "main")
    project.commit("Generate the project")
    project.make("setup")
    return project


def finish(project: Project) -> Project:
    """Run the default target without a network; `calls` beside it holds who tried to leave."""
    block(project, project.path.with_name("calls")).make()
    return project


def share(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Project]
) -> Project:
    """Make a project once for all the processes that test side by side.

    The recipe is that of pytest-xdist: https://pytest-xdist.readthedocs.io/en/stable/how-to.html
    """
    mine = factory.getbasetemp()
    place = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / name
    made = place / "made.json"
    with FileLock(f"{place}.lock"):
        if not made.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            made.write_text(json.dumps(asdict(make(place)), default=str))
    told = json.loads(made.read_text())
    told |= {"path": Path(told["path"]), "prefix": tuple(told["prefix"])}
    return Project(**told)


@pytest.fixture(scope="session", name="tools")
def fixture_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that a stranger's PATH starts with: uv and Python, nothing else."""
    return link_tools(tmp_path_factory.mktemp("tools") / "bin")


@pytest.fixture(scope="session", name="installed")
def fixture_installed(
    tmp_path_factory: pytest.TempPathFactory, tools: Path
) -> Iterator[Callable[[int], Project]]:
    """Give `installed(level)`: the level after `make setup`.

    It is shared: look and run, but change only a `.copy()`.
    """

    @cache
    def installed(level: int) -> Project:
        return share(
            tmp_path_factory,
            f"level {level}",
            lambda folder: install(level, folder, tools),
        )

    yield installed


@pytest.fixture(scope="session", name="finished")
def fixture_finished(
    tmp_path_factory: pytest.TempPathFactory, installed: Callable[[int], Project]
) -> Iterator[Callable[[int], Project]]:
    """Give `finished(level)`: a level after its default target ran without a network.

    Shared, as `installed`. What tried to leave this machine is in the file `calls` beside it.
    """

    @cache
    def finished(level: int) -> Project:
        return share(
            tmp_path_factory,
            f"finished {level}",
            lambda folder: finish(installed(level).copy(folder)),
        )

    yield finished

"""The package of level 0, imported as it lies in the template, and a place for it to work in."""

import atexit
import contextlib
import importlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from conftest import tree

HOUSE = Path(__file__).resolve().parent.parent
SOURCE = HOUSE / "{{cookiecutter.project_slug}}" / "0-manual"
PACKAGE = "level_zero"
WORDS = ("DATA", "TARGET", "TIME", "ID", "TASK", "OUT")
CHAIN = ("data", "train", "evaluate", "predict", "summary")


def link_package() -> Path:
    """Let the template's package be imported under our name, until the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="level-0-"))
    atexit.register(shutil.rmtree, folder)
    (folder / PACKAGE).symlink_to(SOURCE / "src" / "{{cookiecutter.package_name}}")
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True  # the template holds sources only
    return folder


FOLDER = link_package()


def load(module: str) -> ModuleType:
    """Import a module of the package."""
    return importlib.import_module(f"{PACKAGE}.{module}")


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    said: str
    refusal: str


@dataclass(frozen=True)
class Place:
    """A project of level 0 without an environment: its settings and what commands make."""

    path: Path

    def run(self, command: str, **words: str | Path) -> Outcome:
        """Run a command as `make` does, its words in the environment."""
        out, err = io.StringIO(), io.StringIO()
        with self.standing(**words), contextlib.redirect_stdout(out):
            with contextlib.redirect_stderr(err):
                code = load("__main__").main([command])
        return Outcome(code, out.getvalue(), err.getvalue())

    def do(self, *commands: str, **words: str | Path) -> str:
        """Run commands that must succeed; give what they said."""
        said = ""
        for command in commands:
            outcome = self.run(command, **words)
            assert outcome.code == 0, f"{command}: {outcome.refusal}"
            said += outcome.said
        return said

    def refuse(self, command: str, **words: str | Path) -> str:
        """Run a command that must be refused in one sentence, with nothing changed."""
        before = tree(self.path)
        outcome = self.run(command, **words)
        assert outcome.code == 1, f"{command} was not refused: {outcome.said}"
        sentence = outcome.refusal
        assert re.fullmatch(r"[^\n]+\.\n", sentence), f"no single sentence: {sentence}"
        assert (
            tree(self.path) == before
        ), f"{command} was refused, yet changed something"
        return sentence.strip()

    @contextlib.contextmanager
    def standing(self, **words: str | Path) -> Iterator[None]:
        """Stand in the project, with these words in the environment and no others."""
        here, before = Path.cwd(), dict(os.environ)
        for word in WORDS:
            os.environ.pop(word, None)
        os.environ.update({name: str(value) for name, value in words.items()})
        os.chdir(self.path)
        try:
            yield
        finally:
            os.chdir(here)
            for word in WORDS:
                os.environ.pop(word, None)
            os.environ.update({name: before[name] for name in WORDS if name in before})


def settle(folder: Path, rounds: int = 15) -> Place:
    """Make a place with the template's settings, but a model that is quick to fit."""
    shutil.copytree(SOURCE / "conf", folder / "conf")
    settings = folder / "conf/settings.yaml"
    text, found = re.subn(r"max_iter: \d+", f"max_iter: {rounds}", settings.read_text())
    assert found == 1
    settings.write_text(text)
    return Place(folder)

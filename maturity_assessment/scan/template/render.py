"""`python -m maturity_assessment.scan.template.render TEMPLATE INTO`: render, and print notes.

The notes are a JSON list of pairs: path and reason.
"""

import json
import sys
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from maturity_assessment.regular import read_regular

from ..limits import NOTEBOOK_BYTES, TEXT_BYTES
from ..notes import Notes
from ..tree.text import NotText, decode
from ..tree.walk import File, Walk
from .sandbox import Sandbox, make_sandbox

MEMORY = 1_000_000_000  # bytes that rendering may take


class Unrendered(ValueError):
    """Something in a template cannot be rendered; the text says why."""


class Renderer:
    """Renders one template into a folder. What it cannot render is a note."""

    def __init__(self, template: Path, into: Path) -> None:
        self.template = template
        self.into = into
        self.notes = Notes()
        self.questions = read_questions(template)
        self.sandbox = make_sandbox(template, self.questions)
        self.answers = self._answer()

    def _answer(self) -> dict[str, Any]:
        """Give every question its default, in which the answers before it are filled in."""
        answers: dict[str, Any] = {}
        for name, default in self.questions.items():
            try:
                answers[name] = fill(self.sandbox, default, name, answers)
            except Exception as error:  # pylint: disable=broad-exception-caught
                # A template's expressions raise what they like.
                self.note("cookiecutter.json", f"{name} is left as it is", error)
                answers[name] = default
        return answers

    def note(self, path: str, what: str, error: Exception | None = None) -> None:
        """Note what was not rendered, and why."""
        self.notes.add(path, f"{what}: {error}" if error else what)

    def text(self, text: str) -> str:
        """Render a text."""
        return self.sandbox.from_string(text).render(cookiecutter=self.answers)

    def render(self) -> None:
        """Render every file of the template's project folder."""
        if self.questions.get("_extensions"):
            what = (
                "the template's extensions are not loaded: their filters change nothing"
            )
            self.note("cookiecutter.json", what)
        if (self.template / "hooks").is_dir():
            self.note("hooks", "not run: what hooks add, move or remove is not seen")
        walk = Walk(self.template, self.notes)
        top = find_top(walk.files)
        for path, file in walk.files.items():
            if path.startswith(f"{top}/"):
                self._file(file, path.removeprefix(f"{top}/"), top)

    def _file(self, file: File, inside: str, top: str) -> None:
        """Render one file with its path."""
        try:
            target = self._target(f"{top}/{inside}")
            if target is None:
                return
            content = self._content(file, inside)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except Exception as error:  # pylint: disable=broad-exception-caught
            # As above; a file that cannot be rendered takes no other one with it.
            self.note(file.path, "not rendered", error)

    def _target(self, path: str) -> Path | None:
        """Give where a file goes; nowhere if its name renders to nothing. Raises Unrendered."""
        parts = [self.text(part).strip() for part in path.split("/")]
        if not parts[-1] or not parts[0]:
            return None
        place = PurePosixPath(*[part for part in parts if part])
        if place.is_absolute() or ".." in place.parts:
            raise Unrendered("its path leads out of the project")
        return self.into / place

    def _content(self, file: File, inside: str) -> bytes:
        """Give what a file holds in the project. Raises Unrendered."""
        if file.size > NOTEBOOK_BYTES:
            raise Unrendered(f"it has {file.size:,} bytes")
        content = read_regular(self.template / file.path, NOTEBOOK_BYTES)
        if self._is_copied(inside) or file.size > TEXT_BYTES:
            return content
        try:
            return self.text(decode(content)).encode("utf-8", "surrogateescape")
        except NotText:
            return content
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.note(file.path, "copied as it is, not rendered", error)
            return content

    def _is_copied(self, inside: str) -> bool:
        """Whether the template asks for a path, or a folder above it, to be left as it is."""
        patterns = self.questions.get("_copy_without_render")
        parts = inside.split("/")
        above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return any(
            fnmatch(path, str(pattern))
            for pattern in (patterns if isinstance(patterns, list) else [])
            for path in above
        )


def read_questions(template: Path) -> dict[str, Any]:
    """Read cookiecutter.json. Raises Unrendered."""
    try:
        content = read_regular(template / "cookiecutter.json", TEXT_BYTES)
        found = json.loads(decode(content))
    except (OSError, ValueError, RecursionError) as error:
        raise Unrendered("cookiecutter.json cannot be read") from error
    if not isinstance(found, dict):
        raise Unrendered("cookiecutter.json holds no questions")
    return found


def fill(sandbox: Sandbox, default: Any, name: str, answers: Mapping[str, Any]) -> Any:
    """Give the answer that a default means: the first of a choice, rendered if it is a text."""
    if name.startswith("_") and not name.startswith("__"):
        return default
    if isinstance(default, list):
        default = default[0] if default else ""
    if isinstance(default, dict):
        return {key: fill(sandbox, one, key, answers) for key, one in default.items()}
    if not isinstance(default, str):
        return default
    return sandbox.from_string(default).render(cookiecutter=answers)


def find_top(files: Mapping[str, File]) -> str:
    """Give the folder that holds the project, as cookiecutter finds it. Raises Unrendered."""
    for path in files:
        top, slash, _ = path.partition("/")
        if slash and "cookiecutter" in top and "{{" in top and "}}" in top:
            return top
    raise Unrendered(
        "no folder is named {{cookiecutter...}}; of several templates name one"
    )


def bound_memory() -> None:
    """Let the system end what takes too much memory, where it can."""
    try:
        import resource  # pylint: disable=import-outside-toplevel # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main(template: str, into: str) -> int:
    """Render, and print the notes."""
    bound_memory()
    notes = Notes()
    try:
        renderer = Renderer(Path(template), Path(into))
        notes = renderer.notes
        renderer.render()
    except Unrendered as error:
        notes.add("", str(error))
    print(json.dumps([(note.path, note.why) for note in notes.all()]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

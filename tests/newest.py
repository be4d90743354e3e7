"""Resolve the newest of everything, run every level on it, and say what broke.

`make newest` keeps the bounds of our .in files: what it finds, `make locks` would bring.
`make newest BOUNDS=lifted` drops them, and so says which of them are still needed.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from environments import (
    HOUSE,
    Project,
    clean_environment,
    copy_template,
    generate,
    levels,
    link_tools,
)
from test_locks import NEEDS, read_lock

MUST_HOLD = ("Makefile", "pyproject.toml", "requirements.txt")
STEPS = ("setup", "all")


class Outcome(NamedTuple):
    """How a level fared: the step that failed, if any, and the end of what it printed."""

    level: int
    failed: str
    said: str


def copy_house(folder: Path) -> Path:
    """Copy what `make locks` works on, with our own tools beside it."""
    copy_template(folder)
    for name in MUST_HOLD:
        (folder / name).write_bytes((HOUSE / name).read_bytes())
        os.utime(folder / name, (0, 0))  # older than .venv, so that it is not made anew
    (folder / ".venv").symlink_to(HOUSE / ".venv")
    return folder


def lift_bounds(text: str) -> str:
    """Drop the versions that a .in file asks for: `pandas<3.1` becomes `pandas`."""
    return re.sub(r"(?m)^([\w.\[\],-]+?)\s*[<>=!~][^#;\n]*", r"\1", text)


def resolve(house: Path, lifted: bool) -> subprocess.CompletedProcess[str]:
    """Write every lock anew in a copy of this repository."""
    for need in (house.joinpath(path.relative_to(HOUSE)) for path in NEEDS if lifted):
        need.write_text(lift_bounds(need.read_text("utf-8")), "utf-8")
    return subprocess.run(
        ["make", "locks"], cwd=house, capture_output=True, text=True, check=False
    )


def try_level(level: int, house: Path, folder: Path) -> Outcome:
    """Generate a level from the copy, then set it up and run its default target."""
    tools = link_tools(folder / "tools")
    path = generate(level, folder, house)
    project = Project(level, path, clean_environment(tools))
    project.run("git", "init", "--quiet", "--initial-branch", "main")
    project.commit("Generate the project")
    for step in STEPS:
        print(f"level {level}: make {step}", flush=True)
        done = project.make(step, check=False)
        if done.returncode:
            return Outcome(level, f"make {step}", (done.stdout + done.stderr)[-3000:])
    return Outcome(level, "", "")


def find_news(house: Path) -> list[str]:
    """Say which packages of the highest level have another version than we ship."""
    top = NEEDS[-1].with_suffix(".txt")

    def versions(path: Path) -> dict[str, str]:
        return {entry.name: entry.version for entry in sorted(read_lock(path))}

    ours, newest = versions(top), versions(house / top.relative_to(HOUSE))
    return [
        f"- {name} {ours.get(name, 'new')} -> {version}"
        for name, version in newest.items()
        if ours.get(name) != version
    ]


def write_report(title: str, lines: list[str]) -> None:
    """Print the report, and show it on the page of the workflow's run."""
    text = "\n".join([f"## {title}", "", *lines, ""])
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "a", encoding="utf-8") as file:
            file.write(text)


def describe(outcomes: list[Outcome]) -> list[str]:
    """Give a table of the levels, and what the failed ones printed last."""
    lines = ["| level | |", "|---|---|"]
    lines += [
        f"| {one.level} | {one.failed + ' failed' if one.failed else 'works'} |"
        for one in outcomes
    ]
    for one in outcomes:
        if one.failed:
            lines += [
                "",
                f"Level {one.level}, {one.failed}:",
                "",
                "```",
                one.said,
                "```",
            ]
    return lines


def main() -> int:
    """Resolve, run and report; the exit code is 1 if anything broke."""
    lifted = os.environ.get("BOUNDS") == "lifted"
    title = f"Newest versions, bounds {'lifted' if lifted else 'kept'}"
    with tempfile.TemporaryDirectory() as name:
        house = copy_house(Path(name) / "house")
        resolved = resolve(house, lifted)
        if resolved.returncode:
            write_report(title, ["The versions do not resolve:", resolved.stderr])
            return 1
        outcomes = []
        for level in levels():
            folder = Path(name) / f"level {level}"
            folder.mkdir()
            outcomes.append(try_level(level, house, folder))
        news = find_news(house) or ["Nothing is newer than what we ship."]
        write_report(title, [*describe(outcomes), "", *news])
    return int(any(one.failed for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())

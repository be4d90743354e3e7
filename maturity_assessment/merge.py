"""What a higher level means for the files of a project that its owner has edited."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWERS = ".cookiecutter.json"
BESIDE = ".ladder-new"


@dataclass(frozen=True)
class Change:
    """What becomes of one file: the bytes to write, or None to leave the project alone."""

    verb: str
    path: Path
    content: bytes | None
    mode: int


def is_blocked(project: Path, path: Path) -> bool:
    """Tell whether a file or a link stands where the project would need a folder."""
    parents = [project / parent for parent in path.parents[:-1]]
    return any(
        parent.is_symlink() or (parent.exists() and not parent.is_dir())
        for parent in parents
    )


def merge(mine: Path, old: Path, new: Path) -> tuple[str, bytes] | None:
    """Merge three versions of a text; None when there is no old one or one is no text."""
    labels = ["-L", "yours", "-L", "before", "-L", "new level"]
    result = subprocess.run(
        ["git", "merge-file", "-p", *labels, str(mine), str(old), str(new)],
        capture_output=True,
        check=False,
    )
    if result.returncode > 127:
        return None
    return "CONFLICT" if result.returncode else "merged", result.stdout


def compare(project: Path, path: Path, old: Path, new: Path) -> Change | None:
    """Say what the new level means for one file; None when there is nothing to do.

    A file that the owner deleted stays away unless the level changed it. One that is
    not the template's stays as it is, and the new one is put beside it.
    """
    mine, before, after = project / path, old / path, new / path
    content, mode = after.read_bytes(), after.stat().st_mode & 0o777
    if before.is_file() and before.read_bytes() == content:
        return None
    if is_blocked(project, path):
        return Change("CONFLICT", path, None, mode)
    if not os.path.lexists(mine):
        return Change("added", path, content, mode)
    beside = Change("CONFLICT", path.with_name(path.name + BESIDE), content, mode)
    if mine.is_symlink() or not mine.is_file():
        return beside
    if mine.read_bytes() == content:
        return None
    merged = merge(mine, before, after)
    return (
        Change(merged[0], path, merged[1], mine.stat().st_mode & 0o777)
        if merged
        else beside
    )


def changes(project: Path, old: Path, new: Path) -> Iterator[Change]:
    """Yield what becomes of each file, the answers last: they say that all is done."""
    paths = [path.relative_to(new) for path in new.rglob("*") if path.is_file()]
    for path in sorted(paths, key=lambda path: (path.name == ANSWERS, path)):
        change = compare(project, path, old, new)
        if change is not None:
            yield change


def write(project: Path, change: Change) -> None:
    """Put the file of a change in its place, all of it or nothing."""
    if change.content is None:
        return
    target = project / change.path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(change.content)
    part.chmod(change.mode)
    os.replace(part, target)

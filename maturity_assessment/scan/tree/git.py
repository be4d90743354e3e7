"""What git says of a folder, read from its files: no git process, so no hook runs."""

import os
import re
import struct
from pathlib import Path

from maturity_assessment.regular import read_regular

from ..limits import INDEX_BYTES

SHA = re.compile(r"[0-9a-f]{40,64}")


def find_git_folder(root: Path) -> Path | None:
    """Give the git folder of a work tree, that of a linked work tree included."""
    git = root / ".git"
    try:
        if git.is_file():
            git = root / read(git, 4000).partition("gitdir:")[2].strip()
        return git if git.is_dir() else None
    except (OSError, ValueError):  # a name with a NUL in it
        return None


def read(path: Path, limit: int = 2_000_000) -> str:
    """Read a small text of git's own, empty where there is none."""
    try:
        return read_regular(path, limit).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def read_commit(root: Path) -> str:
    """Give the commit that is checked out, empty where there is no git."""
    git = find_git_folder(root)
    if git is None:
        return ""
    head = read(git / "HEAD").strip()
    name = head.removeprefix("ref:").strip()
    if name == head:
        return head if SHA.fullmatch(head) else ""
    if ".." in name.split("/") or name.startswith("/"):
        return ""
    common = git / (read(git / "commondir").strip() or ".")
    packed = re.search(
        rf"^([0-9a-f]+) {re.escape(name)}$", read(common / "packed-refs"), re.M
    )
    found = read(common / name).strip() or (packed[1] if packed else "")
    return found if SHA.fullmatch(found) else ""


def read_tracked(root: Path) -> set[str] | None:
    """Give the paths in git's index, or None where there is none that can be read.

    The layout is that of git's own description of the index, versions 2 to 4.
    """
    git = find_git_folder(root)
    try:
        content = read_regular(git / "index", INDEX_BYTES) if git else b""
        return parse_index(content) if content[:4] == b"DIRC" else None
    except (OSError, struct.error, ValueError, IndexError):
        return None


def parse_index(content: bytes) -> set[str]:
    """Read the paths of every entry of an index."""
    version, count = struct.unpack(">II", content[4:12])
    if not 2 <= version <= 4:
        raise ValueError("unknown version of the index")
    paths: set[str] = set()
    place, before = 12, b""
    for _ in range(count):
        place, before = parse_entry(content, place, before, version)
        paths.add(os.fsdecode(before))
    return paths


def parse_entry(
    content: bytes, place: int, before: bytes, version: int
) -> tuple[int, bytes]:
    """Read one entry; give where the next one starts and the path of this one."""
    (flags,) = struct.unpack(">H", content[place + 60 : place + 62])
    start = place + (64 if flags & 0x4000 else 62)
    if version == 4:
        cut, start = parse_offset(content, start)
        end = content.index(b"\0", start)
        return end + 1, before[: len(before) - cut] + content[start:end]
    end = content.index(b"\0", start)
    return place + ((end - place) // 8 + 1) * 8, content[start:end]


def parse_offset(content: bytes, place: int) -> tuple[int, int]:
    """Read a number of git's variable width; give it and where it ends."""
    value = content[place] & 127
    while content[place] & 128:
        place += 1
        value = ((value + 1) << 7) | (content[place] & 127)
    return value, place + 1

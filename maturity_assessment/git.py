"""Reading git without running anything that a repository's own settings name.

Only plumbing is called: no filter, hook, pager or signature check of a stranger's
configuration runs, nothing is fetched, and nothing in the repository is written.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .refusal import Refusal

ALONE = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
LARGEST = 2_000_000
SECONDS = 120  # a file of git's own may be a pipe that nobody writes to
LINK, FILES = "120000", ("100644", "100755")


@dataclass(frozen=True)
class Commit:
    """A commit with the second of its date."""

    id: str
    time: int


def run(folder: Path, *arguments: str, seconds: float = SECONDS) -> bytes:
    """Run one command of git; give what it says. Raises Refusal."""
    command = ["git", "-C", str(folder), *arguments]
    environment = {**os.environ, **ALONE}
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            env=environment,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal(f"git cannot read {folder}: it does not answer.") from error
    except OSError as error:
        raise Refusal("This needs git: install it and try again.") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        why = said[0] if said else "no reason given"
        raise Refusal(f"git cannot read {folder}: {why}")
    return done.stdout


def list_commits(folder: Path) -> list[Commit]:
    """Give the commits of the branch that is checked out, oldest first. Raises Refusal."""
    order = ("rev-list", "--first-parent", "--timestamp", "HEAD", "--")
    lines = run(folder, *order).decode().splitlines()
    pairs = (line.split() for line in reversed(lines))
    return [Commit(commit, int(time)) for time, commit in pairs]


def export(folder: Path, commit: str, into: Path) -> int:
    """Write the files of a commit under a folder; give how many were left out.

    Links, other repositories, files larger than LARGEST bytes and what is not there (as in
    a partial clone) are left out. Paths that would lead out of the folder are refused.
    """
    entries = run(folder, "ls-tree", "-r", "-z", "-l", commit).split(b"\0")
    left_out = 0
    with open_blobs(folder) as (ask, answers):
        for entry in filter(None, entries):
            about, _, name = entry.partition(b"\t")
            mode, _, blob, size = about.decode().split()
            target = into / os.fsdecode(name)
            if mode not in FILES or int(size) > LARGEST or not is_within(target, into):
                left_out += 1
                continue
            content = read_blob(ask, answers, blob)
            left_out += content is None
            if content is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    return left_out


@contextmanager
def unpack(folder: Path, commit: str) -> Iterator[tuple[Path, int]]:
    """Give the files of a commit in a folder that is removed again, and how many are left out.

    The folder has the repository's name, as detectors and reports know it by.
    """
    with tempfile.TemporaryDirectory() as place:
        tree = Path(place, folder.resolve().name or "repository")
        tree.mkdir()
        yield tree, export(folder, commit, tree)


def resolve(folder: Path, revision: str) -> str:
    """Give the commit that a name such as `origin/main` stands for. Raises Refusal."""
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options")
    try:
        return run(folder, *verify, f"{revision}^{{commit}}").decode().strip()
    except Refusal as refusal:
        raise Refusal(
            f"{revision} is no commit of {folder}: fetch it, or name another."
        ) from refusal


def is_within(target: Path, folder: Path) -> bool:
    """Tell whether a path stays under a folder, and out of git's own files."""
    parts = target.relative_to(folder).parts
    return ".." not in parts and ".git" not in [part.lower() for part in parts]


@contextmanager
def open_blobs(folder: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a conversation with git about the content of files."""
    with subprocess.Popen(
        ["git", "-C", str(folder), "cat-file", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **ALONE},
    ) as process:
        assert process.stdin and process.stdout
        yield process.stdin, process.stdout
        process.stdin.close()


def read_blob(ask: IO[bytes], answers: IO[bytes], blob: str) -> bytes | None:
    """Give the content of a file; None when it is not there."""
    ask.write(f"{blob}\n".encode())
    ask.flush()
    head = answers.readline().split()
    if len(head) != 3:
        return None
    content = answers.read(int(head[2]))
    answers.read(1)
    return content

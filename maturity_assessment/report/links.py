"""Addresses of files on the forge that a repository was cloned from."""

import re
from pathlib import Path
from urllib.parse import quote

from .. import git
from ..refusal import Refusal

# Where each forge shows a file of a commit.
FORGES = {
    "github.com": "https://{host}/{name}/blob/{commit}/",
    "gitlab.com": "https://{host}/{name}/-/blob/{commit}/",
    "bitbucket.org": "https://{host}/{name}/src/{commit}/",
}
SECONDS = 5  # a report does without links rather than wait
REMOTE = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/]+@)?(?P<host>[\w.-]+)(?::\d+)?[:/](?P<name>[\w./-]+?)"
    r"(?:\.git)?/?"
)


def ask(folder: Path, *arguments: str) -> str:
    """Ask git about a repository; nothing when it has no answer."""
    try:
        said = git.run(folder, *arguments, seconds=SECONDS)
        return said.decode("utf-8", "replace").strip()
    except Refusal:
        return ""


def find_base(folder: Path, commit: str) -> str:
    """Give the address under which a forge shows the files of a folder, if it is known.

    Only the name is taken from the remote: what else its address holds, such as a token,
    stays where it is.
    """
    if not commit:
        return ""
    found = REMOTE.fullmatch(ask(folder, "config", "--get", "remote.origin.url"))
    if not found or found["host"].lower() not in FORGES:
        return ""
    host = found["host"].lower()
    base = FORGES[host].format(host=host, name=found["name"], commit=commit)
    return base + quote(ask(folder, "rev-parse", "--show-prefix"))


def link(base: str, path: str, line: int) -> str:
    """Give the address of a line; nothing without a base."""
    if not base.startswith(("https://", "http://")):
        return ""
    # A path that is not UTF-8 has no address that a browser could ask for.
    try:
        address = base + quote(path)
    except UnicodeEncodeError:
        return ""
    return f"{address}#L{line}" if line else address

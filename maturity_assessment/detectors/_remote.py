"""Stores of versions: remotes of DVC, and revisions that are pinned."""

import re
from dataclasses import dataclass

from maturity_assessment.scan.python import UNKNOWN, Call, Name
from maturity_assessment.scan.repository import Repository

LOCAL = re.compile(r"^(file://|/|~|\.|[A-Za-z]:[\\/]|\\\\)|^[\w./-]+$")
MOVING = ("main", "master", "latest", "head", "")


@dataclass(frozen=True)
class Remote:
    """One remote of a DVC project."""

    url: str
    path: str
    line: int

    @property
    def local(self) -> bool:
        """Whether it is a folder of one machine, which nobody else has."""
        return "://" not in self.url.removeprefix("file://") and bool(
            LOCAL.match(self.url)
        )


def read_remotes(repository: Repository) -> list[Remote]:
    """Give the remotes of every DVC configuration."""
    found: list[Remote] = []
    for path in [one for one in repository.files if one.endswith(".dvc/config")]:
        for name, values in repository.ini(path).items():
            if "remote" in name and values.get("url"):
                url = str(values["url"]).strip("\"'")
                lines = repository.lines(path)
                line = next(
                    (n for n, t in enumerate(lines, 1) if "url" in t and url in t), 1
                )
                found.append(Remote(url, path, line))
    return found


def fixed_revision(repository: Repository, call: Call) -> bool:
    """Whether a call that downloads names a version that does not move."""
    given = repository.python.value(call, call.keywords.get("revision", UNKNOWN))
    if isinstance(given, str):
        return given.lower() not in MOVING
    # `from_pretrained` is given an option of the command line, which is mostly left out.
    return isinstance(given, Name) and not call.name.endswith("from_pretrained")

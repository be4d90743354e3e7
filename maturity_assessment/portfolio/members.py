"""The files that a portfolio is read from: a list of repositories, and what systems they form.

A list names a repository a line, as a path and, if wanted, a name after it. A file of
systems says which repositories are one, such as the training and the serving of a model:

    systems:
      flights: [flights-training, flights-service]
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..questionnaire.nodes import Place, read_nodes
from ..refusal import Refusal


@dataclass(frozen=True)
class Member:
    """One repository of the list."""

    name: str
    path: Path


def read_list(path: Path) -> list[Member]:
    """Read the list of repositories. Raises Refusal, which names the line."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: name a UTF-8 text file.") from error
    members: dict[str, Member] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        member = read_member(line.strip(), path.parent)
        where = f"{path}, line {number}: "
        if not member.path.is_dir():
            raise Refusal(
                f"{where}{member.path} is no folder: clone it, or mend the path."
            )
        if member.name in members:
            raise Refusal(
                f"{where}{member.name} is there twice: give it a name after its path."
            )
        members[member.name] = member
    if not members:
        raise Refusal(f"{path} names no repository: write a path on each line.")
    return list(members.values())


def read_member(line: str, folder: Path) -> Member:
    """Read a line: a path, which may hold spaces, or a path and a name after it."""
    whole = folder / line
    if whole.is_dir() or " " not in line:
        return Member(whole.resolve().name, whole)
    path, _, name = line.rpartition(" ")
    return Member(name, folder / path.strip())


def read_systems(path: Path, names: Iterable[str]) -> dict[str, list[str]]:
    """Read which repositories form a system. Raises Refusal, which names the line."""
    known = list(names)
    top = Place(read_nodes(path), path).entries("the file")
    if list(top) != ["systems"]:
        raise Refusal(f"{path}: expected `systems:` and nothing else at the top.")
    systems = {}
    for name, place in top["systems"].entries("systems").items():
        if name in known:
            raise place.refuse(
                f"{name} is a repository already: name the system otherwise."
            )
        systems[name] = [
            member.known(member.text("a repository"), known, "repository of the list")
            for member in place.items("the repositories of a system")
        ]
    return systems

"""Hooks that a commit or a push runs: pre-commit (or prek) and lefthook."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..repository import Repository

PRE_COMMIT = (".pre-commit-config.yaml", ".pre-commit-config.yml")
LEFTHOOK = ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml")


@dataclass(frozen=True)
class Hook:
    """One hook: its id, the repository it comes from, what it runs where that is said."""

    id: str
    repo: str
    path: str
    line: int
    entry: str = ""
    args: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    @property
    def manual(self) -> bool:
        """Whether it runs only when somebody asks for it."""
        return self.stages == ("manual",)


def read_hooks(repository: "Repository") -> list[Hook]:
    """Read every hook of the repository."""
    found: list[Hook] = []
    for path in repository.find(*PRE_COMMIT):
        found += read_pre_commit(repository, path)
    for path in repository.find(*LEFTHOOK):
        found += read_lefthook(repository, path)
    return found


def read_pre_commit(repository: "Repository", path: str) -> Iterator[Hook]:
    """Read the hooks of a pre-commit configuration."""
    for source in repository.yaml(path).get("repos").each():
        for hook in source.get("hooks").each():
            yield Hook(
                id=hook.get("id").text,
                repo=source.get("repo").text,
                path=path,
                line=hook.line,
                entry=hook.get("entry").text,
                args=tuple(one.text for one in hook.get("args").texts()),
                stages=tuple(one.text for one in hook.get("stages").texts()),
            )


def read_lefthook(repository: "Repository", path: str) -> Iterator[Hook]:
    """Read the commands and jobs of a lefthook configuration."""
    for stage, body in repository.yaml(path).items():
        jobs = [(job.get("name").text, job) for job in body.get("jobs").each()]
        for name, job in body.get("commands").items() + jobs:
            run = job.get("run")
            if run:
                yield Hook(name, "local", path, run.line, run.text, (), (stage,))

"""The workflows of every CI system that a repository has, in one shape."""

import posixpath
from typing import TYPE_CHECKING

from . import azure, circle, cloudbuild, github, gitlab, jenkins, others
from .model import Job, Step, Trigger, Workflow

if TYPE_CHECKING:
    from ..repository import Repository

__all__ = ["CI", "Job", "Step", "Trigger", "Workflow"]

SYSTEMS = (github, gitlab, azure, circle, cloudbuild, jenkins, others)


class CI:
    """The workflows of a repository. What their steps run in the end, `commands` says."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.workflows: list[Workflow] = []
        for system in SYSTEMS:
            try:
                self.workflows += system.read_workflows(repository)
            except RecursionError:
                name = system.__name__.rpartition(".")[2]
                repository.notes.add(
                    "", f"the workflows of {name} nest too deep to be read"
                )
        self._by_path = {one.path: one for one in self.workflows}

    def workflow(self, uses: str) -> Workflow | None:
        """Give the workflow of this repository that a job calls, if it is one of this one."""
        path = posixpath.normpath(uses.partition("@")[0])
        return self._by_path.get(path) if uses.startswith("./") else None

    def action(self, uses: str, inside: str = "") -> tuple[list[Step], dict[str, str]]:
        """Give the steps of a composite action of this repository, and its inputs' defaults."""
        if not uses.startswith("./") and not uses.startswith("../"):
            return [], {}
        folder = posixpath.normpath(uses)
        for name in ("action.yml", "action.yaml"):
            path = self.repository.has(posixpath.join(folder, name).removeprefix("./"))
            if path and path != inside:
                return github.read_action(self.repository.yaml(path), path)
        return [], {}

    def called(self) -> set[str]:
        """Give the paths of the workflows that another one calls."""
        found: set[str] = set()
        for one in self.workflows:
            for job in one.jobs:
                target = self.workflow(job.uses)
                if target is not None:
                    found.add(target.path)
        return found

"""The command that a step ends in, and the whole way to it."""

from dataclasses import dataclass

from ..ci import Job, Step, Trigger, Workflow


@dataclass(frozen=True)
class Place:
    """One stop on the way: a file, a line, what is written there."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Leaf:  # pylint: disable=too-many-instance-attributes
    """A command that runs in the end.

    `tool` is the program without its folder, its prefixes and `python -m`: `pytest` for
    `sudo uv run python -m pytest`. What a workflow `uses` is a leaf too, its tool being the
    name without the version and its arguments `input=value`. `script` is the Python file of
    the repository that it runs, with `function` where a console command names one.
    `places` is the way from where it all starts (a step of a workflow, a target) to the
    command itself, which is the last of them. `reasons` say why it does nothing or fails
    unnoticed; `blocking` is whether its failure stops what called it.
    """

    tool: str
    args: tuple[str, ...]
    places: tuple[Place, ...]
    script: str = ""
    function: str = ""
    cwd: str = ""
    reasons: tuple[str, ...] = ()
    blocking: bool = True
    workflow: Workflow | None = None
    job: Job | None = None
    step: Step | None = None

    @property
    def path(self) -> str:
        """The file in which the command stands."""
        return self.places[-1].path if self.places else ""

    @property
    def line(self) -> int:
        """The line on which it stands."""
        return self.places[-1].line if self.places else 0

    @property
    def text(self) -> str:
        """The command as a line."""
        return " ".join([self.tool, *self.args])

    @property
    def operative(self) -> bool:
        """Whether nothing makes it idle."""
        return not self.reasons

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What starts it: of the job where it has its own, else of the workflow."""
        if self.job is not None and self.job.triggers:
            return self.job.triggers
        return self.workflow.triggers if self.workflow is not None else ()

    def starts_on(self, *kinds: str) -> bool:
        """Whether one of the kinds of trigger starts it."""
        return any(trigger.kind in kinds for trigger in self.triggers)

    def runs(self, *tools: str) -> bool:
        """Whether it runs one of the programs: `pytest`, or with its first words `dvc repro`."""
        for wanted in tools:
            words = wanted.split()
            bare = [word for word in self.args if not word.startswith("-")]
            if self.tool == words[0] and bare[: len(words) - 1] == words[1:]:
                return True
        return False

    @property
    def way(self) -> str:
        """The way to it, as a reader is told: `ci.yml:12 -> Makefile:7 -> pytest -q`."""
        stops = [str(place) for place in self.places if place.path]
        return " -> ".join([*dict.fromkeys(stops), self.text])

"""The commands that workflows, task runners, hooks, pipelines and images end in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from ..ci import Job, Step, Workflow
from ..limits import VARIANTS
from . import containers, envs, justfile, makefile, pipelines, tasks
from .dispatch import find_dispatched
from .leaves import Leaf, Place
from .resolve import Resolver, Way
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

__all__ = ["Commands", "Leaf", "Place"]

# Inputs of actions that hold shell text; `script` of github-script holds JavaScript.
SHELL_INPUTS = (
    "script",
    "run",
    "command",
    "commands",
    "cmd",
    "inlineScript",
    "inline-script",
)
NOT_SHELL = ("actions/github-script",)
DEPTH = 6
GROWN = 20_000  # characters: a text that is filled in grows no further


class Commands:
    """What runs in the end: `ci` in workflows, `tasks` by hand, in hooks, images and pipelines."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self.resolver = Resolver(repository)

    # Workflows

    @cached_property
    def ci(self) -> list[Leaf]:
        """Every command that a workflow of any CI system ends in."""
        called = self.repository.ci.called()
        found: list[Leaf] = []
        for workflow in self.repository.ci.workflows:
            if not (workflow.only_called and workflow.path in called):
                found += self._workflow(workflow)
        subdir = self.repository.subdir
        return [leaf for leaf in found if not subdir or concerns(leaf, subdir)]

    def _workflow(self, workflow: Workflow) -> Iterator[Leaf]:
        lonely = ("nothing calls this workflow",) if workflow.only_called else ()
        for job in workflow.jobs:
            for leaf in self._job(job, workflow.inputs, Way(reasons=lonely), DEPTH):
                yield replace(leaf, workflow=workflow, job=leaf.job or job)

    def _job(
        self, job: Job, inputs: Mapping[str, str], way: Way, depth: int
    ) -> Iterator[Leaf]:
        """Give the commands of a job, and those of a workflow that it calls."""
        if not self.repository.steps.spend():
            return
        target = self.repository.ci.workflow(job.uses)
        way = replace(way, reasons=way.reasons + job.reasons)
        if target is not None and depth:
            stop = replace(
                way, places=way.places + (Place(job.path, job.line, job.uses),)
            )
            for inner in target.jobs:
                filled = {**target.inputs, **fill(job.inputs, inputs)}
                for leaf in self._job(inner, filled, stop, depth - 1):
                    yield replace(leaf, job=replace(leaf.job or inner, triggers=()))
        elif job.uses:
            yield used(job.uses, job.inputs, way, Place(job.path, job.line, job.uses))
        for step in job.steps:
            if not self.repository.steps.spend():
                return
            for variant in job.matrix[:VARIANTS] or ({},):
                for leaf in self._step(step, {**inputs, **variant}, way, depth):
                    yield replace(leaf, job=job, step=leaf.step or step)
                if not uses_matrix(step, variant):
                    break

    def _step(
        self, step: Step, variables: Mapping[str, str], way: Way, depth: int
    ) -> Iterator[Leaf]:
        """Give the commands of a step: its shell text, its action, the action's shell inputs."""
        way = replace(way, reasons=tuple(dict.fromkeys(way.reasons + step.reasons)))
        known = {**variables, **fill(step.env, variables)}
        cwd = join("", text_of(step.cwd, known))
        if step.run:
            script = Script(step.run, step.path, step.run_line, cwd, step.strict, known)
            yield from self.resolver.leaves(script, way)
        if not step.uses:
            return
        yield from self._action(step, known, way, depth)
        for text in shell_inputs(step.uses.partition("@")[0], step.inputs):
            script = Script(text, step.path, step.line, cwd, step.strict, known)
            yield from self.resolver.leaves(script, way)

    def _action(
        self, step: Step, known: Mapping[str, str], way: Way, depth: int
    ) -> Iterator[Leaf]:
        """Give the commands of an action of this repository, or the use of another one."""
        place = Place(step.path, step.line, step.uses)
        inner, defaults = self.repository.ci.action(step.uses, step.path)
        stop = replace(way, places=way.places + (place,))
        for one in inner if depth else []:
            if not self.repository.steps.spend():
                return
            filled = {**defaults, **fill(step.inputs, known)}
            for leaf in self._step(one, filled, stop, depth - 1):
                yield replace(leaf, step=step)
        if not inner:
            yield used(step.uses, fill(step.inputs, known), way, place)

    # What a person or another program starts

    @cached_property
    def tasks(self) -> list[Leaf]:
        """Every command of targets, tables of tasks, hooks, pipelines, images and scripts."""
        found: list[Leaf] = []
        for script in self._starts():
            found += self.resolver.leaves(script)
        return found

    def _starts(self) -> Iterator[Script]:
        repository = self.repository
        for path in repository.find(
            *makefile.NAMES, "*.mk", without=("docs", "example")
        ):
            if path.endswith(".mk"):
                continue
            makes = repository.keep("make", path, makefile.read_makefile)
            folder = path.rpartition("/")[0]
            for name in makes.rules:
                if not name.startswith("."):
                    yield Script(f"make {name}", path, makes.rules[name].line, folder)
        for path in repository.find(*justfile.NAMES):
            recipes = repository.keep("just", path, justfile.read_justfile).recipes
            folder = path.rpartition("/")[0]
            for name, recipe in recipes.items():
                yield Script(f"just {name}", recipe.path, recipe.line, folder)
        yield from self._tables()
        yield from self._environments()
        yield from self._files()

    def _tables(self) -> Iterator[Script]:
        # Several runners share a table, and a task may have several names.
        seen: set[tuple[str, int]] = set()
        for runner in tasks.RUNNERS:
            for file in self.repository.find(runner.file):
                folder = file.rpartition("/")[0]
                for name, (_, path, line) in tasks.read_tasks(
                    self.repository, runner, folder
                ).items():
                    words = " ".join([runner.command, *runner.following, f"'{name}'"])
                    if (path, line) not in seen:
                        yield Script(words, path, line, folder)
                    seen.add((path, line))

    def _environments(self) -> Iterator[Script]:
        for path in self.repository.find(
            "tox.ini", "tox.toml", "pyproject.toml", "setup.cfg"
        ):
            folder = path.rpartition("/")[0]
            if envs.read_tox(self.repository, folder):
                yield Script("tox", path, 1, folder)
        for path in self.repository.find("noxfile.py"):
            yield Script("nox", path, 1, path.rpartition("/")[0])
        if self.repository.hooks:
            yield Script("pre-commit run", self.repository.hooks[0].path, 1)

    def _files(self) -> Iterator[Script]:
        repository = self.repository
        for path in repository.find("dvc.yaml"):
            yield from pipelines.stage_scripts(repository, path, [])
        for path in repository.find("MLproject"):
            yield from pipelines.entry_scripts(repository, path, [])
        for path in repository.find(*containers.DOCKERFILES):
            folder = path.rpartition("/")[0]
            yield from containers.image_scripts(repository, path, folder)
            yield from containers.start_scripts(repository, path, folder)
        known = containers.services(repository, "", [])
        yield from containers.service_scripts(repository, known, list(known))
        for path in repository.find("*.sh", "*.bash", "Procfile"):
            if path.endswith("Procfile"):
                for number, line in enumerate(repository.lines(path), 1):
                    yield Script(line.partition(":")[2], path, number, "")
            else:
                yield Script(repository.read(path), path, 1, "", False)

    @cached_property
    def all(self) -> list[Leaf]:
        """The commands of workflows, then all the others."""
        return [*self.ci, *self.tasks]

    def scripts(self) -> set[tuple[str, str]]:
        """Give the Python files that commands run, each with the function that is called."""
        found = {(leaf.script, leaf.function) for leaf in self.all if leaf.script}
        modules = self.repository.python.modules
        for leaf in self.all:
            found |= self.dispatched(leaf)
        for leaf in self.all:
            for word in leaf.args if leaf.tool != "pytest" else ():
                # `uvicorn app.main:app`, `gunicorn -k x app:app`, `kfp --module pipelines.train`
                if ":" in word or "." in word:
                    for path, name in self.repository.python.named(
                        word.replace(":", ".")
                    ):
                        if path in modules:
                            found.add((path, name))
        return found

    def dispatched(self, leaf: Leaf) -> set[tuple[str, str]]:
        """Give the modules that a package's command imports by the name it is given.

        `python -m package train` is `package/train.py` where `__main__` imports by name.
        """
        paths = find_dispatched(self.repository, leaf.script, leaf.args)
        return {(path, function) for path in paths for function in ("", "main")}


def concerns(leaf: Leaf, subdir: str) -> bool:
    """Whether a command has to do with a folder of the repository."""
    inside = f"{subdir}/"
    paths = [leaf.script, leaf.cwd + "/", leaf.path]
    return any(path.startswith(inside) for path in paths) or any(
        subdir in word for word in leaf.args
    )


def text_of(text: str, variables: Mapping[str, str]) -> str:
    """Put the known values into `${{ .. }}` of a text."""
    for name, value in variables.items() if "${{" in text else ():
        for kind in ("inputs", "matrix", "env"):
            used = "${{ " + f"{kind}.{name}" + " }}"
            if used in text and len(text) < GROWN:
                text = text.replace(used, value[:GROWN])
    return text


def fill(texts: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Put the known values into each text of a mapping."""
    return {name: text_of(text, variables) for name, text in texts.items()}


def used(name: str, inputs: Mapping[str, str], way: Way, place: Place) -> Leaf:
    """Make a leaf of what a workflow uses: an action, a task, a workflow from elsewhere."""
    args = tuple(f"{key}={value}" for key, value in inputs.items())
    tool = name.partition("@")[0]
    return Leaf(
        tool, args, way.places + (place,), reasons=way.reasons, blocking=way.blocking
    )


def shell_inputs(name: str, inputs: Mapping[str, str]) -> Iterable[str]:
    """Give the inputs of an action that a shell runs."""
    if name in NOT_SHELL or "/" not in name:
        return []
    if name.startswith("pre-commit/action") or "/prek-action" in name:
        return ["pre-commit run"]
    return [inputs[key] for key in SHELL_INPUTS if inputs.get(key)]


def uses_matrix(step: Step, variant: Mapping[str, str]) -> bool:
    """Whether a step differs from one combination of the matrix to another."""
    text = " ".join([step.run, step.cwd, *step.inputs.values(), *step.env.values()])
    return any(f"matrix.{name}" in text for name in variant)

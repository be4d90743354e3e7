"""The scan: read a repository without running any of it, and let the detectors look.

`scan(path, subdir="")` gives a `Scan` (see `maturity_assessment.evidence`): one `Finding` for
each capability that has a detector, and notes on what was not read.

Writing a detector
------------------
A detector is a module or a package `maturity_assessment/detectors/<capability>` with a
docstring (what it looks for), `ADVICE`, `PRONE` and `detect(repository) -> Finding`. It asks the
`Repository` (in `scan/repository.py`) and hands what it finds to `conclude(..)` of
`detectors/_findings.py`, which also makes evidence: `cite_call`, `cite_leaf`, and
`repository.cite(path, line, kind, strength, *reasons)` for anything else. Evidence with a
reason is idle; weak evidence makes a capability partial at most. No method raises on content.
What a function works out of a whole repository it keeps with `once` (`scan/once.py`).

Files
    repository.find("*.yml", "conf/*.toml", without=("test",))   paths; a pattern without a
        slash is a name in any folder, upper and lower case are the same; `shared=True` looks
        outside `subdir` too; vendored files never appear
    repository.top("LICEN[CS]E*")   only at the top of the assessed folder or the repository
    repository.has("readme.md")     the path as it is spelt, or ""
    repository.read(path), .lines(path), .head(path, bytes)
    repository.files[path].classes  test, docs, example, notebook, vendored, generated
    repository.yaml(path), .yaml_documents(path)   `Value`: get("a", "b"), any("a", "b"), items(),
        each(), texts(), text, line, is_true, walk(); a missing key is an empty, false Value
    repository.toml(path), .ini(path), .json(path)   plain values (`config.tables.dig`, `line_of`)
    repository.dockerfile(path)     instructions: name, value, line, stage, shell
    repository.blocks               Terraform blocks: kind, type, labels, body, path, line
    repository.manifests            Kubernetes: kind, api, name, body, path, line
    repository.hooks                pre-commit and lefthook: id, repo, entry, args, manual
    repository.requirements         libraries: name, bound, exact, group, path, line

Python (`repository.python`)
    .calls("mlflow.log_*", "*.MlflowClient.*", without=("test",))   `Call`: name, args, keywords,
        path, line, function; aliases, instances (`client = MlflowClient()`), `self.x`,
        annotations and what the repository's own functions return are resolved in the name
    call.argument(0, "key"), call.texts(..); python.value(call, x) follows variables and
        constants; values are constants, lists, dicts, `Name`, `Called` or `UNKNOWN`
    .imports("wandb*"), .definitions("*train*", kind="function"), .modules[path]: definitions,
        references, assigned, asserts, raises, imports, notebook, broken, has_main
    .operational(path, function)    something other than a test or a notebook reaches it
    .reached(path, function)        script, console, command, service, dag, config, test, notebook
    .calls_with({"keyword"})        calls to which something is passed under such a name
    .trees.function(definition)     the syntax tree (`ast`) of one function, parsed by itself;
        .text(definition) without its docstring tells first whether that is worth it
    .tree(path)                     that of a whole file, kept while memory allows: dear
    .resolver.definition(dotted, folder), .named(dotted), .line(path, line) of a notebook

CI and commands
    repository.ci.workflows         `Workflow`: system, path, triggers, jobs -> steps
    repository.commands.ci          `Leaf`: every command that a step ends in, however many
        runners lie between: tool, args, script (the Python file), places (the way), reasons
        (why it is idle), blocking, workflow, job, step, triggers; leaf.runs("pytest",
        "dvc repro"), leaf.starts_on("push", "pull_request", "external"), leaf.way; what a step
        `uses` is a leaf too: tool `azure/webapps-deploy`, args `input=value`
    repository.commands.tasks       the same of Makefiles, task tables, tox, hooks, dvc, images
    repository.commands.all         both
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from maturity_assessment.evidence import Finding, Scan, Status

from ..detectors import Detector, read_detectors
from ..scope import END_TO_END, apply_scope, find_scope
from .repository import Repository
from .template import NoTemplate
from .template import rendered as render_template
from .tree.git import read_commit

__all__ = ["RULER", "NoTemplate", "Repository", "scan"]

RULER = "1"


def scan(
    path: str | os.PathLike[str], subdir: str | None = None, *, rendered: bool = False
) -> Scan:
    """Scan a repository, or one folder of it.

    With `rendered` the folder is a cookiecutter template, and what is scanned is the project
    that it makes with its default answers; paths are those of that project.
    Raises NotADirectoryError where there is no such folder, and with `rendered` NoTemplate
    where nothing can be rendered; nothing else in the repository makes it raise.
    """
    root = Path(path)
    if not (root / (subdir or "")).is_dir():
        raise NotADirectoryError(f"There is no folder {root / (subdir or '')}.")
    with collected_later():
        if rendered:
            return examine_rendered(root, root / (subdir or ""))
        return examine(root, subdir or "")


def examine_rendered(root: Path, template: Path) -> Scan:
    """Examine the project that a template makes. Raises NoTemplate."""
    with render_template(template) as (project, notes):
        found = examine(project, "")
    return replace(found, notes=(*notes, *found.notes), commit=read_commit(root))


@contextmanager
def collected_later() -> Iterator[None]:
    """Keep the collector from looking for cycles: what a scan keeps has next to none.

    It would go through millions of live objects again and again, for a fifth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def examine(root: Path, subdir: str) -> Scan:
    """Read a folder, let the detectors look, and let go of what was read."""
    repository = Repository(root, subdir)
    try:
        return assess(repository)
    finally:
        # What was read refers to itself in circles: without this it would stay until the
        # collector has gone through all of it.
        vars(repository).clear()


def assess(repository: Repository) -> Scan:
    """Let every detector look at a repository."""
    detectors, notes = read_detectors()
    scope = judge_scope(repository)
    findings = {
        name: apply_scope(look(detector, repository), scope)
        for name, detector in detectors.items()
    }
    for note in notes:
        repository.notes.add(note.path, note.why)
    return Scan(
        name=(repository.root / repository.subdir).resolve().name,
        scope=scope,
        findings=findings,
        notes=repository.notes.all(),
        files=len(repository.inside),
        commit=repository.commit,
        ruler=RULER,
    )


def judge_scope(repository: Repository) -> str:
    """Say what kind of repository it is; on content that nobody has thought of, the widest."""
    try:
        return find_scope(repository)
    except Exception as error:  # pylint: disable=broad-exception-caught
        repository.notes.add("", f"its kind is not known: {type(error).__name__}")
        return END_TO_END


def look(detector: Detector, repository: Repository) -> Finding:
    """Let one detector look; one that fails says so and leaves the others alone."""
    try:
        return detector.detect(repository)
    except Exception as error:  # pylint: disable=broad-exception-caught
        # Detectors of others run here, and ours on content that nobody has thought of.
        said = f"{type(error).__name__}: {error}"
        repository.notes.add("", f"the detector {detector.capability} failed: {said}")
        why = "The detector failed, so nothing is known."
        return Finding(detector.capability, Status.NOT_ASSESSABLE, why)

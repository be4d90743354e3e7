"""From a command to the commands that it runs in the end, however many runners lie between."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..limits import HOPS, LEAVES
from . import containers, envs, justfile, makefile, pipelines, tasks
from .dispatch import find_dispatched
from .leaves import Leaf, Place
from .shell import Command, Script, join, read_commands
from .words import base, unwrap

if TYPE_CHECKING:
    from ..repository import Repository

Expand = Callable[["Repository", list[str], str], list[Script]]
EXPANDERS: dict[str, Expand] = {
    "make": makefile.expand_make,
    "gmake": makefile.expand_make,
    "just": justfile.expand_just,
    "tox": envs.expand_tox,
    "nox": envs.expand_nox,
    "hatch": envs.expand_hatch,
    "invoke": envs.expand_invoke,
    "inv": envs.expand_invoke,
    "fab": envs.expand_invoke,
    "docker": containers.expand_docker,
    "podman": containers.expand_docker,
    "docker-compose": containers.expand_docker,
    "dvc": pipelines.expand_dvc,
    "mlflow": pipelines.expand_mlflow,
}
SHELLS = ("bash", "sh", "zsh", "dash", "ksh", "busybox")
SOURCES = ("source", ".")
PYTHON = re.compile(r"^(python|pypy)(\d+(\.\d+)?)?(w)?$|^py$|^ipython$")
# Commands that say, look or wait, and do nothing to the project.
IDLE = frozenset(
    "echo printf cd pushd popd export set unset true false : exit return sleep wait read"
    " test [ [[ shift local".split()
)


@dataclass(frozen=True)
class Way:
    """How a command was reached: the stops before it, why it is idle, what was expanded."""

    places: tuple[Place, ...] = ()
    reasons: tuple[str, ...] = ()
    blocking: bool = True
    seen: frozenset[str] = frozenset()

    def beyond(self, command: Command, text: str) -> "Way":
        """Give the way with one more stop."""
        place = Place(command.path, command.line, text)
        return Way(
            self.places + ((place,) if command.path else ()),
            self.reasons
            + tuple(one for one in command.reasons if one not in self.reasons),
            self.blocking and command.blocking,
            self.seen,
        )


class Resolver:
    """Follows commands through every runner in the tree."""

    def __init__(self, repository: "Repository") -> None:
        self.repository = repository
        self._left = LEAVES
        self._known: dict[tuple[str, ...], list[Script]] = {}

    def leaves(self, script: Script, way: Way = Way()) -> list[Leaf]:
        """Give the commands that a script ends in. A way that turns in a circle ends there."""
        self._left = LEAVES
        found: list[Leaf] = []
        try:
            for leaf in self._script(script, way):
                found.append(leaf)
        except RecursionError:
            self.repository.notes.add(script.path, "its commands nest too deep")
        return found

    def _script(self, script: Script, way: Way) -> Iterator[Leaf]:
        if len(way.places) > HOPS or not self.repository.runs.spend():
            return
        way = replace(
            way,
            reasons=way.reasons
            + tuple(r for r in script.reasons if r not in way.reasons),
        )
        script = replace(script, reasons=())
        for command in read_commands(script):
            if self._left <= 0 or not self.repository.runs.spend():
                return
            yield from self._command(command, way)

    def _command(self, command: Command, way: Way) -> Iterator[Leaf]:
        words = unwrap(list(command.words))
        if not words or base(words[0]) in IDLE:
            return
        words[0] = base(words[0]) if "/" not in words[0] else words[0]
        way = way.beyond(command, shlex.join(words)[:200])
        key = f"{command.cwd}|{shlex.join(words)}"
        inner = self._expand(words, command) if key not in way.seen else []
        if not inner:
            yield self._leaf(words, command, way)
            return
        if base(words[0]) in KEPT or PYTHON.match(words[0]):
            yield self._leaf(words, command, way)
        way = replace(way, seen=way.seen | {key})
        for script in inner:
            yield from self._script(
                replace(script, variables={**command.variables, **script.variables}),
                way,
            )

    def _expand(self, words: list[str], command: Command) -> list[Script]:
        """Give the scripts that a command runs, none where it is a leaf."""
        cwd, name = command.cwd, base(words[0])
        if name in SHELLS or words[0] in SOURCES:
            return self._shell(words, command)
        if name in ("eval", "ssh") or name in ("kubectl", "oc") and "exec" in words:
            return elsewhere(words, command)
        if name in ("pre-commit", "prek") and words[1:2] == ["run"]:
            return self._hooks(words[2:])
        if PYTHON.match(name):
            return self._python(words, command)
        if "/" in words[0] or words[0].endswith(".sh"):
            return self._file(words[0], cwd)
        return self._runner(name, words, cwd)

    def _runner(self, name: str, words: list[str], cwd: str) -> list[Script]:
        """Give what a task runner, a container or a cluster is told to run."""
        key = (cwd, *words)
        if key not in self._known:
            plain = [name, *words[1:]]
            expander = EXPANDERS.get(name)
            found = expander(self.repository, plain, cwd) if expander else []
            found = found or tasks.expand_task(self.repository, plain, cwd)
            found = found or pipelines.expand_job(self.repository, words, cwd)
            self._known[key] = found
        return self._known[key]

    def _shell(self, words: list[str], command: Command) -> list[Script]:
        """Give the text of `bash -c text` or of the file of `bash file`."""
        for place, word in enumerate(words[1:], 1):
            if re.match(r"-\w*c$", word) and place + 1 < len(words):
                where = (command.path, command.line, command.cwd)
                return [Script(words[place + 1], *where, "e" in word)]
            if not word.startswith(("-", "+")) and words[place - 1] != "-o":
                return self._file(word, command.cwd, "-e" in words[:place])
        return []

    def _file(self, name: str, cwd: str, strict: bool = False) -> list[Script]:
        """Give the text of a shell script of the tree."""
        path = self.repository.has(join(cwd, name)) or self.repository.has(
            join("", name)
        )
        text = self.repository.read(path) if path else ""
        first = text.split("\n", 1)[0]
        if path.endswith((".py", ".ps1")) or not (
            path.endswith(".sh") or re.match(r"#!.*\b(ba|z|k|da)?sh\b", first)
        ):
            return []
        strict = strict or bool(re.match(r"#!.*sh\s+-\w*e", first))
        # A script runs where it is called, not where it stands.
        return [Script(text, path, 1, cwd, strict)]

    def _hooks(self, words: list[str]) -> list[Script]:
        """Give the hooks of `pre-commit run`: one that is named, or all but those by hand."""
        hooks = self.repository.hooks
        named = [hook for hook in hooks if hook.id in words]
        return [
            Script(
                " ".join([hook.entry or hook.id, *map(shlex.quote, hook.args)]),
                hook.path,
                hook.line,
            )
            for hook in named or [hook for hook in hooks if not hook.manual]
        ]

    def _python(self, words: list[str], command: Command) -> list[Script]:
        """Give the shell commands that a Python script of the tree runs itself."""
        module, rest = python_module(words)
        if module:
            if module in ("pytest", "unittest") or module == words[0]:
                return []
            inner = unwrap([module, *rest])
            if (
                inner[0] != module
                or module in EXPANDERS
                or module in ("pre_commit", "invoke")
            ):
                name = {"pre_commit": "pre-commit"}.get(inner[0], inner[0])
                return [Script(shlex.join([name, *inner[1:]]), "", 0, command.cwd)]
        path = self.script_of(words, command.cwd)
        started = self.repository.keep("starts", path, read_started) if path else []
        return [replace(script, cwd=command.cwd) for script in started]

    def script_of(self, words: list[str], cwd: str) -> str:
        """Give the Python file of the tree that `python ..` runs."""
        module, rest = python_module(words)
        if module:
            return self._module(module, cwd)
        file = next((word for word in rest if word.endswith((".py", ".ipynb"))), "")
        found = self.repository.has(join(cwd, file)) if file else ""
        return found or (self.repository.has(join("", file)) if file else "")

    def _module(self, dotted: str, cwd: str) -> str:
        """Give the file that `python -m dotted` runs."""
        resolver = self.repository.python.resolver
        for name in (f"{dotted}.__main__", dotted):
            path, inside = resolver.split(name, cwd)
            if path and not inside and not path.endswith("/"):
                return path
        return ""

    def _leaf(self, words: list[str], command: Command, way: Way) -> Leaf:
        """Make a leaf of a command."""
        self._left -= 1
        tool, args, script, function = base(words[0]), words[1:], "", ""
        if PYTHON.match(tool):
            script = self.script_of(words, command.cwd)
            module, rest = python_module(words)
            tool, args = (module, rest) if module and not script else ("python", args)
        elif words[0].endswith(".py"):
            tool, script, args = (
                "python",
                self.repository.has(join(command.cwd, words[0])),
                words,
            )
        elif tool in self.repository.python.console_scripts:
            target = self.repository.python.console_scripts[tool]
            name, _, function = target.partition(":")
            script = self._module(name.strip(), self.repository.subdir)
        script, function = self._dispatched(script, function, args)
        return Leaf(
            tool=tool,
            args=tuple(args),
            places=way.places,
            script=script,
            function=function.strip(),
            cwd=command.cwd,
            reasons=way.reasons,
            blocking=way.blocking,
        )

    def _dispatched(
        self, script: str, function: str, args: list[str]
    ) -> tuple[str, str]:
        """Follow `python -m package word`, where the package imports the module of that name."""
        modules = self.repository.python.modules
        for path in find_dispatched(self.repository, script, args):
            if "main" in modules[path].definitions:
                return path, "main"
        return script, function


# Runners that mean something by themselves too.
KEPT = frozenset(
    "dvc mlflow docker podman docker-compose anyscale sky az ray databricks kubectl oc argo"
    " gcloud aws sbatch ssh helm pre-commit prek".split()
)


def elsewhere(words: list[str], command: Command) -> list[Script]:
    """Give the text that `eval`, `ssh host` or `kubectl exec pod --` runs."""
    if words[0] == "eval":
        return [Script(" ".join(words[1:]), command.path, command.line, command.cwd)]
    if "--" in words:
        return [Script(shlex.join(words[words.index("--") + 1 :]), "", 0)]
    text = next((word for word in words[1:] if " " in word), "")
    return [Script(text, command.path, command.line, "", False)] if text else []


def python_module(words: list[str]) -> tuple[str, list[str]]:
    """Give the module and the arguments of `python -m module ..`; no module without -m."""
    place = 1
    while place < len(words):
        word = words[place]
        if word == "-m" and place + 1 < len(words):
            return words[place + 1], words[place + 2 :]
        if word in ("-W", "-X"):
            place += 1
        elif not word.startswith("-"):
            break
        place += 1
    return "", words[place:]


def read_started(repository: "Repository", path: str) -> list[Script]:
    """Give the shell texts that a Python file starts itself."""
    module = repository.python.modules.get(path)
    found: list[Script] = []
    for call in module.calls if module else []:
        text = subprocess_text(call.name, call.args)
        if text:
            unchecked = call.name.endswith(
                ("subprocess.run", "subprocess.call", "os.system")
            )
            checked = call.keywords.get("check") is True or not unchecked
            found.append(Script(text, path, call.line, "", checked))
    return found


def subprocess_text(name: str, args: tuple[object, ...]) -> str:
    """Give the shell text of a call that starts a process; empty for any other call."""
    runs = name.startswith("subprocess.") or name in (
        "os.system",
        "os.popen",
        "invoke.run",
        "sh.bash",
    )
    if not runs or not args:
        return ""
    first = args[0]
    if isinstance(first, list):
        words = [one if isinstance(one, str) else "{}" for one in first]
        words = [
            "python" if place == 0 and one == "{}" else one
            for place, one in enumerate(words)
        ]
        return shlex.join(words)
    return first if isinstance(first, str) else ""

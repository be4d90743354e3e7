"""Task runners that keep their tasks in a table: poe, pdm, npm, mise, hatch, pixi, go-task..."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..config.tables import dig, line_of
from ..config.yamls import Value
from ..limits import TASKS
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

Task = (
    Any  # a text, a list of tasks, or a table with `cmd`, `run`, `depends` and the like
)
RUN_KEYS = (
    "cmd",
    "shell",
    "run",
    "cmds",
    "composite",
    "chain",
    "sequence",
    "command",
    "commands",
    "script",
    "call",
    "help_cmd",
)
NEED_KEYS = ("depends", "deps", "depends-on", "depends_on", "wait_for", "pre")


@dataclass(frozen=True)
class Runner:
    """A task runner: its command, the words before a task's name, where its tasks stand."""

    command: str
    following: tuple[str, ...]
    file: str
    keys: tuple[str, ...]
    prefix: str = ""  # what runs another task that is named alone


RUNNERS = (
    Runner("poe", (), "pyproject.toml", ("tool", "poe", "tasks"), "poe"),
    Runner("poe", (), "poe_tasks.toml", ("tasks",), "poe"),
    Runner("task", (), "pyproject.toml", ("tool", "taskipy", "tasks")),
    Runner("taskipy", (), "pyproject.toml", ("tool", "taskipy", "tasks")),
    Runner("pdm", ("run",), "pyproject.toml", ("tool", "pdm", "scripts"), "pdm run"),
    Runner("pdm", (), "pyproject.toml", ("tool", "pdm", "scripts"), "pdm run"),
    Runner("rye", ("run",), "pyproject.toml", ("tool", "rye", "scripts"), "rye run"),
    Runner("pixi", ("run",), "pyproject.toml", ("tool", "pixi", "tasks"), "pixi run"),
    Runner("pixi", ("run",), "pixi.toml", ("tasks",), "pixi run"),
    Runner("pipenv", ("run",), "Pipfile", ("scripts",)),
    Runner("npm", ("run",), "package.json", ("scripts",), "npm run"),
    Runner("npm", (), "package.json", ("scripts",), "npm run"),
    Runner("yarn", ("run",), "package.json", ("scripts",), "yarn"),
    Runner("yarn", (), "package.json", ("scripts",), "yarn"),
    Runner("pnpm", ("run",), "package.json", ("scripts",), "pnpm"),
    Runner("pnpm", (), "package.json", ("scripts",), "pnpm"),
    Runner("bun", ("run",), "package.json", ("scripts",), "bun run"),
    Runner("mise", ("run",), "mise.toml", ("tasks",), "mise run"),
    Runner("mise", ("r",), "mise.toml", ("tasks",), "mise run"),
    Runner("mise", ("run",), ".mise.toml", ("tasks",), "mise run"),
    Runner("mise", (), "mise.toml", ("tasks",), "mise run"),
    Runner("task", (), "Taskfile.yml", ("tasks",), "task"),
    Runner("task", (), "Taskfile.yaml", ("tasks",), "task"),
)


def read_tasks(
    repository: "Repository", runner: Runner, folder: str
) -> dict[str, tuple[Task, str, int]]:
    """Give the tasks of a runner by name: the task, its file, its line."""
    path = repository.has(join(folder, runner.file))
    if not path:
        return {}
    kind = " ".join(["tasks", *runner.keys])
    return repository.keep(
        kind, path, lambda repository, path: read_named(repository, path, runner.keys)
    )


def read_named(
    repository: "Repository", path: str, keys: tuple[str, ...]
) -> dict[str, tuple[Task, str, int]]:
    """Give the tasks of a table by name and by their other names."""
    tasks = dig(read_table(repository, path), *keys)
    text = repository.read(path)
    found: dict[str, tuple[Task, str, int]] = {}
    for name, task in [*tasks.items()][:TASKS] if isinstance(tasks, dict) else []:
        line = line_of(text, keys[-1], str(name))
        found[str(name)] = (task, path, line)
        for alias in aliases(task):
            found.setdefault(alias, (task, path, line))
    return found


def read_table(repository: "Repository", path: str) -> Any:
    """Read TOML, JSON or YAML as plain values."""
    if path.endswith((".toml", "Pipfile")):
        return repository.toml(path)
    return (
        repository.json(path)
        if path.endswith(".json")
        else plain(repository.yaml(path))
    )


def plain(value: Value, depth: int = 8) -> Any:
    """Give a YAML value as plain values, no deeper than tasks nest."""
    if depth <= 0:
        return None
    if value.is_map:
        return {key: plain(one, depth - 1) for key, one in value.items()}
    return (
        [plain(one, depth - 1) for one in value.each()] if value.is_list else value.text
    )


def aliases(task: Task) -> list[str]:
    """Give the other names of a task."""
    named = dig(task, "alias") or dig(task, "aliases") or []
    return (
        [named]
        if isinstance(named, str)
        else [one for one in named if isinstance(one, str)]
    )


def expand_task(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the scripts that a call of a task runner runs, in whichever table the task is."""
    for runner in RUNNERS:
        rest = after(words, runner)
        if rest is None:
            continue
        for folder in dict.fromkeys((cwd, repository.subdir, "")):
            tasks = read_tasks(repository, runner, folder)
            name = next((word for word in rest if not word.startswith("-")), "default")
            if name in tasks:
                extra = rest[rest.index(name) + 1 :] if name in rest else []
                return list(scripts_of(tasks, name, (runner, folder), extra, set()))
    return []


def after(words: list[str], runner: Runner) -> list[str] | None:
    """Give the words after the runner's own, or None where it is another runner."""
    count = 1 + len(runner.following)
    if words[0] != runner.command or tuple(words[1:count]) != runner.following:
        return None
    return words[count:]


Where = tuple[Runner, str]


def scripts_of(
    tasks: dict[str, tuple[Task, str, int]],
    name: str,
    where: Where,
    extra: list[str],
    seen: set[str],
) -> Iterator[Script]:
    """Give the scripts of a task after those of what it depends on, each once."""
    if name in seen or name not in tasks:
        return
    seen.add(name)
    task, path, line = tasks[name]
    runner, folder = where
    for key in NEED_KEYS:
        for need in texts_of(dig(task, key)):
            for other in [one for one in tasks if matches_name(one, need)]:
                yield from scripts_of(tasks, other, where, [], seen)
    inner = join(folder, str(dig(task, "dir") or dig(task, "cwd") or ""))
    for text in commands_of(task, tasks, runner):
        text = f"{text} {shlex.join(extra)}" if extra and "\n" not in text else text
        yield Script(text, path, line, inner, True, {}, reasons_of(task))


def reasons_of(task: Task) -> tuple[str, ...]:
    """Give the reason that a task whose failure is ignored has."""
    ignored = dig(task, "ignore_fail") or dig(task, "ignore_error") in (True, "true")
    return ("its failure is ignored by the task",) if ignored else ()


def matches_name(name: str, need: str) -> bool:
    """Whether a task is the one that another needs; `lint:*` means all of a kind."""
    return bool(re.fullmatch(re.escape(need).replace(r"\*", ".*"), name))


def texts_of(value: Any) -> list[str]:
    """Give the names of the tasks that one depends on."""
    values = value if isinstance(value, list) else [value]
    named = [dig(one, "task") if isinstance(one, dict) else one for one in values]
    return [one for one in named if isinstance(one, str)]


def commands_of(
    task: Task, tasks: dict[str, Any], runner: Runner, depth: int = 4
) -> Iterator[str]:
    """Give the shell texts of a task; a name of another task in a list is a call of it."""
    if isinstance(task, str):
        words = task.split()
        alone = runner.prefix and len(words) == 1 and task in tasks
        yield f"{runner.prefix} {task}" if alone else task
    elif isinstance(task, list) and depth:
        for one in task:
            yield from commands_of(one, tasks, runner, depth - 1)
    elif isinstance(task, dict) and depth:
        yield from table_commands(task, tasks, runner, depth)


def table_commands(
    task: dict[str, Any], tasks: dict[str, Any], runner: Runner, depth: int
) -> Iterator[str]:
    """Give the shell texts of a task that is a table."""
    for key in ("ref", "task"):
        if isinstance(task.get(key), str) and runner.prefix:
            yield f"{runner.prefix} {task[key]}"
    for key in RUN_KEYS:
        value = task.get(key)
        if (
            key in ("script", "call")
            and isinstance(value, str)
            and re.match(r"[\w.]+:\w+", value)
        ):
            yield f"python -m {value.partition(':')[0]}"
        elif value is not None:
            yield from commands_of(value, tasks, runner, depth - 1)

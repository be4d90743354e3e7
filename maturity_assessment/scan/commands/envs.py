"""Runners that make an environment first: tox, nox, hatch."""

import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..config.tables import dig, line_of
from ..python.values import texts_of
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

IGNORED = ("its failure is ignored: the command starts with `-`",)
Environments = dict[str, tuple[list[str], str, int]]  # name -> commands, path, line


def read_tox(repository: "Repository", folder: str) -> Environments:
    """Give the environments of tox: from tox.ini, setup.cfg, tox.toml or pyproject.toml."""
    found: Environments = {}
    for name, start in (("tox.ini", "testenv"), ("setup.cfg", "testenv")):
        path = repository.has(join(folder, name))
        if path:
            found |= tox_sections(repository, path, repository.ini(path), start)
    for name, keys in (("tox.toml", ()), ("pyproject.toml", ("tool", "tox"))):
        path = repository.has(join(folder, name))
        table = dig(repository.toml(path), *keys) if path else None
        if isinstance(table, dict):
            found |= tox_tables(repository, path, table)
    return found


def tox_sections(
    repository: "Repository", path: str, table: dict[str, Any], start: str
) -> Environments:
    """Read the sections of an INI file; what one leaves out is in `testenv`."""
    found: Environments = {}
    common = str(dig(table, start, "commands") or "")
    for section, body in table.items():
        if section == start or section.startswith(f"{start}:"):
            text = body.get("commands") or common
            lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
            lines = [line for one in lines for line in [referred(table, one)] if line]
            line = line_of(repository.read(path), f"[{section}]") or 1
            found[section.partition(":")[2]] = (
                "\n".join(lines).splitlines(),
                path,
                line,
            )
    return found


def referred(table: dict[str, Any], line: str) -> str:
    """Follow `{[section]key}`, and take the condition of a factor off a line."""
    found = re.match(r"\{\[([^\]]+)\](\w+)\}", line)
    if found:
        return str(dig(table, found[1], found[2]) or "").strip()
    return re.sub(r"^[\w,!{}-]+:\s+", "", line)


def tox_tables(
    repository: "Repository", path: str, table: dict[str, Any]
) -> Environments:
    """Read the tables of TOML: the newer layout, or the older one as a text."""
    if isinstance(table.get("legacy_tox_ini"), str):
        from_text: Environments = {}
        parsed = repository.parse_ini(table["legacy_tox_ini"], path)
        for name, (commands, _, _) in tox_sections(
            repository, path, parsed, "testenv"
        ).items():
            from_text[name] = (
                commands,
                path,
                line_of(repository.read(path), "legacy_tox_ini"),
            )
        return from_text
    found: Environments = {}
    environments = {"": table.get("env_run_base"), **(dig(table, "env") or {})}
    for name, body in environments.items():
        commands = dig(body, "commands") or dig(table, "env_run_base", "commands") or []
        texts = [shlex.join(map(str, one)) for one in commands if isinstance(one, list)]
        line = line_of(repository.read(path), "env", str(name) or "env_run_base")
        found[str(name)] = (texts, path, line)
    return found


def expand_tox(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the commands of the environments that a call of tox names, or of all it has."""
    environments = read_tox(repository, cwd) or read_tox(repository, "")
    wanted: list[str] = []
    for place, word in enumerate(words):
        if word == "-e" and place + 1 < len(words):
            wanted += re.split(r"[,\s]+", words[place + 1])
        elif word.startswith("-e") and len(word) > 2:
            wanted += re.split(r"[,\s]+", word[2:].lstrip("="))
    chosen = [name if name in environments else "" for name in wanted] or list(
        environments
    )
    found: list[Script] = []
    for name in dict.fromkeys(chosen):
        commands, path, line = environments.get(name, ([], "", 0))
        for text in commands:
            reasons = IGNORED if text.startswith("-") else ()
            text = re.sub(
                r"\{posargs:?([^{}]*)\}",
                r"\1",
                text.lstrip("- ").replace("{envpython}", "python"),
            )
            found.append(
                Script(
                    re.sub(r"\{(env|toxinidir|tox_root)[^{}]*\}/?", "", text),
                    path,
                    line,
                    cwd,
                    True,
                    {},
                    reasons,
                )
            )
    return found


def expand_nox(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give what the sessions of a noxfile run, those named with -s or all of them."""
    path = repository.has(join(cwd, "noxfile.py")) or repository.has("noxfile.py")
    wanted = {
        re.sub(r"[-(].*", "", name).replace("-", "_")
        for place, word in enumerate(words)
        if word in ("-s", "--session", "--sessions", "-e")
        for name in words[place + 1 :]
        if not name.startswith("-")
    }
    calls = (
        repository.python.modules[path].calls
        if path in repository.python.modules
        else []
    )
    found: list[Script] = []
    for call in calls:
        name = call.name.rpartition(".")[2]
        if name in ("run", "run_always") and (not wanted or call.function in wanted):
            text = shlex.join(texts_of(list(call.args)))
            reasons = ("its failure is ignored: every exit code counts as success",)
            ignored = (
                reasons if isinstance(call.keywords.get("success_codes"), list) else ()
            )
            found.append(Script(text, path, call.line, cwd, True, {}, ignored))
    return found


def expand_hatch(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give the scripts of a hatch environment: `hatch run env:script`."""
    if words[1:2] == ["test"]:
        return [Script("pytest", repository.has(join(cwd, "pyproject.toml")), 0, cwd)]
    rest = [word for word in words[1:] if not word.startswith("-")]
    if rest[:1] != ["run"] or len(rest) < 2:
        return []
    environment, _, name = rest[1].rpartition(":")
    for folder in dict.fromkeys((cwd, "")):
        for file, keys in (
            ("pyproject.toml", ("tool", "hatch", "envs")),
            ("hatch.toml", ("envs",)),
        ):
            path = repository.has(join(folder, file))
            envs = dig(repository.toml(path), *keys) if path else None
            for one in (environment or "default", "default"):
                task = dig(envs, one, "scripts", name)
                if task is not None:
                    line = line_of(repository.read(path), "scripts", name)
                    return [
                        Script(text, path, line, folder) for text in hatch_texts(task)
                    ]
    return [Script(shlex.join(rest[1:]), "", 0, cwd)]


def hatch_texts(task: Any) -> Iterator[str]:
    """Give the lines of a script, without the marks for arguments."""
    for text in texts_of(task):
        yield re.sub(r"\{args:?([^{}]*)\}", r"\1", text)


def expand_invoke(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give what the tasks of invoke or fabric run."""
    wanted = [word.replace("-", "_") for word in words[1:] if not word.startswith("-")]
    found: list[Script] = []
    for path in repository.find("tasks.py", "fabfile.py", "**/tasks/*.py"):
        module = repository.python.modules.get(path)
        for call in module.calls if module else []:
            short = call.function.rpartition(".")[2]
            named = any(
                one.rpartition(".")[2] in (short, short.removesuffix("_task"))
                for one in wanted
            )
            if call.name.rpartition(".")[2] in ("run", "sudo", "local") and named:
                text = next(iter(call.texts()), "")
                warn = call.keywords.get("warn") is True
                reasons = ("its failure is ignored: `warn=True`",) if warn else ()
                found.append(Script(text, path, call.line, cwd, True, {}, reasons))
    return found

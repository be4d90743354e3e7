"""Say where a version comes from and where it went: from the data to its predictions."""

from pathlib import Path
from typing import Any

from .. import findings, history
from ..card.markdown import escape, grid, number
from ..files import REPORTS, hash_file, replace, write_json
from ..history import show_time
from ..table import read_table
from . import inventory
from .registered import Registered, read_manifest

FOLDER = REPORTS / "lineage"
NOT_KNOWN = "*not known*"


def trace(known: Registered) -> dict[str, Any]:
    """Follow a version through every step; a step that left no trace is None."""
    manifest = read_manifest(known)
    about = findings.read_json(known.package / "about.json") or {}
    use = inventory.count_use().get(known.version)
    path = known.package / "manifest.json"
    return {
        "data": {
            "source": known.tags.get("table") or read_table().source,
            "sha256": known.tags.get("data_sha256"),
            "trained_on": about.get("trained_on"),
            "rows": about.get("rows"),
        },
        "run": {
            "id": known.run_id,
            "git_commit": known.tags.get("git_commit"),
            "git_dirty": known.tags.get("git_dirty"),
            "code_sha256": known.tags.get("code_sha256"),
            "settings": about.get("settings") or known.parameters,
            "seed": about.get("seed"),
            "libraries": about.get("libraries"),
        },
        "version": {
            "number": known.version,
            "aliases": known.aliases,
            "registered": known.created,
        },
        "package": manifest
        and {
            "folder": known.package.as_posix(),
            "kind": manifest["kind"],
            "manifest_sha256": hash_file(path),
            "files": manifest["files"],
        },
        "decisions": _mentions(history.read(history.TRAIL), "version", known.version),
        "deployments": _mentions(
            history.read(history.DEPLOYMENTS), "to", known.version
        ),
        "predictions": use
        and {
            "rows": use.rows,
            "labelled": use.labelled,
            "first": use.first,
            "last": use.last,
        },
    }


def _mentions(lines: list[history.Line], name: str, version: str) -> list[history.Line]:
    return [line for line in lines if str(line.get(name)) == version]


def show(found: dict[str, Any]) -> str:
    """Write the lineage for people, a step a section."""
    steps = {
        "Data": _show(found["data"]),
        "Training run": _show(found["run"]),
        "Registered version": _show(found["version"]),
        "Package": _show_package(found["package"]),
        "Decisions": _show_lines(found["decisions"], ("decision", "reason", "by")),
        "Deployments": _show_lines(
            found["deployments"], ("outcome", "target", "why", "who")
        ),
        "Predictions": _show_use(found["predictions"]),
    }
    sections = "\n\n".join(f"## {title}\n\n{text}" for title, text in steps.items())
    return f"# Lineage of version {found['version']['number']}\n\n{sections}\n"


def _show(facts: dict[str, Any]) -> str:
    rows = [
        [name.replace("_", " "), _word(name, value)] for name, value in facts.items()
    ]
    return grid(["", "What"], rows).replace("---:", "---")


def _word(name: str, value: Any) -> str:
    """Write one fact; hashes and ids whole, for they are looked up."""
    if value in (None, "", [], {}, "none"):
        return NOT_KNOWN
    if name == "registered":
        return show_time(value)
    if isinstance(value, dict):
        return escape(", ".join(f"{key} {item}" for key, item in value.items()))
    if isinstance(value, list):
        return escape(
            " to ".join(map(str, value)) if name == "trained_on" else ", ".join(value)
        )
    exact = name.endswith("sha256") or name in ("id", "git_commit", "folder")
    return f"`{value}`" if exact else escape(f"{value:,}" if name == "rows" else value)


def _show_package(package: dict[str, Any] | None) -> str:
    if package is None:
        return "No package lies on this machine; `make package VERSION=n` makes it."
    shown = {name: value for name, value in package.items() if name != "files"}
    files = [[escape(name), f"`{digest}`"] for name, digest in package["files"].items()]
    table = grid(["File", "SHA-256"], files).replace("---:", "---")
    return f"{_show(shown)}\n\n{table}"


def _show_lines(lines: list[history.Line], names: tuple[str, ...]) -> str:
    if not lines:
        return "None."
    rows = [
        [show_time(line["time"]), *(escape(line.get(name) or "–") for name in names)]
        for line in lines
    ]
    header = ["When (UTC)", *(name.capitalize() for name in names)]
    return grid(header, rows).replace("---:", "---")


def _show_use(use: dict[str, Any] | None) -> str:
    if use is None:
        return "None in the event log."
    return (
        f"{number(use['rows'])} rows from {show_time(use['first'])} to "
        f"{show_time(use['last'])} UTC, {number(use['labelled'])} of them with a label. Each "
        "stands in `events/events.db` with its inputs, its answer and this version."
    )


def write(version: str | None = None) -> tuple[list[str], list[Path]]:
    """Write reports/lineage/<version>.*; gives what to say of it, and their paths."""
    from . import registry  # pylint: disable=import-outside-toplevel # it takes seconds

    known = registry.find(version)
    return [f"version {known.version}, run {known.run_id}"], save(
        known, FOLDER / known.version
    )


def save(known: Registered, stem: Path) -> list[Path]:
    """Write a version's lineage as JSON and as text, beside each other."""
    found = trace(known)
    text = show(found)
    paths = [stem.with_name(f"{stem.name}.md"), stem.with_name(f"{stem.name}.json")]
    replace(paths[0], lambda draft: draft.write_text(text, "utf-8"))
    write_json(paths[1], found)
    return paths

"""A folder with a registry, packages and events of its own; the owner's are not touched."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from .. import champion, experiment, package, register, tracking, train
from ..evaluate import score
from ..files import PREPARED, read_yaml, replace
from ..operate import reference
from ..operate.settings import PATH as OPERATIONS
from ..operate.settings import Operations
from ..release.settings import PATH as RELEASE
from ..settings import Settings
from ..table import Table
from .plan import Plan

FOLDER = Path("operations/simulation")
LINKED = ("src", "requirements")
# A simulated day lasts seconds: a shadow that is minutes behind is not late.
PATIENT = {"queue": 1_000_000, "patience": 3_600.0, "nice": 0}


def make(settings: Operations, folder: Path = FOLDER) -> Path:
    """Begin afresh, with a copy of the settings that lets a challenger answer unseen."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree("conf", folder / "conf")
    for name in LINKED:
        if Path(name).exists():
            (folder / name).symlink_to(Path(name).resolve())
    windows = {"retraining": {"windows": settings.simulation.windows}}
    _change(folder / OPERATIONS, windows)
    _change(folder / RELEASE, {"strategy": {"mode": "shadow"}, "shadow": PATIENT})
    return folder


def _change(path: Path, sections: dict[str, dict[str, Any]]) -> None:
    """Replace some settings of a file and keep the others."""
    content = read_yaml(path) if path.is_file() else {}
    for name, values in sections.items():
        content[name] = {**(content.get(name) or {}), **values}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    replace(path, lambda draft: draft.write_text(text, "utf-8"))


def begin(plan: Plan, table: Table, settings: Settings) -> Any:
    """Train and register the first champion in this folder, and package it; gives the model."""
    replace(PREPARED, plan.before.to_parquet)
    client = tracking.connect()
    fitted = train.fit(plan.train, table, settings)
    about = train.describe(plan.train, table, settings)
    run = tracking.Run(**experiment.log(fitted, plan.train, table, about))
    judged = plan.before.drop(plan.train.index)
    found = score(fitted, judged if len(judged) else plan.train, table)
    said = "The first champion of the simulation."
    version = register.create_version(client, run, table, found, said)
    champion.crown(client, version)
    package.make(str(version.version))
    reference.keep(str(version.version), plan.train, table)
    return fitted

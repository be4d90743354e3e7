"""Run the stages of dvc.yaml whose inputs have changed, and only those."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from dvc.exceptions import DvcException, ReproductionError
from dvc.repo import Repo
from dvc.scm import SCMError
from dvc.stage.exceptions import StageCmdFailedError

from . import versions
from .progress import say
from .refusal import Refusal


def open_repo() -> Repo:
    """Open the pipeline; without git it works too, only its history is not kept."""
    try:
        repo = Repo()
        _ = repo.scm
        return repo
    except SCMError:
        return Repo(config={"core": {"no_scm": True}})


def reproduce(force: bool) -> tuple[list[Any], int]:
    """Run what must be run; gives those stages and the number of all of them.

    Results are never taken from an earlier time when the inputs were the same: each
    training is a run of its own in the tracking store, and each passes the gate.
    """
    with open_repo() as repo:
        ran = repo.reproduce(force=force, pull=False, run_cache=False)
        return ran, len(repo.index.stages)


def prepare_environment() -> None:
    """Let the stages run with this Python, and without what was meant for this command."""
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])
    for name in ("DATA", "OUT", "FORCE"):
        os.environ.pop(name, None)
    os.environ["SHELL"] = "/bin/sh"  # the stages must not depend on anybody's shell


def quiet_dvc() -> None:
    """Let DVC name the stage that it starts, for that takes seconds, and its warnings."""
    logging.getLogger("dvc").setLevel(logging.WARNING)
    runner = logging.getLogger("dvc.stage.run")
    runner.setLevel(logging.INFO)
    runner.addFilter(lambda record: record.getMessage().startswith("Running stage"))


def main(_arguments: list[str]) -> None:
    """Bring everything up to date; FORCE=1 runs every stage, changed or not."""
    force = os.environ.get("FORCE", "") not in {"", "0"}
    prepare_environment()
    quiet_dvc()
    versions.note()
    try:
        ran, stages = reproduce(force)
    except ReproductionError as error:
        # A stage that stopped has said why; anything else is DVC's to explain.
        stopped = isinstance(error.__cause__, StageCmdFailedError)
        reason = "see above" if stopped else error.__cause__
        raise Refusal(f"pipeline: {error}, {reason}.") from error
    except DvcException as error:
        raise Refusal(str(error)) from error
    if ran:
        names = ", ".join(stage.name for stage in ran)
        say(f"pipeline: ran {names}, of {stages} stages")
        say("  dvc.lock  names the data and the model by their hashes; commit it")
    else:
        say(f"pipeline: nothing to do, all {stages} stages are as in dvc.lock")

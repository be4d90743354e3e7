"""Release on this machine: two processes, one public port, and a record of each step."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from .. import aliases
from ..progress import say
from ..refusal import Refusal
from . import history, process, state, takeover
from .deployment import Service, read_deployment
from .state import Running, State

NAME = "local"
CHAMPION = "champion"
PACKAGES = Path("packages")
LATE = "found by a later command: who did it was killed, or has set the alias"


def deploy() -> None:
    """Package the champion, try it and let it take over; a failure changes nothing."""
    settings = read_deployment()
    service = settings.service
    with state.lock():
        before = _look(service)
        takeover.refuse_strangers(before, service)
        version = find_champion()
        prepare(version)
        try:
            takeover.try_out(version, settings)
            takeover.switch(version, service)
        except BaseException as error:
            stays = takeover.clean_up(service).live
            _record(before, version, history.FAILED, str(error) or repr(error))
            if isinstance(error, Refusal):
                raise Refusal(_say_failure(version, stays, error)) from error
            raise
        _record(before, version, history.LIVE)
    say(
        f"  version {version} answers on {takeover.find_url(service)}; make stop ends it"
    )


def rehearse() -> str:
    """Do all of a deployment but the switch, beside whatever is deployed; gives the version."""
    settings = read_deployment()
    with state.lock():
        takeover.clean_up(settings.service)
        version = find_champion()
        prepare(version)
        try:
            takeover.try_out(version, settings)
        except Refusal as error:
            raise Refusal(f"Version {version} cannot be deployed: {error}.") from error
        finally:
            takeover.clean_up(settings.service)
    return version


def _look(service: Service) -> Running | None:
    """Give what answers, after what a killed command has left was cleaned up and recorded."""
    live = takeover.clean_up(service).live
    if live is None:
        return None
    known, now = history.list_live(NAME), find_answering(live)
    if known[-1:] != [now]:
        outcome = history.BACK if now in known else history.LIVE
        history.record(NAME, known[-1] if known else None, now, outcome, LATE)
    return live


def _record(before: Running | None, after: str, outcome: str, detail: str = "") -> None:
    history.record(NAME, before.version if before else None, after, outcome, detail)


def _say_failure(version: str, stays: Running | None, error: Refusal) -> str:
    other = f"; version {stays.version} goes on answering" if stays else ""
    return f"Version {version} is not deployed: {error}{other}."


def find_champion() -> str:
    """Give the version to release: the one that the registry's alias names."""
    version = aliases.find(CHAMPION)
    if version is None:
        raise Refusal("There is no champion to deploy yet; run `make pipeline`.")
    return version


def is_packaged(version: str) -> bool:
    """Tell whether a version can be served from packages/."""
    return (PACKAGES / version / "manifest.json").is_file()


def prepare(version: str) -> None:
    """Make the package of a version unless it is there."""
    if not is_packaged(version):
        # Imported here, for it loads mlflow, and what is packaged already need not wait.
        from .. import package  # pylint: disable=import-outside-toplevel

        package.make(version)


def roll_back(goal: str | None) -> str:
    """Let a former version answer again and point the alias at it; gives the version."""
    service = read_deployment().service
    with state.lock():
        live, champion = _look(service), aliases.find(CHAMPION)
        current = find_answering(live) if live else champion
        goal = goal or history.find_previous(NAME, current)
        if goal is None:
            raise Refusal(
                "There is nothing to go back to: no other version was deployed before; "
                "name one that is packaged: make rollback WHY=... TO=1."
            )
        if not is_packaged(goal):
            raise Refusal(
                f"There is no packages/{goal}; make it: make package VERSION={goal}."
            )
        # First, so that the same command, given again after a kill, does the rest.
        aliases.point(CHAMPION, goal)
        try:
            if live is not None:
                _let_answer(goal, live, replace(service, port=live.port))
        except BaseException:
            if champion is not None:
                aliases.point(CHAMPION, champion)
            raise
        history.record(NAME, current, goal, history.BACK)
    return goal


def find_answering(live: Running) -> str:
    """Give the version that answers: the champion, where the service follows the alias."""
    if process.follows(live):
        with suppress(Refusal):  # the registry is away, and nothing changes meanwhile
            return aliases.find(CHAMPION) or live.version
    return live.version


def _let_answer(goal: str, live: Running, service: Service) -> None:
    """Wait until the service that follows the alias has another version, or replace it."""
    if process.follows(live):
        takeover.wait_for(goal, service)
        state.write(State(live=replace(live, version=goal)))
    else:
        takeover.switch(goal, service)


def stop() -> str:
    """End the deployment of this machine and give its version."""
    service = read_deployment().service
    with state.lock():
        live = _look(service)
        if live is None:
            raise Refusal("Nothing is deployed on this machine; `make deploy` does it.")
        version = find_answering(live)
        process.stop(live, service.drain_seconds)
        state.write(State())
    return version

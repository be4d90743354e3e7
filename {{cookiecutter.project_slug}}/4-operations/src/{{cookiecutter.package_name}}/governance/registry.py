"""What the registry knows of a version, and what lies beside it on this machine."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from .. import findings, history, tracking
from ..refusal import Refusal

PACKAGES = Path("packages")


@dataclass(frozen=True)
class Registered:
    """One version: its names, its origin, and what its run measured."""

    version: str
    run_id: str
    created: float
    aliases: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def package(self) -> Path:
        """Where its package lies, if it was made."""
        return PACKAGES / self.version


def list_versions() -> list[Registered]:
    """Give every version, the oldest first."""
    client = tracking.connect()
    names = _list_aliases(client)
    found = client.search_model_versions(f"name = '{tracking.NAME}'")
    ordered = sorted(found, key=lambda version: int(version.version))
    return [_read(client, version, names) for version in ordered]


def _list_aliases(client: MlflowClient) -> dict[str, list[str]]:
    """Give the aliases of each version; a search for versions does not tell them."""
    found: dict[str, list[str]] = {}
    for model in client.search_registered_models(f"name = '{tracking.NAME}'"):
        for alias, version in model.aliases.items():
            found.setdefault(str(version), []).append(alias)
    return found


def _read(
    client: MlflowClient, version: ModelVersion, names: dict[str, list[str]]
) -> Registered:
    """Read a version with its run; a run that was deleted leaves only the version's own."""
    tags, parameters, metrics = dict(version.tags), {}, {}
    try:
        run = client.get_run(version.run_id).data
        kept = {name: value for name, value in run.tags.items() if "." not in name}
        tags, parameters, metrics = kept | tags, dict(run.params), dict(run.metrics)
    except MlflowException:
        pass
    number = str(version.version)
    created = version.creation_timestamp / 1000
    aliases = sorted(names.get(number, []))
    return Registered(
        number, version.run_id, created, aliases, tags, parameters, metrics
    )


def find(version: str | None) -> Registered:
    """Give a version, or the champion when none is named."""
    versions = list_versions()
    if not versions:
        raise Refusal("No model is registered yet; run `make pipeline`.")
    for known in versions:
        if known.version == version or (version is None and "champion" in known.aliases):
            return known
    there = ", ".join(known.version for known in versions)
    raise Refusal(
        f"There is no version {version}; registered are {there}: VERSION=n."
        if version
        else f"No version is the champion; name one of {there}: VERSION=n."
    )


def read_manifest(known: Registered) -> dict[str, Any] | None:
    """Read what a version's package says of itself; None without a package."""
    return findings.read_json(known.package / "manifest.json")


def find_start(known: Registered) -> float | None:
    """Give since when a version answers or did so last, by the records."""
    trail, deployed = history.read(history.TRAIL), history.read(history.DEPLOYMENTS)
    return history.find_start(known.version, trail, deployed)

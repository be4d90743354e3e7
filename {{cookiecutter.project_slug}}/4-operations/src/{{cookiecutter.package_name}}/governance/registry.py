"""Ask the registry which versions there are; importing mlflow takes seconds."""

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from .. import tracking
from ..aliases import CHAMPION
from ..refusal import Refusal
from .registered import Registered


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
    run_id = version.run_id or ""
    try:
        run = client.get_run(run_id).data
        kept = {name: value for name, value in run.tags.items() if "." not in name}
        tags, parameters, metrics = kept | tags, dict(run.params), dict(run.metrics)
    except MlflowException:
        pass
    number = str(version.version)
    created = version.creation_timestamp / 1000
    aliases = sorted(names.get(number, []))
    return Registered(number, run_id, created, aliases, tags, parameters, metrics)


def find(version: str | None) -> Registered:
    """Give a version, or the champion when none is named."""
    versions = list_versions()
    if not versions:
        raise Refusal("No model is registered yet; run `make pipeline`.")
    for known in versions:
        if known.version == version or (version is None and CHAMPION in known.aliases):
            return known
    there = ", ".join(known.version for known in versions)
    raise Refusal(
        f"There is no version {version}; registered are {there}: VERSION=n."
        if version
        else f"No version is the champion; name one of {there}: VERSION=n."
    )

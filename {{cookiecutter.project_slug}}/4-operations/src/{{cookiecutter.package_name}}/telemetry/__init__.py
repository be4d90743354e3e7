"""What the service measures of itself, in the form that Prometheus reads.

Every name starts with `ml_`; docs/4-operations.md says what each is for. Nothing here is
global: a process has one service, one tally and one registry, and listens on one port.
"""

from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from .counts import Counts
from .records import Records
from .serving import Serving, Watched
from .tally import Tally

__all__ = ["CONTENT_TYPE_LATEST", "Tally", "make_registry", "render"]


def make_registry(
    tally: Tally, service: Watched, headline: tuple[str, bool], folder: Path = Path()
) -> CollectorRegistry:
    """Put together what is counted here, the service's state and what commands left.

    A strategy may have metrics of its own. `headline` is the table's; reports/, operations/ and deployments/ are read in `folder`.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Counts(tally))
    registry.register(Serving(service, folder))
    own = getattr(service.strategy, "metrics", None)
    if own:
        registry.register(own)
    serving = partial(_name_champion, service)
    registry.register(Records(folder, tally, headline, serving))
    return registry


def _name_champion(service: Watched) -> str:
    return service.champion.version


def render(registry: CollectorRegistry) -> bytes:
    """Write every metric as text, in CONTENT_TYPE_LATEST."""
    return generate_latest(registry)

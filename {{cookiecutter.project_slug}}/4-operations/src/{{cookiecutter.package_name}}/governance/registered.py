"""A registered version, and what lies beside it on this machine."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import findings, history

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


def read_manifest(known: Registered) -> dict[str, Any] | None:
    """Read what a version's package says of itself; None without a package."""
    return findings.read_json(known.package / "manifest.json")


def find_start(known: Registered) -> float | None:
    """Give since when a version answers or did so last, by the records."""
    trail, deployed = history.read(history.TRAIL), history.read(history.DEPLOYMENTS)
    return history.find_start(known.version, trail, deployed)

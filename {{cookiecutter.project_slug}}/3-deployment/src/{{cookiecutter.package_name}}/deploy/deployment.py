"""The settings of a release, read from conf/deployment.yaml."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..refusal import Refusal
from ..sections import read_sections

PATH = Path("conf/deployment.yaml")


@dataclass(frozen=True)
class Service:
    """Where the service of this machine answers, and its patience in seconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    start_seconds: float = 60.0
    drain_seconds: float = 10.0


@dataclass(frozen=True)
class Load:
    """The load that a candidate must stand: seconds, connections and milliseconds."""

    seconds: float = 3.0
    connections: int = 4
    p99_ms: float = 1000.0


@dataclass(frozen=True)
class Cluster:
    """How long new pods may take to be ready, in seconds, and which overlays get the load."""

    rollout_seconds: float = 300.0
    load: list[str] = field(default_factory=lambda: ["staging"])


@dataclass(frozen=True)
class Deployment:
    """One section for the service, one for its test and one for Kubernetes."""

    service: Service = field(default_factory=Service)
    load: Load = field(default_factory=Load)
    cluster: Cluster = field(default_factory=Cluster)


SECTIONS: dict[str, type] = {"service": Service, "load": Load, "cluster": Cluster}


def read_deployment(path: Path = PATH) -> Deployment:
    """Read the settings; PORT in the environment has the last word on the port."""
    found = Deployment(**read_sections(path, SECTIONS))
    port = os.environ.get("PORT") or str(found.service.port)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Refusal(f"PORT is {port!r}; choose a number such as 8001.")
    return replace(found, service=replace(found.service, port=int(port)))

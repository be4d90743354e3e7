"""How a capability is brought: the command for a project of ours, the files for any other."""

import json
from dataclasses import dataclass
from pathlib import Path

from ..capabilities import Capability, read_model
from ..regular import read_regular

ANSWERS = ".cookiecutter.json"
LARGEST = 100_000  # bytes


@dataclass(frozen=True)
class Origin:
    """What a generated project keeps of the template's answers, and where it is."""

    project: str
    level: int
    package: str
    cloud: str = "none"


def read_origin(project: Path) -> Origin | None:
    """Tell where a project that our template generated stands; None for any other."""
    try:
        kept = json.loads(read_regular(project / ANSWERS, LARGEST).decode("utf-8"))
        level, package = int(kept["maturity_level"]), str(kept["package_name"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return Origin(str(project), level, package, str(kept.get("cloud", "none")))


def prescribe(
    capability: Capability, origin: Origin | None
) -> tuple[str, tuple[str, ...]]:
    """Give the command that brings a capability, and the files it consists of."""
    if not capability.files:
        return capability.outside, ()
    package = origin.package if origin else "<package>"
    files = tuple(capability.deliver(package))
    choice = capability.choice if origin and origin.cloud == "none" else ""
    if origin and (origin.level < capability.level or choice):
        level = max(origin.level, capability.level)
        words = f"make upgrade PROJECT={origin.project} LEVEL={level} {choice}"
        return words.strip(), files
    if origin:
        return "bring back these files, which the project was generated with", files
    layer = name_layer(capability.level)
    return f"take these files from layer {layer} of the template", files


def name_layer(level: int) -> str:
    """Give the name of the template's folder for a level."""
    names = {entry["level"]: entry["name"] for entry in read_model()["levels"]}
    return f"{level}-{names[level].lower()}"

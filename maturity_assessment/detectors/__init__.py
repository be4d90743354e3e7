"""The detectors: one module for each capability, and how they are found.

A module of this package is a detector if it has a function `detect(repository) -> Finding`;
its name is the capability's. Its docstring says what it looks for, `ADVICE` what to do when
that is missing, and `PRONE` how easily it misses what is there. Another distribution adds its
own through the entry point group `mlops_maturity.detectors`: the entry's name is the
capability, its value the module. Where both know a capability, the other distribution's wins.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import ModuleType
from typing import TYPE_CHECKING

from maturity_assessment.evidence import Finding, Note

if TYPE_CHECKING:
    from maturity_assessment.scan.repository import Repository

GROUP = "mlops_maturity.detectors"


@dataclass(frozen=True)
class Detector:
    """What finds one capability, and what it says of itself."""

    capability: str
    looks_for: str
    advice: str
    prone: str
    detect: "Callable[[Repository], Finding]"


def make_detector(capability: str, module: ModuleType) -> Detector:
    """Make a detector of a module. Raises AttributeError where the module is none."""
    looks_for = inspect.getdoc(module) or ""
    advice, prone = getattr(module, "ADVICE", ""), getattr(module, "PRONE", "")
    return Detector(capability, looks_for, advice, prone, module.detect)


def read_own() -> dict[str, Detector]:
    """Read the modules of this package."""
    names = [
        one.name
        for one in pkgutil.iter_modules(__path__)
        if not one.name.startswith("_")
    ]
    return {
        name: make_detector(name, importlib.import_module(f"{__name__}.{name}"))
        for name in names
    }


def read_detectors() -> tuple[dict[str, Detector], list[Note]]:
    """Give every detector by capability, and a note for each that could not be loaded."""
    found, notes = read_own(), []
    for entry in entry_points(group=GROUP):
        try:
            found[entry.name] = make_detector(entry.name, entry.load())
        except Exception as error:  # pylint: disable=broad-exception-caught
            # Other people's code is imported here: the scan goes on without it.
            notes.append(
                Note("", f"the detector {entry.name} could not be loaded: {error}")
            )
    return found, notes

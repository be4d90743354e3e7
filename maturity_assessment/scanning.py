"""The one place that calls the scanner, which is loaded only when something is scanned."""

# pylint: disable=import-outside-toplevel # parsers take a moment to load, help does not need them

from dataclasses import dataclass
from pathlib import Path

from .evidence import Scan
from .refusal import Refusal


@dataclass(frozen=True)
class About:
    """What a detector says of itself: what it looks for, what to do, how easily it misses."""

    looks_for: str = ""
    advice: str = ""
    prone: str = ""


def scan_folder(path: Path, subdir: str | None = None, rendered: bool = False) -> Scan:
    """Scan a repository or one folder of it. Raises Refusal where there is none.

    `rendered` is for a cookiecutter template: the project that it makes is scanned.
    """
    from .scan import NoTemplate, scan

    try:
        return scan(path, subdir, rendered=rendered)
    except NotADirectoryError as error:
        raise Refusal(f"{error} Name the folder of a repository.") from error
    except NoTemplate as error:
        raise Refusal(f"{error} Scan it without --rendered.") from error


def read_about() -> dict[str, About]:
    """Give what each detector says of itself, by capability."""
    from .detectors import read_detectors

    detectors, _ = read_detectors()
    return {
        name: About(one.looks_for, one.advice, one.prone)
        for name, one in detectors.items()
    }

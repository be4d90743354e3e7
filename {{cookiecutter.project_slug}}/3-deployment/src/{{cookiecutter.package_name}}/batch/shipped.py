"""Find the package of the model that reigns."""

from pathlib import Path

from .. import aliases
from ..files import read_json
from ..refusal import Refusal

PACKAGES = Path("packages")


def find() -> Path:
    """Give the champion's package; without a registry, the one that champion.json names."""
    version = aliases.find(aliases.CHAMPION)
    if version is None:
        named = PACKAGES / "champion.json"
        version = read_json(named, "run `make package`")["version"]
    folder = PACKAGES / str(version)
    if not folder.is_dir():
        raise Refusal(f"There is no {folder} for the champion yet; run `make package`.")
    return folder

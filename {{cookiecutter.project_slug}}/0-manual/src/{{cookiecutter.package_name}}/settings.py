"""The settings of a training run, read from conf/settings.yaml."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .files import read_yaml
from .refusal import Refusal

PATH = Path("conf/settings.yaml")


@dataclass(frozen=True)
class Settings:
    """A seed and the model's parameters, by the names that scikit-learn gives them."""

    seed: int
    model: dict[str, Any] = field(default_factory=dict)


def read_settings(path: Path = PATH) -> Settings:
    """Read the settings; a name that is not known is refused, for it is a typing error."""
    content = read_yaml(path)
    known = {item.name for item in fields(Settings)}
    unknown = sorted(map(str, set(content) - known))
    if unknown:
        raise Refusal(
            f"{path} has no setting {', '.join(unknown)}; known are {', '.join(sorted(known))}."
        )
    seed = content.get("seed")
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < 2**32:
        raise Refusal(f"`seed` in {path} must be a whole number from 0 to 4294967295.")
    if not isinstance(content.get("model") or {}, dict):
        raise Refusal(f"`model` in {path} must hold parameters as `name: value`.")
    return Settings(seed=seed, model=content.get("model") or {})

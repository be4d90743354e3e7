"""How a challenger is tried and judged, read from conf/release.yaml."""

from dataclasses import dataclass, field
from pathlib import Path

from ..refusal import Refusal
from ..sections import read_sections

PATH = Path("conf/release.yaml")
MODES = ("champion", "shadow", "canary", "ab")


@dataclass(frozen=True)
class Strategy:
    """Who answers: `share` is in percent of the keys, `challenger` an alias.

    Another `salt` deals the keys out anew.
    """

    mode: str = "champion"
    challenger: str = "challenger"
    share: float = 5.0
    salt: str = "1"


@dataclass(frozen=True)
class Shadow:
    """How far a challenger in a process of its own may fall behind: seconds and rows."""

    patience: float = 5.0
    queue: int = 2_000
    nice: int = 10


@dataclass(frozen=True)
class Canary:
    """When a challenger that should answer callers does not, and when it is asked no more."""

    deadline_ms: float = 200.0
    misses: int = 20


@dataclass(frozen=True)
class Comparison:
    """When a challenger counts as not worse, on the same rows as the champion.

    `margin` is a share of the champion's headline metric.
    """

    margin: float = 0.01
    alpha: float = 0.05
    rows: int = 200
    resamples: int = 2_000
    seed: int = 0


@dataclass(frozen=True)
class Trial:
    """An A/B test planned before it begins: `baseline` and `effect` are shares of requests.

    A number counts as right when it is as `near`, in the target's unit; 0 is not said.
    """

    baseline: float = 0.8
    effect: float = 0.01
    alpha: float = 0.05
    power: float = 0.8
    looks: int = 5
    near: float = 0.0


@dataclass(frozen=True)
class Settings:
    """One section for each part of a release."""

    strategy: Strategy = field(default_factory=Strategy)
    shadow: Shadow = field(default_factory=Shadow)
    canary: Canary = field(default_factory=Canary)
    comparison: Comparison = field(default_factory=Comparison)
    ab: Trial = field(default_factory=Trial)


SECTIONS: dict[str, type] = {
    "strategy": Strategy,
    "shadow": Shadow,
    "canary": Canary,
    "comparison": Comparison,
    "ab": Trial,
}


def read_release(path: Path = PATH) -> Settings:
    """Read the settings; what cannot work is refused before anything is served."""
    settings = Settings(**read_sections(path, SECTIONS))
    if settings.strategy.mode not in MODES:
        raise Refusal(
            f"`strategy.mode` in {path} is {settings.strategy.mode!r}; "
            f"choose one of {', '.join(MODES)}."
        )
    for name, (value, low, high) in _list_limits(settings).items():
        if not low <= value <= high:  # NaN is in no range
            raise Refusal(
                f"`{name}` in {path} is {value}; choose from {low:g} to {high:g}."
            )
    return settings


def _list_limits(settings: Settings) -> dict[str, tuple[float, float, float]]:
    """Name each number with the least and the most that makes sense."""
    shadow, judge, trial = settings.shadow, settings.comparison, settings.ab
    return {
        "strategy.share": (settings.strategy.share, 0, 100),
        "shadow.patience": (shadow.patience, 0.01, 3600),
        "shadow.queue": (shadow.queue, 1, 1_000_000),
        "shadow.nice": (shadow.nice, 0, 19),
        "canary.deadline_ms": (settings.canary.deadline_ms, 1, 60_000),
        "canary.misses": (settings.canary.misses, 1, 1_000_000),
        "comparison.margin": (judge.margin, 0, 1e9),
        "comparison.alpha": (judge.alpha, 1e-6, 0.5),
        "comparison.rows": (judge.rows, 10, 1e9),
        "comparison.resamples": (judge.resamples, 100, 1_000_000),
        "comparison.seed": (judge.seed, 0, 2**32 - 1),
        "ab.baseline": (trial.baseline, 0.0001, 0.9999),
        "ab.effect": (trial.effect, 0.00001, 0.9999 - trial.baseline),
        "ab.alpha": (trial.alpha, 1e-6, 0.5),
        "ab.power": (trial.power, 0.5, 0.999),
        "ab.looks": (trial.looks, 1, 50),
        "ab.near": (trial.near, 0, 1e300),
    }

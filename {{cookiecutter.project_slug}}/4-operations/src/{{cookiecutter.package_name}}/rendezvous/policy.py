"""Who sees a request and whose answer is taken until when, read from conf/rendezvous.yaml."""

from collections.abc import Iterator
from dataclasses import field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import to_json

from ..files import read_yaml
from ..refusal import Refusal
from ..release.buckets import is_chosen
from ..release.settings import Shadow

PATH = Path("conf/rendezvous.yaml")
CHAMPION = "champion"
# Numbers are no texts and texts no numbers, and what is not known is a typing error.
CONFIG = ConfigDict(extra="forbid", strict=True)
Name = Annotated[str, Field(pattern=r"^[A-Za-z][\w-]{0,63}$")]


@dataclass(frozen=True, config=CONFIG)
class Model:
    """Which version it is, by the registry's alias or by its number.

    `share` is the percent of the keys that it may answer.
    """

    alias: str | None = None
    version: str | None = None
    share: Annotated[float, Field(ge=0, le=100)] = 100.0


@dataclass(frozen=True, config=CONFIG)
class Step:
    """Until when (ms since the request came) whose answer is taken, the preferred first."""

    until: Annotated[float, Field(ge=0, le=60_000)]
    accept: Annotated[list[str], Field(min_length=1)]


@dataclass(frozen=True, config=CONFIG)
class Process:
    """How far a model may fall behind: seconds, rows, and how far it stands back."""

    patience: Annotated[float, Field(ge=0.01, le=3600)] = Shadow.patience
    queue: Annotated[int, Field(ge=1, le=1_000_000)] = Shadow.queue
    nice: Annotated[int, Field(ge=0, le=19)] = Shadow.nice


@dataclass(frozen=True, config=CONFIG)
class Decoy:
    """How much of the inputs is kept."""

    megabytes: Annotated[float, Field(gt=0)] = 64.0
    files: Annotated[int, Field(ge=1)] = 10


@dataclass(frozen=True, config=CONFIG)
class Policy:
    """What conf/rendezvous.yaml says."""

    champion: Literal["inline", "remote"] = "inline"
    models: dict[Name, Model] = field(default_factory=dict)
    canary: str | None = None
    schedule: list[Step] = field(default_factory=list)
    process: Process = field(default_factory=Process)
    decoy: Decoy = field(default_factory=Decoy)
    salt: str = "1"

    @property
    def remote(self) -> dict[str, Model]:
        """The models that have a process of their own."""
        own = {CHAMPION: Model(alias=CHAMPION)} if self.champion == "remote" else {}
        return own | self.models

    def plan(self, key: str) -> list[tuple[float, list[str]]]:
        """Give the schedule of a request: seconds, and who may answer this key until then."""
        steps = [
            (step.until / 1000, [n for n in step.accept if self._may(n, key)])
            for step in self.schedule
        ]
        return [step for step in steps if step[1]]

    def _may(self, name: str, key: str) -> bool:
        share = self.models[name].share if name in self.models else 100.0
        return share >= 100 or is_chosen(self.salt, key, share)


READ = TypeAdapter(Policy)


def read_policy(path: Path = PATH) -> Policy:
    """Read the policy; what cannot work is refused in one sentence."""
    try:
        # As JSON, which strictly read has no objects but these.
        policy = READ.validate_json(to_json(read_yaml(path)))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Refusal(f"`{place}` in {path}: {first['msg'].rstrip('.')}.") from error
    for fault in _list_faults(policy):
        raise Refusal(f"{path}: {fault}.")
    return policy


def _list_faults(policy: Policy) -> Iterator[str]:
    """Say what does not fit together."""
    ends = [step.until for step in policy.schedule]
    asked = {name for step in policy.schedule for name in step.accept}
    if CHAMPION in policy.models:
        yield "`models.champion` is not needed; say `champion: remote`"
    for name in sorted(asked - {CHAMPION, *policy.models}):
        yield f"`schedule` accepts {name}, which is not among the models"
    if ends != sorted(set(ends)):
        yield "in `schedule` each `until` must be later than the one before"
    if policy.canary is not None and policy.canary not in policy.models:
        yield f"`canary` names {policy.canary}, which is not among the models"
    if policy.canary in asked:
        yield f"`schedule` accepts {policy.canary}, and a canary never answers"
    for name, model in policy.models.items():
        if (model.alias is None) == (model.version is None):
            yield f"`models.{name}` needs either an `alias` or a `version`"

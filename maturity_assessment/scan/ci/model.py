"""One shape for the workflows of every CI system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..config.yamls import Value
from ..limits import VARIABLES, WORDS

NEVER = re.compile(
    r"^\s*(\$\{\{)?\s*(false|0|'false'|\"false\"|never)\s*(\}\})?\s*$", re.I
)
NEVER_IN_ALL = re.compile(
    r"^\s*(\$\{\{)?\s*(false\s*&&.*|.*&&\s*false)\s*(\}\})?\s*$", re.I
)


@dataclass(frozen=True)
class Trigger:
    """What starts a workflow.

    Kinds: push, pull_request, tag, release, schedule, manual, workflow_run (another workflow
    ended), event (something outside told it), call (another workflow calls it), external
    (the file does not say; it is set up in the CI system). `detail` is a schedule, a branch
    pattern or the name of the other workflow.
    """

    kind: str
    detail: str = ""
    line: int = 0


@dataclass(frozen=True)
class Step:  # pylint: disable=too-many-instance-attributes
    """One step: shell text that it runs, or what it uses and with which inputs.

    `reasons` say why it does nothing or can fail unnoticed, those of its job included.
    `strict` is whether the shell stops at the first command that fails.
    """

    name: str
    path: str
    line: int
    run: str = ""
    run_line: int = 0
    uses: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    reasons: tuple[str, ...] = ()
    strict: bool = True
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:  # pylint: disable=too-many-instance-attributes
    """One job of a workflow. `uses` is a workflow that it calls instead of having steps.

    `triggers` are its own where it has other ones than the workflow. `approval` is whether
    a person must allow it (a manual job, an environment may ask too).
    """

    id: str
    path: str
    line: int
    steps: tuple[Step, ...] = ()
    uses: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    condition: str = ""
    reasons: tuple[str, ...] = ()
    environment: str = ""
    needs: tuple[str, ...] = ()
    matrix: tuple[Mapping[str, str], ...] = ()
    triggers: tuple[Trigger, ...] = ()
    approval: bool = False


@dataclass(frozen=True)
class Workflow:
    """One workflow of one CI system: github, gitlab, azure, circleci, cloudbuild, jenkins..."""

    system: str
    path: str
    name: str
    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)  # with their defaults

    def starts_on(self, *kinds: str) -> bool:
        """Whether one of the kinds of trigger starts it."""
        return any(trigger.kind in kinds for trigger in self.triggers)

    @property
    def only_called(self) -> bool:
        """Whether it runs only when another workflow calls it."""
        return bool(self.triggers) and all(one.kind == "call" for one in self.triggers)


def never(condition: str) -> tuple[str, ...]:
    """Give the reason that a condition which is never true is, if it is one."""
    bare = " ".join(condition[:WORDS].split())
    if NEVER.match(bare) or NEVER_IN_ALL.match(bare):
        return (f"it never runs: its condition is `{bare}`",)
    return ()


def tolerated(value: Value, key: str) -> tuple[str, ...]:
    """Give the reason that a job or step which may fail has, if it may."""
    if value.get(key).is_true:
        return (f"its failure is ignored: `{key}: true`",)
    return ()


def plain(value: Value) -> dict[str, str]:
    """Give the texts of a mapping; a list of texts becomes one text with spaces."""
    return {
        key: one.text or " ".join(inner.text for inner in one.texts())
        for key, one in value.items()[:VARIABLES]
    }

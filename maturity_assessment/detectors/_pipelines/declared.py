"""What is known of a pipeline, whatever declares it."""

import re
from dataclasses import dataclass
from functools import partial

ML = re.compile(
    r"(?<![a-z])(re)?(train|data|dataset|feature|featuri[sz]|preprocess|process|prepar"
    r"|clean|split|evaluat|eval"
    r"|model|predict|infer|scor|register|ingest|extract|transform|valid|tun|fit|deploy"
    r"|metric|score|load"
    r"|explain|batch|embed|label|augment|download|test|promot|monitor|query)",
    re.I,
)


@dataclass(frozen=True)
class Declared:
    """One declared pipeline: its steps by name, what file and line, what framework."""

    framework: str
    steps: tuple[str, ...]
    path: str
    line: int
    function: str = ""
    code: bool = True

    @property
    def learns(self) -> bool:
        """Whether its steps sound like work on data or models: two, or one of several."""
        if self.framework in ("tfx", "mlflow"):
            return True  # they have no other purpose
        known = sum(bool(ML.search(step)) for step in self.steps)
        return known >= 2 or known == 1 and len(self.steps) > 2


# What a file declares stands there whether or not code is reached.
declare = partial(Declared, code=False)

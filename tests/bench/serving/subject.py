"""What was measured of a server."""

import statistics
from dataclasses import dataclass, field
from typing import NamedTuple

from .press import Load
from .servers import Server


class Round(NamedTuple):
    """What a request cost in one round: CPU us; and how many there were a second."""

    cost: float
    rate: float
    load: Load


@dataclass
class Subject:
    """A server under test: its process, seconds to the first answer, MB, and `rounds` by size."""

    server: Server
    pid: int = 0
    first: float = 0.0
    memory: float = 0.0
    rounds: dict[int, list[Round]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The server's name."""
        return self.server.name

    def find(self, rows: int) -> Round:
        """The median of each figure over the rounds."""
        rounds = self.rounds[rows]
        return Round(
            statistics.median(one.cost for one in rounds),
            statistics.median(one.rate for one in rounds),
            Load(
                sum(one.load.requests for one in rounds),
                0,
                statistics.median(one.load.p50 for one in rounds),
                statistics.median(one.load.p99 for one in rounds),
            ),
        )

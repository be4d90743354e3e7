"""A replay of past data through the whole loop, started by a command.

Past rows are lived through in the order of time: the model is trained, asked, watched or
promoted again and again, so that the automation is seen at work before it must be. A backtest
that only trains and scores is partial; a simulation of something else is none.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._entries import Entry, named
from ._findings import conclude, weaken
from ._models import TRAINS, is_prediction

ADVICE = "Replay past months through training, serving, monitoring and promotion, by one command."
PRONE = "High: it goes by the names simulate, replay and backtest."

WORDS = r"simulat\w*|replay\w*|back_?test\w*|walk_?forward"
LOOP = re.compile(
    r"(drift|promot|retrain|champion|challenger|monitor|rollback|trigger|gate)", re.I
)


def detect(repository: Repository) -> Finding:
    """Look at what can be started under such a name, and at what it goes through."""
    entries = named(repository, WORDS)
    return conclude(
        "simulated_year",
        [one for entry in entries for one in cite(repository, entry)],
        present="Past data is replayed through training, prediction and the decisions after them.",
        partial="Past data is replayed through training and prediction, not through the loop.",
        absent="Past data is not replayed through the loop.",
    )


def cite(repository: Repository, entry: Entry) -> Iterator[Evidence]:
    """Make evidence of an entry that trains and predicts; strong where it decides as well."""
    calls = entry.calls(repository)
    trains = any(TRAINS.search(call.name) for call in calls)
    if not trains or not any(map(is_prediction, calls)):
        return
    nodes = entry.nodes(repository)
    decides = {word.lower() for _, name in nodes for word in LOOP.findall(name)}
    strength = Strength.STRONG if len(decides) > 1 else Strength.WEAK
    yield repository.cite(
        entry.path, entry.line, "ast", weaken(repository, entry.path, strength)
    )

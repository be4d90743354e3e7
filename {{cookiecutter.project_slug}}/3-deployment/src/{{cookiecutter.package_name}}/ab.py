"""Say how the running A/B test stands."""

from dataclasses import asdict

from .compare import find_challenger
from .files import REPORTS, write_json
from .progress import say
from .release.ab.outcomes import read_outcomes
from .release.ab.verdict import judge
from .release.settings import read_release
from .table import read_table

REPORT = REPORTS / "ab.json"


def main(_arguments: list[str]) -> None:
    """Judge the outcomes that are known so far."""
    settings, (challenger, champion) = read_release(), find_challenger()
    outcomes = read_outcomes(challenger, read_table(), settings.ab)
    state = judge(
        outcomes["challenger"].to_numpy(bool),
        outcomes["good"].to_numpy(bool),
        settings.ab,
        settings.strategy.share / 100,
    )
    about = {"champion": champion, "challenger": challenger}
    write_json(REPORT, about | asdict(state))
    rates = outcomes.groupby("challenger")["good"].agg(["mean", "size"])
    for tried, name in ((False, champion), (True, challenger)):
        if tried in rates.index:
            rate, size = rates.loc[tried]
            say(f"ab: version {name} was right in {rate:.2%} of {size:,.0f} requests")
    say(f"  {state.verdict}: {state.reason}")

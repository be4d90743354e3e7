"""List what was released when, by whom and why."""

from .deploy import history, local, process, state
from .progress import say

LEFT = "of a release under way, or of one that was killed: the next command ends it"


def main(_arguments: list[str]) -> None:
    """Print a line for each release, and what answers on this machine now."""
    entries = history.read()
    for entry in entries:
        way = f"{entry['from'] or '-'} -> {entry['to']}"
        said = "; ".join(filter(None, (entry["why"], entry.get("detail"))))
        say(
            f"{entry['time']}  {entry['target']:<10}  {way:<10}  {entry['outcome']:<11}  "
            f"{entry['who']}{': ' if said else ''}{said}"
        )
    if not entries:
        say("Nothing was deployed yet; `make deploy` does it.")
    known = state.read()
    if known.live is not None and process.find(known.live) is not None:
        version = local.find_answering(known.live)
        say(f"now: version {version} on port {known.live.port}, pid {known.live.pid}")
    for other in (known.candidate, known.draining):
        left = process.find(other)
        if other is not None and left is not None:
            say(f"also: version {other.version}, pid {left.pid}; {LEFT}")

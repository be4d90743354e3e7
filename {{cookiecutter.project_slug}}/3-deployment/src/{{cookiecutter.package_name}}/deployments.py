"""List what was released when, by whom and why."""

from .deploy import history, process, state
from .progress import say


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
    live = state.read().live
    if live is not None and process.find(live) is not None:
        say(f"now: version {live.version} on port {live.port}, pid {live.pid}")

"""Say what was made and where to look."""

from .files import ABOUT, METRICS, MODEL, PREDICTIONS, read_json
from .progress import say, show
from .table import read_table


def main(_arguments: list[str]) -> None:
    """Print the state of the project, a line a thing."""
    table = read_table()
    about = read_json(ABOUT, "run `make train`")
    found = read_json(METRICS, "run `make evaluate`")["validation"]
    headline, _ = table.headline
    begin = f" from {table.split['validation'][0]}" if table.time else ""
    say(f"  data         {about['rows']:,} rows to learn from, of {table.source}")
    say(
        f"  {headline:<12} {show(found[headline])} on {found['rows']:,} unseen rows{begin}"
    )
    say(f"  model        {MODEL}")
    say(f"  metrics      {METRICS}, plots beside it")
    if PREDICTIONS.is_file():
        say(f"  predictions  {PREDICTIONS}")

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
    unseen = f"{found['rows']:,} rows it has not seen, {table.show_part('validation')}"
    say(f"  data         {about['rows']:,} rows to learn from, of {table.source}")
    say(f"  model        {MODEL}")
    say(f"  {headline:<12} {show(found[headline])} on {unseen}")
    say(f"  report       {METRICS}, plots beside it")
    if PREDICTIONS.is_file():
        say(f"  predictions  {PREDICTIONS}")

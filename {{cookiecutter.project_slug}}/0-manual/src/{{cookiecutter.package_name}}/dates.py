"""Read dates as people write them."""

import itertools

import pandas as pd

DAYS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y"),
    *("%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y"),
    *("%d %b %Y", "%b %d %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y"),
    *("%d %B %Y", "%B %d, %Y", "%a, %d %b %Y"),
)
CLOCKS = (
    *("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"),
    *(" %H:%M:%S %z", " %H:%M:%S UTC"),
)
ISO = "ISO8601"
FORMATS = (ISO, *("".join(parts) for parts in itertools.product(DAYS, CLOCKS)))


def read_dates(values: pd.Series, pattern: str | None = None) -> pd.Series:
    """Read dates in strptime's pattern or in ISO 8601; the rest becomes missing.

    Instants with a time zone are turned into UTC; the result has no zone.
    """
    if not pd.api.types.is_datetime64_any_dtype(values):
        words = values.astype(object).where(values.notna(), None).map(_write)
        found = _parse(words, pattern or ISO)
        values = found.fillna(_parse(words, ISO)) if pattern else found
    dates = pd.to_datetime(values, utc=True)
    return dates.dt.tz_localize(None).astype("datetime64[us]")


def _write(value: object) -> object:
    """Write a number such as 20130131.0 as it was meant; leave the rest."""
    if isinstance(value, str):  # pandas takes these two for the current time
        return None if value.lower() in {"now", "today"} else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else value


def _parse(words: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(words, errors="coerce", utc=True, format=pattern)


def guess_patterns(values: pd.Series) -> list[str]:
    """Give the patterns that read every value, the likeliest first; none if none does."""
    words = values.dropna().map(_write).drop_duplicates()
    # Most patterns fail on the first few values, so the rest is tried with those left.
    few = [name for name in FORMATS if _parse(words.head(50), name).notna().all()]
    if words.empty or not few or few[0] == ISO:
        few = few[:1]
    return [
        name for name in few if not words.empty and _parse(words, name).notna().all()
    ]

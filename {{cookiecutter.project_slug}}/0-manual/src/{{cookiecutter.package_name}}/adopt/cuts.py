"""Cut time into a part to learn from, one to judge with, and one that comes later."""

import numpy as np
import pandas as pd

from ..refusal import Refusal

SHARES = (0.6, 0.8)  # of the rows lie before the first and before the second cut
UNITS = ("Y", "M", "D", "h", "m", "s", "us")  # of an instant, the plainest first
NEAR = 0.05  # a plain instant may miss its share by so much
LAST = np.datetime64("9999-12-31T23:59:59.999999")


def cut(times: pd.Series, name: str) -> dict[str, list[str]]:
    """Give [from, until) of each part: plain instants, about 60, 20 and 20 % of rows."""
    sorted_times = np.sort(times.dropna().to_numpy("datetime64[us]"))
    distinct = len(np.unique(sorted_times))
    if distinct < 3:
        raise Refusal(
            f"The time column {name!r} holds {distinct} different dates, but the parts "
            "train, validation and live need at least three; adopt it without TIME."
        )
    for unit in UNITS:
        cuts = [_round(sorted_times, share, unit) for share in SHARES]
        if _is_good(sorted_times, cuts):
            return _write(sorted_times, cuts, unit)
    return _write(sorted_times, _cut_between(sorted_times), "us")


def _round(times: np.ndarray, share: float, unit: str) -> np.datetime64:
    """The whole year, month, ... that is next to a share of the rows."""
    floor = times[int(share * len(times))].astype(f"datetime64[{unit}]")
    return min((floor, floor + 1), key=lambda cut: abs(_share(times, cut) - share))


def _share(times: np.ndarray, instant: np.datetime64) -> float:
    return float(np.searchsorted(times, instant.astype(times.dtype)) / len(times))


def _is_good(times: np.ndarray, cuts: list[np.datetime64]) -> bool:
    """Whether each part holds rows and about its share of them."""
    found = [_share(times, cut) for cut in cuts]
    near = all(abs(got - share) <= NEAR for got, share in zip(found, SHARES))
    return near and 0 < found[0] < found[1] < 1


def _cut_between(times: np.ndarray) -> list[np.datetime64]:
    """Cut where dates are so uneven that no cut is near its share: rows in each part."""
    distinct, first = np.unique(times, return_index=True)
    shares = first / len(times)
    one = 1 + int(np.abs(shares[1:-1] - SHARES[0]).argmin())
    two = one + 1 + int(np.abs(shares[one + 1 :] - SHARES[1]).argmin())
    return [distinct[one], distinct[two]]


def _write(
    times: np.ndarray, cuts: list[np.datetime64], unit: str
) -> dict[str, list[str]]:
    """Write the parts' borders; the last one lies just behind the last row."""
    end = (times[-1].astype(f"datetime64[{unit}]") + 1).astype(times.dtype)
    begin = times[0].astype(f"datetime64[{unit}]")
    borders = [_show(instant) for instant in (begin, *cuts, min(end, LAST))]
    return {
        "train": [borders[0], borders[1]],
        "validation": [borders[1], borders[2]],
        "live": [borders[2], borders[3]],
    }


def _show(instant: np.datetime64) -> str:
    return (
        pd.Timestamp(instant.astype("datetime64[us]"))
        .isoformat(" ")
        .removesuffix(" 00:00:00")
    )

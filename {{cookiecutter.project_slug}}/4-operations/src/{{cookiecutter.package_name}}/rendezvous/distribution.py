"""How numbers are distributed, in bins of constant relative width: adding one costs O(1).

A bin is the exponent of a float with the first bits of its mantissa; two distributions are
merged by adding their counts. Source: FloatHistogram in https://github.com/tdunning/t-digest
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

# In each octave: a number is known to 1.6 %.
BINS = 32
SMALLEST = 1100  # more than the least exponent of a float


class Distribution:
    """Counts finite numbers of any size and sign."""

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.counts: Counter[int] = Counter()
        self.total = 0
        self.sum = 0.0
        for value in values:
            self.add(value)

    def add(self, value: float) -> None:
        """Count one number."""
        self.counts[find_bin(value)] += 1
        self.total += 1
        self.sum += value

    def __add__(self, other: "Distribution") -> "Distribution":
        """Merge two distributions."""
        merged = Distribution()
        merged.counts = self.counts + other.counts
        merged.total, merged.sum = self.total + other.total, self.sum + other.sum
        return merged

    def quantile(self, share: float) -> float:
        """Give the number below which this share lies; NaN where nothing was counted."""
        places = sorted(self.counts)
        sums = accumulate(self.counts[place] for place in places)
        for place, count in zip(places, sums, strict=True):
            if count >= share * self.total:
                return find_middle(place)
        return math.nan

    def count_below(self, ends: Sequence[float]) -> list[int]:
        """Count the numbers up to each end, exact but for those in an end's own bin."""
        bins = [find_bin(end) for end in ends]
        return [sum(n for b, n in self.counts.items() if b <= end) for end in bins]

    def gap(self, other: "Distribution") -> float:
        """Give the largest difference between the shares below any number: 0 to 1.

        Source: the statistic of Kolmogorov and Smirnov, on bins.
        """
        if not self.total or not other.total:
            return math.nan
        largest = ours = theirs = 0.0
        for place in sorted(self.counts.keys() | other.counts.keys()):
            ours += self.counts[place] / self.total
            theirs += other.counts[place] / other.total
            largest = max(largest, abs(ours - theirs))
        return largest


def find_bin(value: float) -> int:
    """Give the bin of a number; bins are in the order of their numbers."""
    if not value:
        return 0
    mantissa, exponent = math.frexp(abs(value))
    place = (exponent + SMALLEST) * BINS + int((mantissa - 0.5) * 2 * BINS)
    return place if value > 0 else -place


def find_middle(place: int) -> float:
    """Give the number in the middle of a bin."""
    if not place:
        return 0.0
    exponent, part = divmod(abs(place), BINS)
    value = math.ldexp(0.5 + (part + 0.5) / (2 * BINS), exponent - SMALLEST)
    return math.copysign(value, place)

"""Measure the scan against labels made by hand.

    python tests/evaluate.py tests/labels.yaml FOLDER [docs/assessment.md]

reads the labels, scans each repository in `FOLDER/<owner>+<name>` and prints precision and
recall, over all capabilities and for each, the levels, and every disagreement. With a third
argument the summary is written there too, between the marks `labels`: the labels' name. Strict:
`present` is positive, `absent` negative, and what the labels call partial is left out; lenient
counts partial as positive on both sides. A level is that of the evidence alone. Nothing is
downloaded: check each repository out at its labelled commit first.
"""

# pylint: disable=wrong-import-position # a clone is not installed: its root is to be looked in

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import yaml  # noqa: I001

from bench.processes import describe_machine
from maturity_assessment.capabilities import put
from maturity_assessment.evidence import Scan
from maturity_assessment.scan import scan
from maturity_assessment.scoring.assessment import assess


@dataclass(frozen=True)
class Pair:
    """What the labels say of one capability of one repository, and what the scan says."""

    repo: str
    capability: str
    label: str
    found: str
    note: str
    why: str


@dataclass(frozen=True)
class Rated:  # pylint: disable=too-many-instance-attributes
    """One repository: its kind and level by the labels and by the scan, and what it took."""

    repo: str
    kind: str
    found_kind: str
    level: int
    lowest: int
    highest: int
    found: int
    files: int
    seconds: float

    @property
    def within(self) -> bool:
        """Whether the level that was found is one that the labels accept."""
        return self.lowest <= self.found <= self.highest


def compare(entry: dict[str, Any], found: Scan) -> Iterable[Pair]:
    """Pair labels and findings of one repository; without a detector there is no pair."""
    for name, label in entry["capabilities"].items():
        finding = found.findings.get(name)
        if finding is not None:
            places = ", ".join(label.get("evidence", []))
            note = f"{places} {label.get('note', '')}".strip()
            yield Pair(
                entry["repo"], name, label["status"], finding.status, note, finding.why
            )


def rate(entry: dict[str, Any], found: Scan, seconds: float) -> Rated:
    """Compare the kind and the level of one repository."""
    lowest, highest = entry["level_ms_range"]
    return Rated(
        repo=entry["repo"],
        kind=entry["scope"],
        found_kind=found.scope,
        level=entry["level_ms"],
        lowest=lowest,
        highest=highest,
        found=assess(found).level.evidence,
        files=found.files,
        seconds=seconds,
    )


def score(pairs: Iterable[Pair], lenient: bool = False) -> tuple[int, int, int]:
    """Count what was found rightly, found wrongly, and missed."""
    positive = {"present", "partial"} if lenient else {"present"}
    kept = [one for one in pairs if lenient or one.label != "partial"]
    right = sum(one.label in positive and one.found in positive for one in kept)
    wrong = sum(one.label not in positive and one.found in positive for one in kept)
    missed = sum(one.label in positive and one.found not in positive for one in kept)
    return right, wrong, missed


def rates(counts: tuple[int, int, int]) -> tuple[float, float]:
    """Give precision and recall."""
    right, wrong, missed = counts
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return precision, recall


def say(counts: tuple[int, int, int]) -> str:
    """Write precision and recall with the counts that they come from."""
    precision, recall = rates(counts)
    right, wrong, missed = counts
    return f"P {precision:.3f}  R {recall:.3f}  (right {right}, wrong {wrong}, missed {missed})"


def kappa(rated: list[Rated]) -> float:
    """Give the agreement of the levels, weighted by the square of their distance."""
    # It takes more memory than a scan, and the scan's has been measured by then.
    # pylint: disable-next=import-outside-toplevel
    from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]

    labels, found = [one.level for one in rated], [one.found for one in rated]
    if labels == found:
        return 1.0
    return float(
        cohen_kappa_score(labels, found, labels=[*range(5)], weights="quadratic")
    )


def read(labels: dict[str, Any], folder: Path) -> tuple[list[Pair], list[Rated]]:
    """Scan every labelled repository that is there."""
    pairs: list[Pair] = []
    rated: list[Rated] = []
    for entry in labels["repositories"]:
        checkout = folder / entry["repo"].replace("/", "+")
        if not checkout.is_dir():
            print(f"missing: {checkout}")
            continue
        start = time.perf_counter()
        found = scan(checkout)
        rated.append(rate(entry, found, time.perf_counter() - start))
        for note in found.notes:
            if "the detector" in note.why:
                print(f"FAILED: {entry['repo']}: {note.why}")
        pairs += compare(entry, found)
    return pairs, rated


def summarise(pairs: list[Pair], rated: list[Rated]) -> list[str]:
    """Write the figures over all as Markdown."""
    strict, lenient = rates(score(pairs)), rates(score(pairs, lenient=True))
    exact = sum(one.label == one.found for one in pairs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    files, seconds = sum(r.files for r in rated), sum(r.seconds for r in rated)
    level = sum(one.level == one.found for one in rated)
    within = sum(one.within for one in rated)
    return [
        "| measure | value |",
        "|---|---|",
        f"| repositories, capabilities of each, labels | {len(rated)},"
        f" {len({p.capability for p in pairs})}, {len(pairs)} |",
        f"| strict precision and recall | {strict[0]:.3f}, {strict[1]:.3f} |",
        f"| lenient precision and recall | {lenient[0]:.3f}, {lenient[1]:.3f} |",
        f"| the same of the three statuses | {exact} of {len(pairs)} |",
        f"| level exact | {level} of {len(rated)} |",
        f"| level within the accepted range | {within} of {len(rated)} |",
        f"| quadratic weighted kappa of the levels | {kappa(rated):.2f} |",
        f"| files, seconds, peak memory | {files:,}, {seconds:.1f} s, {memory:.0f} MB |",
    ]


def list_levels(pairs: list[Pair], rated: list[Rated]) -> list[str]:
    """Write a row for each repository as Markdown."""
    rows = [
        "| repository | kind: label, found | level: label, accepted, found"
        " | right, wrong, missed | seconds |",
        "|---|---|---|---|---|",
    ]
    for one in rated:
        counts = score(pair for pair in pairs if pair.repo == one.repo)
        rows.append(
            f"| {one.repo} | {one.kind}, {one.found_kind}"
            f" | {one.level}, {one.lowest}-{one.highest}, {one.found}"
            f" | {', '.join(map(str, counts))} | {one.seconds:.1f} |"
        )
    return rows


def report(pairs: list[Pair]) -> None:
    """Print the figures of each capability and every disagreement."""
    by_capability: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_capability[pair.capability].append(pair)
    for name, some in by_capability.items():
        print(f"{name:28} {say(score(some))}")
    alike = {"absent", "not assessable"}
    for pair in pairs:
        if pair.label != pair.found and {pair.label, pair.found} != alike:
            said = f"label {pair.label}, found {pair.found}"
            print(f"{pair.repo} {pair.capability}: {said}")
            print(f"    label: {pair.note}\n    scan:  {pair.why}")


def main(arguments: list[str]) -> int:
    """Measure, print, and write the summary where that is asked."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    labels = yaml.safe_load(Path(arguments[0]).read_text("utf-8"))
    pairs, rated = read(labels, Path(arguments[1]))
    if not rated:
        print(f"None of the labelled repositories is in {arguments[1]}.")
        return 2
    report(pairs)
    summary = [*summarise(pairs, rated), "", *list_levels(pairs, rated)]
    print("\n".join(["", *summary]))
    if len(arguments) == 3:
        document = Path(arguments[2])
        where = f"On {date.today()}: {describe_machine()}."
        text = "\n".join([where, "", *summary])
        mark = Path(arguments[0]).stem
        document.write_text(put(text, mark, document.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

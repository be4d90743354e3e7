"""Measure the scan against labels made by hand.

`python tests/evaluate.py LABELS.yaml FOLDER` reads the labels, scans each repository in
`FOLDER/<owner>+<name>` and prints precision and recall, over all capabilities and for each,
and every disagreement. Strict: `present` is positive, `absent` negative, and what the labels
call partial is left out; lenient counts partial as positive on both sides. Nothing is
downloaded: check each repository out at its labelled commit first.
"""

import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from maturity_assessment.evidence import Scan
from maturity_assessment.scan import scan


@dataclass(frozen=True)
class Pair:
    """What the labels say of one capability of one repository, and what the scan says."""

    repo: str
    capability: str
    label: str
    found: str
    note: str
    why: str


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


def score(pairs: Iterable[Pair], lenient: bool = False) -> tuple[int, int, int]:
    """Count what was found rightly, found wrongly, and missed."""
    positive = {"present", "partial"} if lenient else {"present"}
    kept = [one for one in pairs if lenient or one.label != "partial"]
    right = sum(one.label in positive and one.found in positive for one in kept)
    wrong = sum(one.label not in positive and one.found in positive for one in kept)
    missed = sum(one.label in positive and one.found not in positive for one in kept)
    return right, wrong, missed


def rates(counts: tuple[int, int, int]) -> str:
    """Write precision and recall."""
    right, wrong, missed = counts
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return f"P {precision:.3f}  R {recall:.3f}  (right {right}, wrong {wrong}, missed {missed})"


def read_pairs(labels: dict[str, Any], folder: Path) -> list[Pair]:
    """Scan every labelled repository that is there."""
    pairs: list[Pair] = []
    for entry in labels["repositories"]:
        checkout = folder / entry["repo"].replace("/", "+")
        if not checkout.is_dir():
            print(f"missing: {checkout}")
            continue
        start = time.perf_counter()
        found = scan(checkout)
        took = time.perf_counter() - start
        print(
            f"{entry['repo']}: {found.scope} (label: {entry['scope']}),"
            f" {found.files} files, {took:.2f} s"
        )
        for note in found.notes:
            if "the detector" in note.why:
                print(f"    FAILED: {note.why}")
        pairs += compare(entry, found)
    return pairs


def report(pairs: list[Pair]) -> None:
    """Print every figure and every disagreement."""
    by_capability: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_capability[pair.capability].append(pair)
    for name, some in by_capability.items():
        print(f"{name:28} {rates(score(some))}")
    print(f"{'strict, all':28} {rates(score(pairs))}")
    print(f"{'lenient, all':28} {rates(score(pairs, lenient=True))}")
    exact = sum(one.label == one.found for one in pairs)
    print(f"{'exact status':28} {exact} of {len(pairs)}")
    for pair in pairs:
        if pair.label != pair.found and {pair.label, pair.found} != {
            "absent",
            "not assessable",
        }:
            print(
                f"{pair.repo} {pair.capability}: label {pair.label}, found {pair.found}"
            )
            print(f"    label: {pair.note}\n    scan:  {pair.why}")


def main(arguments: list[str]) -> int:
    """Measure, and print how much time and memory it took."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    labels = yaml.safe_load(Path(arguments[0]).read_text("utf-8"))
    report(read_pairs(labels, Path(arguments[1])))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {memory:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

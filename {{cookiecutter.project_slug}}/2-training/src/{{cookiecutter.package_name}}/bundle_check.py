"""Prove that a bundle is whole and that its model still predicts what it did."""

import argparse
import os
from pathlib import Path

from .bundle import manifest, scenarios
from .files import hash_file
from .progress import say, step
from .refusal import Refusal


def check(bundle: Path) -> int:
    """Hash every file, and only then run the code; gives the number of scenarios."""
    changes = manifest.find_changes(bundle)
    if changes:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        raise Refusal(f"FAILED: {', '.join(changes[:3])}{more}.")
    rows, differ = scenarios.compare(bundle)
    if differ:
        raise Refusal(f"FAILED: {differ} of {rows} scenarios are predicted otherwise.")
    return rows


def main(arguments: list[str]) -> None:
    """Check the bundle that is named; say OK or FAILED in a sentence."""
    parser = argparse.ArgumentParser(prog="bundle_check", description=__doc__)
    parser.add_argument("bundle", nargs="?", default=os.environ.get("BUNDLE"))
    named = parser.parse_args(arguments).bundle
    if not named or not Path(named).is_dir():
        raise Refusal(
            f"There is no bundle {named or ''}; name its folder with BUNDLE=bundles/id."
        )
    bundle = Path(named)
    with step(f"bundle-check: {bundle}"):
        rows = check(bundle)
    mark = hash_file(bundle / manifest.MANIFEST)
    say(f"OK: every file is as listed, and all {rows} scenarios are predicted alike.")
    say(f"  fingerprint {mark}: the same as the sender's, or the list was changed, too")

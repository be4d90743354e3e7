"""`python -m maturity_assessment.scan PATH [SUBDIR]`: the findings as a table."""

import sys

from . import scan

MARKS = {"present": "+", "partial": "~", "absent": "-", "not assessable": "?"}


def main(arguments: list[str]) -> int:
    """Scan a folder and print what was found, with the first piece of evidence."""
    found = scan(arguments[0], arguments[1] if len(arguments) > 1 else None)
    print(
        f"{found.name}: {found.scope}, {found.files} files, commit {found.commit or 'unknown'}"
    )
    for name, finding in found.findings.items():
        print(f"{MARKS[finding.status]} {name:28} {finding.why}")
        for one in finding.evidence:
            reasons = f"  [{'; '.join(one.reasons)}]" if one.reasons else ""
            print(
                f"    {one.strength:6} {one.path}:{one.line}  {one.excerpt[:110]}{reasons}"
            )
    for note in found.notes:
        print(f"note {note.path}: {note.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

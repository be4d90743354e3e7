"""Bring the rows of the report that the README shows into it."""

import re
from pathlib import Path

from maturity_assessment.capabilities import put

HOUSE = Path(__file__).resolve().parents[2]
REPORT = HOUSE / "docs" / "benchmarks.md"
README = HOUSE / "README.md"
MARK = "serving-of-one-row"


def take(report: str) -> str:
    """Give where and when the service was measured, and the table's rows for one row."""
    part = re.findall(r"<!-- serving -->\n(.*?)<!-- /serving -->", report, re.DOTALL)[0]
    where, *lines = part.splitlines()
    table = [line for line in lines if line.startswith("|")]
    asked = [line for line in table[2:] if line.split("|")[2].strip() == "1"]
    return "\n".join([*table[:2], *asked, "", where])


def show() -> None:
    """Write them into the README."""
    taken = take(REPORT.read_text("utf-8"))
    README.write_text(put(taken, MARK, README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    show()

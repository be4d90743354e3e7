"""The code of a notebook as one module, each line knowing its line in the file."""

import json
import re
from typing import Any

# Characters: a line that is written in another way is looked for to the file's end.
SEARCHED = 1_000_000_000
MAGIC = re.compile(r"^(\s*)([%!?]|[\w.]+\s*=\s*[!%]).*$")


def read_cells(content: Any) -> list[list[str]]:
    """Give the lines of each code cell. Notebooks of the third format keep them deeper."""
    cells = content.get("cells") if isinstance(content, dict) else None
    if cells is None and isinstance(content, dict):
        sheets = content.get("worksheets") or [{}]
        cells = sheets[0].get("cells") if isinstance(sheets[0], dict) else None
    found: list[list[str]] = []
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            text = (
                "".join(map(str, source)) if isinstance(source, list) else str(source)
            )
            found.append(text.splitlines())
    return found


def to_python(lines: list[str]) -> list[str]:
    """Give the lines of a cell as Python: what belongs to the notebook does nothing."""
    if lines and lines[0].startswith("%%"):
        kept = lines[0].startswith(("%%time", "%%capture", "%%timeit"))
        return ["pass", *lines[1:]] if kept else ["pass"] * len(lines)
    return [MAGIC.sub(r"\1pass", line) for line in lines]


def find_lines(raw: str, lines: list[str]) -> list[int]:
    """Give the line of the file that each line of code is written on, 0 where unknown."""
    found: list[int] = []
    place = line = 0
    left = SEARCHED
    for one in lines:
        at = -1
        if one.strip() and left > 0:
            at = raw.find(json.dumps(one, ensure_ascii=False)[:-1], place)
            left -= (at if at >= 0 else len(raw)) - place
        if at >= 0:
            line += raw.count("\n", place, at)
            place = at
        found.append(line + 1 if place else 0)
    return found


def read_notebook(raw: str) -> tuple[list[list[str]], list[int]]:
    """Give the cells of a notebook as Python, and the file's line of each of their lines.

    Raises ValueError where it is no JSON.
    """
    cells = read_cells(json.loads(raw))
    lines = find_lines(raw, [line for cell in cells for line in cell])
    return [to_python(cell) for cell in cells], lines

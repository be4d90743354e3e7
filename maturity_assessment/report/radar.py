"""The radar of the dimensions: one line for evidence, one for evidence and claims."""

from math import cos, pi, sin
from typing import Any

Place = tuple[float, float]
WIDTH, HEIGHT, RADIUS = 460, 400, 150
CENTRE = (WIDTH / 2, HEIGHT / 2)


def draw(dimensions: list[dict[str, Any]]) -> str:
    """Draw the radar as SVG that takes its colours from the page.

    It holds no text of a scanned repository, only what this tool names and counts.
    """
    count = len(dimensions)
    parts = [
        f'<svg class="radar" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="radar-title">',
        f'<title id="radar-title">{describe(dimensions)}</title>',
    ]
    for ring in (0.25, 0.5, 0.75, 1):
        parts.append(polygon("ring", [place(n, count, ring) for n in range(count)]))
    for number, dimension in enumerate(dimensions):
        parts.append(draw_axis(number, count, dimension))
    for line in ("claimed", "evidence"):
        shares = [dimension[line] or 0.0 for dimension in dimensions]
        places = [place(n, count, share) for n, share in enumerate(shares)]
        parts.append(polygon(line, places))
    return "\n".join([*parts, "</svg>"])


def describe(dimensions: list[dict[str, Any]]) -> str:
    """Say the radar in words, for those who do not see it."""
    known = [d for d in dimensions if d["evidence"] is not None]
    shares = (f"{d['id']} {round(d['evidence'] * 100)} %" for d in known)
    return f"Share of each dimension by evidence: {', '.join(shares)}"


def place(number: int, count: int, share: float) -> Place:
    """Give the point of a share on an axis, the first one pointing up."""
    angle = 2 * pi * number / count - pi / 2
    x, y = CENTRE
    return x + RADIUS * share * cos(angle), y + RADIUS * share * sin(angle)


def polygon(name: str, places: list[Place]) -> str:
    """Draw a closed line, with a dot on each corner where it is a line of data."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = ""
    if name != "ring":
        dots = "".join(
            f'<circle class="{name}-dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
            for x, y in places
        )
    return f'<polygon class="{name}" points="{points}"/>{dots}'


def draw_axis(number: int, count: int, dimension: dict[str, Any]) -> str:
    """Draw an axis with the short name of its dimension."""
    (x, y), (end_x, end_y) = CENTRE, place(number, count, 1)
    label_x, label_y = place(number, count, 1.17)
    unknown = "" if dimension["claimed"] is not None else " unknown"
    return (
        f'<line class="axis" x1="{x}" y1="{y}" x2="{end_x:.1f}" y2="{end_y:.1f}"/>'
        f'<text class="label{unknown}" x="{label_x:.1f}" y="{label_y + 6:.1f}" '
        f'text-anchor="middle">{dimension["id"]}</text>'
    )

"""The line of a history, in a terminal and as a picture."""

import json
from collections.abc import Sequence

from ..history import Point, tell
from .words import percent

WIDTH, HEIGHT, LEFT, TOP = 760, 300, 60, 40
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - 70, HEIGHT - TOP - 50
BAR = 30


def render_terminal(points: Sequence[Point]) -> str:
    """Draw a line for each commit: its day, level and share."""
    lines = [f"Scored by ruler {points[-1].ruler}, by evidence alone.", ""]
    lines.append(
        f"day         commit      level  {'share of capabilities shown':{BAR}}"
    )
    for point in points:
        filled = "#" * round(point.share * BAR)
        shown = f"{filled:.<{BAR}} {percent(point.share):>5}"
        lines.append(f"{point.day}  {point.commit[:10]}  {point.level:>5}  {shown}")
    left_out = max(point.left_out for point in points)
    if left_out:
        lines.append(f"\nUp to {left_out} files, too large or links, were left out.")
    return "\n".join(lines) + "\n"


def render_json(points: Sequence[Point]) -> str:
    """Write a line of JSON for each commit, to be kept and added to."""
    return "".join(f"{json.dumps(point)}\n" for point in tell(points))


def render_svg(points: Sequence[Point]) -> str:
    """Draw level as steps and share as a line, each commit as wide as any other."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="system-ui, sans-serif" role="img">',
        f"<title>Level {points[0].level} to {points[-1].level}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *(draw_grid(level) for level in range(5)),
        f'<polyline fill="none" stroke="#8a6bb8" stroke-width="2" stroke-dasharray="6 4" '
        f'points="{draw_share(points)}"/>',
        f'<polyline fill="none" stroke="#1d5fa6" stroke-width="3" points="{draw_level(points)}"/>',
        *draw_days(points),
        text(LEFT, 20, "start", "#1d5fa6", "level by evidence"),
        text(LEFT + 160, 20, "start", "#8a6bb8", "share of capabilities shown"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def across(number: int, count: int) -> float:
    """Give the place of a commit from the left."""
    return LEFT + PLOT_WIDTH * (number / (count - 1) if count > 1 else 0.5)


def down(part: float) -> float:
    """Give the place of a part of the whole height from the top."""
    return TOP + PLOT_HEIGHT * (1 - part)


def draw_grid(level: int) -> str:
    """Draw the line of a level with its number, and the share at its other end."""
    y, right = down(level / 4), LEFT + PLOT_WIDTH
    line = f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="#dde3ea"/>'
    share = text(right + 10, y + 5, "start", "#8a6bb8", percent(level / 4))
    return line + text(LEFT - 12, y + 5, "end", "#1d5fa6", str(level)) + share


def draw_share(points: Sequence[Point]) -> str:
    """Give the corners of the share's line."""
    places = enumerate(points)
    return " ".join(
        f"{across(n, len(points)):.1f},{down(p.share):.1f}" for n, p in places
    )


def draw_level(points: Sequence[Point]) -> str:
    """Give the corners of the level's steps."""
    corners, before = [], points[0].level
    for number, point in enumerate(points):
        x = across(number, len(points))
        corners += [f"{x:.1f},{down(level / 4):.1f}" for level in (before, point.level)]
        before = point.level
    return " ".join(corners)


def draw_days(points: Sequence[Point]) -> list[str]:
    """Write the first and the last day, and one between."""
    shown = sorted({0, len(points) // 2, len(points) - 1})
    y = TOP + PLOT_HEIGHT + 28
    days = ((across(n, len(points)), points[n].day) for n in shown)
    return [text(x, y, "middle", "#566472", day) for x, day in days]


def text(x: float, y: float, anchor: str, colour: str, words: str) -> str:
    """Write some words; they are ours, and need no escape."""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} font-size="13" fill="{colour}">{words}</text>'

"""Draw the ladder of docs/ladder.svg from the capability model."""

from html import escape
from pathlib import Path

from .capabilities import Capability, read_delivered, read_model

PICTURE = Path(__file__).parent.parent / "docs" / "ladder.svg"
WIDTH, STEP, RISE, FLOOR = 1000, 196, 44, 470
COLOURS = ["#dbe7f3", "#b5cfe8", "#86b0d8", "#4f8cc4", "#2a6aa8"]
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {FLOOR + 20}" '
    'font-family="system-ui, sans-serif" role="img">\n'
    "<title>The MLOps ladder: five levels, each the one below plus whole files</title>\n"
    f'<rect width="{WIDTH}" height="{FLOOR + 20}" fill="white"/>\n'
)


def draw() -> str:
    """Draw a staircase, a step a level, with the level's capabilities on it."""
    levels, capabilities = read_model()["levels"], read_delivered()
    steps = [
        draw_step(
            level["level"],
            level["name"],
            [c for c in capabilities if c.level == level["level"]],
        )
        for level in levels
    ]
    return HEAD + "".join(steps) + "</svg>\n"


def draw_step(level: int, name: str, capabilities: list[Capability]) -> str:
    """Draw one step; one whose files are still to come is drawn with a dashed edge."""
    left, top = 10 + level * STEP, 210 - level * RISE
    there = any(capability.files for capability in capabilities)
    edge = "" if there else ' stroke="#2a6aa8" stroke-dasharray="5 4"'
    fill = COLOURS[level] if there else "white"
    ink = "white" if there and level > 2 else "#12324f"
    lines = [
        f'<rect x="{left}" y="{top}" width="{STEP - 6}" height="{FLOOR - top}" rx="4" '
        f'fill="{fill}"{edge}/>',
        f'<text x="{left + 14}" y="{top + 30}" font-size="19" font-weight="600" '
        f'fill="{ink}">{level} {escape(name)}</text>',
    ]
    labels = [capability.id.replace("_", " ") for capability in capabilities]
    for place, label in enumerate(labels if there else ["(in preparation)", *labels]):
        lines.append(
            f'<text x="{left + 14}" y="{top + 56 + place * 17}" font-size="12.5" '
            f'fill="{ink}">{escape(label)}</text>'
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")

"""Read a file of settings that has sections, each with names and defaults of its own."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from .files import read_yaml
from .refusal import Refusal

Section = TypeVar("Section")


def read_sections(path: Path, kinds: Mapping[str, type]) -> dict[str, Any]:
    """Read each section as its dataclass, whose every field has a default.

    A name that is not known is refused, for it is a typing error; what is left out keeps
    its default.
    """
    content = read_yaml(path)
    _refuse_unknown(path, content, list(kinds))
    return {
        name: _read_section(path, name, kind, content.get(name) or {})
        for name, kind in kinds.items()
    }


def _read_section(path: Path, name: str, kind: type[Section], content: Any) -> Section:
    """Read one section; what it leaves out keeps its default."""
    if not isinstance(content, dict):
        raise Refusal(f"`{name}` in {path} must hold settings as `name: value`.")
    defaults = kind()
    known = {item.name: getattr(defaults, item.name) for item in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(path, content, list(known), f"{name}.")
    for key, value in content.items():
        if not _fits(value, known[key]):
            raise Refusal(f"`{name}.{key}` in {path} cannot be {value!r}; mend it.")
    return kind(**content)


def _refuse_unknown(path: Path, content: Any, known: list[str], at: str = "") -> None:
    unknown = sorted(map(str, set(content) - set(known)))
    if unknown:
        names = ", ".join(at + name for name in unknown)
        raise Refusal(f"{path} has no setting {names}; known are {', '.join(known)}.")


def _fits(value: Any, default: Any) -> bool:
    """Tell whether a value is of its default's type; a whole number may be a float."""
    if isinstance(value, bool) or isinstance(default, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if default is None:
        return value is None or isinstance(value, (int, float))
    if isinstance(default, float):
        return isinstance(value, (int, float))
    return isinstance(value, type(default))

"""Read and write the project's files; a write is whole or not at all."""

import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from .refusal import Refusal

# Where each command leaves what it makes.
PREPARED = Path("data/table.parquet")
MODEL = Path("models/model.joblib")
ABOUT = Path("models/model.json")
REPORTS = Path("reports")
METRICS = REPORTS / "metrics.json"
PREDICTIONS = Path("data/predictions.csv")


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file, then put it in the place of `path` in one move."""
    if path.exists() and not path.is_file():
        write(path)  # a device or a pipe stays what it is
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays last: pandas and matplotlib choose the format by it.
    draft = path.with_name(f".{path.stem}.draft{path.suffix}")
    try:
        write(draft)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, content: Any) -> None:
    """Write readable JSON with a stable order of keys."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    replace(path, lambda draft: draft.write_text(text + "\n", "utf-8"))


def read_json(path: Path, advice: str) -> Any:
    """Read JSON; `advice` says what to do when the file is not there yet."""
    if not path.is_file():
        raise Refusal(f"There is no {path}; {advice}.")
    return json.loads(path.read_text("utf-8"))


class _Loader(yaml.SafeLoader):
    """Reads dates as text, and only true and false as booleans: a carrier may be called NO."""


_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"]
)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a settings file that must hold a mapping."""
    if not path.is_file():
        raise Refusal(f"There is no {path}; run this in the project's folder.")
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise Refusal(f"{path} is not readable YAML; mend it: {reason}") from error
    if not isinstance(content, dict):
        raise Refusal(f"{path} must hold settings as `name: value`; mend it.")
    return content

"""Say which files a package holds, and refuse one in which a byte has changed."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..files import hash_file, write_json
from ..refusal import Refusal

MANIFEST = "manifest.json"
MODEL, GRAPH, ENCODER = "model.joblib", "model.onnx", "encoder.json"
TABLE, ABOUT, CARD = "table.yaml", "about.json", "card.md"
SCHEMA, SIGNATURE, PARITY = "schema.json", "signature.json", "parity.json"
# Raised when the meaning of a file changes.
FORMAT = 2
ADVICE = "make the package again with `make package`"


def write(folder: Path, said: dict[str, Any]) -> None:
    """Write the manifest, the last file of a package: what is said, and each file's SHA-256."""
    files = {
        path.name: hash_file(path)
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    }
    content = {"format": FORMAT, **said, "files": files}
    write_json(folder / MANIFEST, content | {"checksum": sum_up(content)})


def sum_up(content: dict[str, Any]) -> str:
    """Give the SHA-256 of what a manifest says: the fingerprint of the whole package."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """Give what the manifest says once every file is as it says; else a `Refusal`."""
    said = _parse(folder)
    for name, digest in said["files"].items():
        path = folder / name
        if not path.is_file():
            raise Refusal(f"The package {folder} has no {name}; {ADVICE}.")
        if hash_file(path) != digest:
            raise Refusal(f"{path} was changed since it was packaged; {ADVICE}.")
    return said


def _parse(folder: Path) -> dict[str, Any]:
    """Read the manifest, which proves itself by its own checksum."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Refusal(f"There is no package in {folder}; make it with `make package`.")
    try:
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        proven = said.pop("checksum") == sum_up(said)
    except (ValueError, KeyError, AttributeError, TypeError):
        proven = False
    if not proven:
        raise Refusal(f"{path} was changed since it was written; {ADVICE}.")
    if said["format"] != FORMAT:
        raise Refusal(
            f"{folder} is a package of format {said['format']}, and this code reads "
            f"format {FORMAT}; {ADVICE}."
        )
    return said | {"checksum": sum_up(said)}

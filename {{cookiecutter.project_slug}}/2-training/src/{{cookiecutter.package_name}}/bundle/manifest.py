"""List the files of a folder with their SHA-256, and find what no longer agrees."""

from pathlib import Path

from ..files import hash_file
from ..refusal import Refusal

# The form that `sha256sum --check` reads, too.
MANIFEST = "MANIFEST.sha256"


def write(folder: Path) -> str:
    """Write the list and give its own SHA-256: the fingerprint of the whole folder."""
    lines = [
        f"{digest}  {name}\n" for name, digest in sorted(_hash_all(folder).items())
    ]
    (folder / MANIFEST).write_text("".join(lines), "utf-8")
    return hash_file(folder / MANIFEST)


def find_changes(folder: Path) -> list[str]:
    """Name the files that were changed, removed or added."""
    if not (folder / MANIFEST).is_file():
        raise Refusal(f"{folder} is not a bundle: it has no {MANIFEST}.")
    lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    listed = {name: digest for digest, _, name in (l.partition("  ") for l in lines)}
    there = _hash_all(folder)
    changed = [
        f"{n} was changed" for n in listed if there.get(n, listed[n]) != listed[n]
    ]
    missing = [f"{name} is missing" for name in listed if name not in there]
    added = [f"{name} was added" for name in there if name not in listed]
    return sorted([*changed, *missing, *added])


def _hash_all(folder: Path) -> dict[str, str]:
    """Hash every file below the folder but the list itself."""
    return {
        path.relative_to(folder).as_posix(): hash_file(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }

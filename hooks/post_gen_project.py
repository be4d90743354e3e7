"""Lay the chosen maturity level, and every level below it, over each other.

A pure function of the files: what is there already is its owner's and stays, and
nothing is written through a link, which may lead out of the project.
"""

import json
import os
import shlex
import shutil
import sys
from pathlib import Path

LEVELS = json.loads(r"""{{ cookiecutter._levels | tojson }}""")
CHOSEN = "{{ cookiecutter.maturity_level }}"
CLOUD = "{{ cookiecutter.cloud }}"


def is_free(target: Path) -> bool:
    """Tell whether nothing is there, and no file or link stands where a folder must."""
    parents = [parent for parent in target.parents if os.path.lexists(parent)]
    folders = all(parent.is_dir() and not parent.is_symlink() for parent in parents)
    return folders and not os.path.lexists(target)


def lay(level: Path) -> None:
    """Move the files of a level to where they belong in the project."""
    for source in sorted(level.rglob("*")):
        target = source.relative_to(level)
        if source.is_file() and is_free(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)


def choose(level: Path) -> None:
    """Keep the infrastructure of the chosen cloud, and of no other."""
    for cloud in level.glob("terraform/*"):
        if cloud.name != CLOUD:
            shutil.rmtree(cloud)


def folder_to_enter() -> Path:
    """Give the project's folder as it is typed in the shell that started this."""
    here = Path.cwd()
    start = Path(os.environ.get("PWD", here.parent))
    return here.relative_to(start) if here.is_relative_to(start) else here


for folder in [Path(name) for name in LEVELS if Path(name).is_dir()]:
    if folder.name[0] <= CHOSEN:
        choose(folder)
        lay(folder)
    shutil.rmtree(folder)

# A console that cannot show a letter of the path must not undo the project.
getattr(sys.stdout, "reconfigure")(errors="backslashreplace")
print(f"\nLevel {CHOSEN} is ready. Next:")
print("  cd", shlex.quote(str(folder_to_enter())))
print("  make setup && make        # 'make help' lists every command")

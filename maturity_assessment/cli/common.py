"""What the commands share: refusals, folders and files that are written whole."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ..questionnaire import file
from ..questionnaire.answers import Answers
from ..refusal import Refusal

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
TERMINAL = Path("-")


class Refused(click.ClickException):
    """A refusal as click prints it, with an exit code of its own."""

    exit_code = 2


def refuse_kindly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a refusal into one sentence and exit code 2."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except Refusal as refusal:
            raise Refused(str(refusal)) from refusal

    return run


def read_answers(path: Path | None, folder: Path) -> Answers:
    """Read the answers that are named, or those that lie in the repository, or none."""
    named = path or file.find(folder)
    return file.read(named) if named else Answers()


def write_text(path: Path, text: str) -> None:
    """Write a file whole, or leave the old one. Raises Refusal."""
    part = path.with_name(f"{path.name}.part")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe stays what it is
            path.write_text(text, "utf-8")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, "utf-8")
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise Refusal(f"{path} cannot be written: choose another --output.") from error


def put(text: str, output: Path | None) -> None:
    """Put a text into a file if one is named, and else, or for `-`, on the terminal."""
    if output is None or output == TERMINAL:
        click.echo(text, nl=False)
        return
    write_text(output, text)
    click.echo(f"written: {output}", err=True)

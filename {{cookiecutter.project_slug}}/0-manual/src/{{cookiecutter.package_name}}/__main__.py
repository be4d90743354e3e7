"""Run one command of the project: python -m <package> <command> [arguments]."""

import importlib
import pkgutil
import sys
from pathlib import Path

from .refusal import Refusal

HERE = Path(__file__).parent


def list_commands() -> list[str]:
    """Name the modules that can be run: those that define `main`."""
    sources = {
        module.name: HERE / f"{module.name}{'/__init__' if module.ispkg else ''}.py"
        for module in pkgutil.iter_modules([str(HERE)])
    }
    return [
        name
        for name, source in sources.items()
        if not name.startswith("_") and "\ndef main(" in source.read_text("utf-8")
    ]


def run(command: str, arguments: list[str]) -> None:
    """Import the command's module only now: `predict` need not load what `adopt` uses."""
    if command not in list_commands():
        raise Refusal(
            f"There is no command {command!r}; choose one of {', '.join(list_commands())}."
        )
    importlib.import_module(f".{command}", __package__).main(arguments)


def main(arguments: list[str]) -> int:
    """Run a command; a user's mistake ends in one sentence and exit code 1."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(f"usage: python -m {__package__} {{{','.join(list_commands())}}}")
        return 0
    try:
        run(arguments[0], arguments[1:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

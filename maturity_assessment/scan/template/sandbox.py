"""jinja2 as cookiecutter sets it up, where a template reaches nothing but its own files."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maturity_assessment.regular import read_regular

from ..limits import TEXT_BYTES
from ..tree.text import NotText, decode

# Those that cookiecutter always loads; the template's own would be foreign code.
EXTENSIONS = [
    f"cookiecutter.extensions.{name}Extension"
    for name in ("Jsonify", "RandomString", "Slugify", "Time", "UUID")
]
SETTINGS = frozenset(
    "block_start_string block_end_string variable_start_string variable_end_string"
    " comment_start_string comment_end_string line_statement_prefix line_comment_prefix"
    " trim_blocks lstrip_blocks keep_trailing_newline".split()
)
LARGEST = (
    1_000_000  # what a product or a power may come to, in characters or as a number
)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment in which no product, and no power, grows out of hand."""

    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse `"a" * 10 ** 9` before it is made."""
        sides = [
            abs(side) if isinstance(side, int) else len(side) for side in (left, right)
        ]
        if operator == "**" and (sides[0] > 1000 or sides[1] > 100):
            raise SecurityError("a power is too large")
        if operator == "*" and sides[0] * sides[1] > LARGEST:
            raise SecurityError("a product is too large")
        return super().call_binop(context, operator, left, right)


class Filters(dict[str, Any]):
    """Filters, of which those that nobody knows leave a value as it is.

    They belong to extensions of the template, which are not loaded.
    """

    def __missing__(self, name: str) -> Any:
        return lambda value, *_arguments, **_options: value

    def get(self, name: str, _default: Any = None) -> Any:
        """Give a filter, as jinja2 asks for it."""
        return self[name]


def make_sandbox(template: Path, questions: Mapping[str, Any]) -> Sandbox:
    """Make the environment of a template, with the settings that it may choose."""

    def load(name: str) -> str | None:
        """Give what a template includes: a file of the template, and no other."""
        parts = PurePosixPath(name).parts
        path = template.joinpath(*parts).resolve()
        if not path.is_relative_to(template):
            return None
        try:
            return decode(read_regular(path, TEXT_BYTES))
        except (OSError, NotText):
            return None

    wanted = questions.get("_jinja2_env_vars")
    chosen = wanted if isinstance(wanted, dict) else {}
    sandbox = Sandbox(
        extensions=EXTENSIONS,
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        **{"keep_trailing_newline": True}
        | {key: value for key, value in chosen.items() if key in SETTINGS},
    )
    if questions.get("_extensions"):
        sandbox.filters = Filters(sandbox.filters)
    return sandbox

"""What is kept of a Python module: calls, definitions, imports, what refers to what."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .values import UNKNOWN, texts_of

SERVICE = re.compile(
    r"(fastapi\.(FastAPI|APIRouter)|flask\.(Flask|Blueprint)|starlette\.|falcon\.|sanic\.|quart\."
    r"|aiohttp\.web\.|bentoml\.|ray\.serve|litserve\.|streamlit\.|gradio\.|chainlit\.|dash\.Dash"
    r"|tornado\.web|robyn\.|litestar\.|django\.|uvicorn\.|hypercorn\.|waitress\.)"
)


@dataclass(slots=True)  # not frozen: there are many, and that takes four times as long
class Call:
    """One call: the dotted name of what is called, its arguments and where it stands.

    The name has aliases resolved, and a method of an instance is a name too: after
    `client = mlflow.MlflowClient()` the call `client.log_metric(..)` has the name
    `mlflow.MlflowClient.log_metric`. `function` is the qualified name of the function that
    it stands in, empty for the body of the module. `path` is that of the file.
    """

    name: str
    args: tuple[Any, ...]
    keywords: dict[str, Any]
    path: str
    line: int
    function: str
    word: str = ""  # the last part of what is called, as it is written

    def argument(self, place: int, name: str = "") -> Any:
        """Give the argument at a place, or of a name; UNKNOWN where there is neither."""
        if name in self.keywords:
            return self.keywords[name]
        return self.args[place] if 0 <= place < len(self.args) else UNKNOWN

    def texts(self, *names: str) -> list[str]:
        """Give the texts passed under the names, or at any place where no name is given."""
        values = (
            [self.keywords.get(name) for name in names]
            if names
            else [*self.args, *self.keywords.values()]
        )
        return [text for value in values for text in texts_of(value)]


@dataclass(frozen=True, slots=True)
class Definition:  # pylint: disable=too-many-instance-attributes
    """One function or class: its qualified name, what decorates it, its bases, its lines."""

    name: str
    kind: str  # function or class
    path: str
    line: int
    end: int
    first: int = 0  # line of its first decorator, else that of itself
    docstring: tuple[int, int] = (
        0,
        0,
    )  # first and last line; zeros where there is none
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    returns: str = ""

    @property
    def short(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]


class Relative(NamedTuple):
    """One import from the own package: `from ..base import names`."""

    level: int
    base: str
    names: tuple[str, ...]


@dataclass(slots=True)
class Module:  # pylint: disable=too-many-instance-attributes
    """What one file of Python, or the code of one notebook, holds."""

    path: str
    name: str  # dotted, from the root: `src.bikes.jobs`
    notebook: bool = False
    broken: bool = False
    filled: bool = False  # whether it is a template, of which only the whole is Python
    has_main: bool = False
    acts: bool = False  # whether its body calls something for what that does
    aliases: dict[str, str] = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)  # dotted name -> line
    calls: list[Call] = field(default_factory=list)
    definitions: dict[str, Definition] = field(default_factory=dict)
    functions: list[Definition] = field(default_factory=list)  # namesakes too
    compares: set[str] = field(
        default_factory=set
    )  # functions that ask which is larger
    relative: list[Relative] = field(default_factory=list)
    references: dict[str, set[str]] = field(default_factory=dict)  # by function
    assigned: dict[tuple[str, str], list[tuple[int, Any]]] = field(default_factory=dict)
    asserts: dict[str, list[int]] = field(default_factory=dict)  # by function
    raises: dict[str, list[int]] = field(default_factory=dict)  # by function
    lines: list[int] = field(default_factory=list)  # of a notebook: its file's lines
    statements: int = 0  # of the body, imports and docstring left out

    def value(self, function: str, name: str) -> Any:
        """Give what a variable was last assigned, in the function or in the module."""
        found = self.assigned.get((function, name)) or self.assigned.get(("", name))
        return found[-1][1] if found else UNKNOWN

    @property
    def makes_service(self) -> bool:
        """Whether it makes a web service or a model server."""
        return any(SERVICE.match(call.name) for call in self.calls)

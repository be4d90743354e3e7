"""Write conf/table.yaml so that a person can read and change it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from ..files import replace
from ..table import PATH, Column, Table


class _Dumper(yaml.SafeDumper):
    """Writes a column on one line, so that a thousand of them stay readable."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list, too."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write what is said twice twice, for `*id001` is hard to read."""
        return True


def _dump_column(dumper: yaml.SafeDumper, column: Column) -> yaml.Node:
    # Missing values are not allowed unless it says so; 0 is a border like any other.
    said = {
        name: value
        for name, value in asdict(column).items()
        if value is not None and value is not False
    }
    return dumper.represent_mapping("tag:yaml.org,2002:map", said, flow_style=True)


def _dump_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Escape what cannot be seen; other quotes would fold an odd line break to a space."""
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


class _Open(dict[str, Any]):
    """A mapping that is written as `name: value`, without braces."""


_Dumper.add_representer(str, _dump_text)
_Dumper.add_representer(Column, _dump_column)
_Dumper.add_representer(
    _Open,
    lambda dumper, said: dumper.represent_mapping(
        "tag:yaml.org,2002:map", said, flow_style=False
    ),
)

ORDER = (
    *("source", "task", "target", "classes", "time", "id"),
    *("split", "slices", "sensitive", "directions", "columns"),
)
# What a reader of the file must know, above the setting that it is about.
COMMENTS = {
    "source": "What the table is; `make adopt` wrote this. Read it: you know more of it.",
    "classes": "Of two classes the last one is what we look for.",
    "time": "Orders the rows; the split cuts along it.",
    "id": "Names a row in the predictions; never an input.",
    "split": "The rows to learn from, to judge with, and those that come later.",
    "slices": "Groups whose metrics are shown one by one.",
    "sensitive": "Groups that must be served alike.",
    "directions": "What an expert expects as an input changes.",
    "columns": "What is known when the prediction is asked for, and nothing else: remove what "
    "is not.\n# `min`, `max` and `categories` are those of the file; say what is plausible.",
}


def write_table(table: Table, path: Path = PATH) -> None:
    """Write the description so that a person can read and change it."""
    said = {name: getattr(table, name) for name in ORDER}
    text = "".join(
        _write_setting(name, value)
        for name, value in said.items()
        if value not in (None, [])
    ).lstrip()
    replace(path, lambda draft: draft.write_text(text, "utf-8"))


def _write_setting(name: str, value: Any) -> str:
    comment = f"\n# {COMMENTS[name]}\n" if name in COMMENTS else ""
    said = yaml.dump(
        _Open({name: value}),
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=None,
        allow_unicode=True,
        width=10_000,
    )
    return f"{comment}{said}"

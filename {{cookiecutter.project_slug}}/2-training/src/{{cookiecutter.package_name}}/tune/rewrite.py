"""Change the parameters in conf/settings.yaml and leave a person's comments in place."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .. import files
from ..refusal import Refusal
from ..settings import PATH, read_settings


def write_parameters(parameters: dict[str, Any], path: Path = PATH) -> None:
    """Set the named parameters of the model; all else in the file stays as it was."""
    before = read_settings(path)
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 10_000
    try:
        content = editor.load(path)
    except YAMLError as error:
        raise Refusal(
            f"{path} cannot be changed without loss; write the parameters by hand."
        ) from error
    if not content.get("model"):
        content["model"] = {}
    content["model"].update(parameters)

    def write(draft: Path) -> None:
        editor.dump(content, draft)
        if read_settings(draft).model != {**before.model, **parameters}:
            raise Refusal(f"{path} was left as it is; write the parameters by hand.")

    files.replace(path, write)

"""Dockerfiles: the stages of an image and the instructions in them."""

import io
import json
import re
from dataclasses import dataclass

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Instruction:
    """One instruction: its name in capitals, what follows it, its line, its stage."""

    name: str
    value: str
    line: int
    stage: str

    @property
    def words(self) -> list[str]:
        """The words of the exec form, none for the shell form."""
        try:
            words = json.loads(self.value) if self.value.startswith("[") else []
        except ValueError:
            return []
        return [str(word) for word in words] if isinstance(words, list) else []

    @property
    def shell(self) -> str:
        """The command as a shell would read it, options such as --mount left out."""
        if self.words:
            return " ".join(quote(word) for word in self.words)
        return re.sub(r"^(\s*--[a-z]+(=\S+)?\s+)+", "", self.value)


def quote(word: str) -> str:
    """Quote a word that holds a space."""
    return "'" + word.replace("'", "'\\''") + "'" if " " in word else word


def read_dockerfile(text: str) -> list[Instruction]:
    """Read every instruction, in order. Raises ValueError on content that is none."""
    parser = DockerfileParser(fileobj=io.BytesIO(text.encode("utf-8", "replace")))
    found: list[Instruction] = []
    stage = ""
    for entry in parser.structure:
        name, value = entry["instruction"].upper(), entry["value"].strip()
        if name == "FROM":
            words = value.split()
            stage = words[-1] if len(words) > 2 and words[-2].lower() == "as" else value
        if name != "COMMENT":
            found.append(Instruction(name, value, entry["startline"] + 1, stage))
    return found

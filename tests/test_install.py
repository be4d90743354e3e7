"""`pip install .` gives the command, with all the files that it reads."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BakedProject
from environments import HOUSE

Command = list[str | Path]


@pytest.mark.slow
def test_what_pip_installs_assesses_a_repository_from_anywhere(
    ladder: dict[str, BakedProject], tmp_path: Path
) -> None:
    uv = Path(sys.executable).with_name("uv")
    python, page = tmp_path / "venv/bin/python", tmp_path / "page.html"
    subprocess.run([uv, "venv", "--quiet", tmp_path / "venv"], check=True)
    install: Command = [uv, "pip", "install", "--quiet", "--python", python, HOUSE]
    subprocess.run(install, check=True)
    command: Command = [python.with_name("mlops-maturity"), "scan", ladder["2"].path]
    said = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Level 2 by evidence" in said.stdout
    subprocess.run([*command, "--output", page], cwd=tmp_path, check=True)
    assert "Level 2 by evidence" in page.read_text("utf-8")

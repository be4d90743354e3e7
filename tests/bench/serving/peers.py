"""BentoML, in an environment of its own: its needs are not ours, so it is in none of our locks."""

import subprocess
from pathlib import Path

from .servers import HERE, PORT, Server, find_package, read_champion

NEEDS = ("bentoml==1.4.40", "numpy", "onnxruntime", "pyyaml")


def install(project: Path, folder: Path) -> Path | None:
    """Install it with the Python of the project; None where it cannot be had, as offline."""
    made = folder / "bento"
    python = project / ".venv/bin/python"
    words = [
        ["uv", "venv", "--quiet", "--python", str(python), str(made)],
        ["uv", "pip", "install", "--quiet", "--python", str(made), *NEEDS],
    ]
    for command in words:
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return made


def describe(project: Path, folder: Path, environment: Path) -> Server:
    """Name the server; it answers from the same package as ours."""
    return Server(
        "BentoML",
        [
            "env",
            f"BENTO_PACKAGE={find_package(project)}",
            f"BENTO_FOLDER={folder / 'packages' / read_champion(project)}",
            str(environment / "bin/bentoml"),
            "serve",
            "bento:Champion",
            "--working-dir",
            str(HERE),
            "--port",
        ],
        folder,
        PORT + 6,
        shape="named",
    )

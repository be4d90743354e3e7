"""The image of the fast service is built and stands its tests where a container tool is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from environments import Project
from test_level_1 import find_engine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("level", [3, 4])
def test_the_serving_image_is_built_and_proven(
    level: int, finished: Callable[[int], Project], tmp_path: Path
) -> None:
    runner, variables = find_engine(tmp_path)
    project = finished(level).copy(tmp_path)
    project = replace(project, environment=project.environment | variables)
    tag = f"localhost/mlops-ladder-test:level-{level}"
    try:
        project.make("serving-image", f"TAG={tag}")
        # Where one tool builds and another runs, `make deploy TARGET=image` is two commands.
        deploy = [".venv/bin/python", "-m", "flight_delays", "deploy"]
        done = project.run(*deploy, TARGET="image", TAG=tag, ENGINE=runner)
        assert "no error" in done.stdout
        assert "proven" in project.make("deployments").stdout
        user = project.run(
            runner, "image", "inspect", "--format", "{{.Config.User}}", tag
        )
        assert user.stdout.strip() == "10001:10001"
    finally:
        project.run(runner, "image", "rm", "--force", tag, check=False)

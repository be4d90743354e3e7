"""The shared projects stand alone: away from this repository, in a path with a space."""

from collections.abc import Callable
from pathlib import Path

import pytest
from environments import HOUSE, Project

Installed = Callable[[int], Project]
pytestmark = pytest.mark.slow


def test_the_project_knows_nothing_of_this_repository(installed: Installed) -> None:
    project = installed(0)
    assert " " in str(project.path)
    assert HOUSE not in project.path.parents
    assert str(HOUSE / ".venv/bin") not in project.environment["PATH"]


def test_its_packages_are_its_own(installed: Installed) -> None:
    where = installed(0).python("-c", "import pandas; print(pandas.__file__)")
    assert where.stdout.startswith(str(installed(0).path))


def test_its_source_is_its_own(installed: Installed) -> None:
    project = installed(0)
    where = "import flight_delays; print(flight_delays.__file__)"
    assert project.python("-c", where).stdout.startswith(str(project.path / "src"))


def test_a_changed_copy_leaves_the_shared_project_alone(
    installed: Installed, tmp_path: Path
) -> None:
    project, copy = installed(0), installed(0).copy(tmp_path)
    where = "import flight_delays; print(flight_delays.__file__)"
    assert copy.python("-c", where).stdout.startswith(str(copy.path / "src"))
    (copy.path / "README.md").unlink()
    assert (project.path / "README.md").exists()


def test_a_failure_shows_what_the_command_printed(installed: Installed) -> None:
    with pytest.raises(AssertionError, match="No rule to make target"):
        installed(0).make("no-such-target")

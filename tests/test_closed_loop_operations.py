"""Our own template proves the detectors of operations: each level has its own, none above.

Every level is rendered once; each capability must be present from its level upward and not
below, and without the files that deliver it, it must not be present.
"""

import shutil
from functools import cache
from pathlib import Path

import pytest

from maturity_assessment.capabilities import Capability, read_capabilities
from maturity_assessment.detectors import read_own
from maturity_assessment.evidence import Finding, Status
from maturity_assessment.render import render
from maturity_assessment.scan.repository import Repository

OURS = (
    "online_serving batch_scoring cd_deploy iac k8s drift_monitoring service_metrics"
    " security_scanning dependency_updates dev_environment model_packaging prediction_logging"
    " release_strategies fast_serving batch_at_scale rollback environments performance_estimation"
    " performance_monitoring status_page incident_process model_inventory risk_assessment"
    " audit_trail simulated_year"
).split()
CAPABILITIES = [one for one in read_capabilities() if one.id in OURS]
LEVELS = range(5)


@pytest.fixture(scope="module", name="projects")
def make_projects(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A project of each level."""
    folder = tmp_path_factory.mktemp("levels")
    answers = {"cloud": "aws"}
    return {
        level: render(answers | {"maturity_level": str(level)}, folder / str(level))
        for level in LEVELS
    }


@cache
def open_project(path: Path) -> Repository:
    """Read a project once for all capabilities."""
    return Repository(path)


def detect(repository: Repository, capability: str) -> Finding:
    """Let one detector look."""
    return read_own()[capability].detect(repository)


def test_every_capability_of_the_model_is_looked_for() -> None:
    assert [one.id for one in CAPABILITIES if one.id not in read_own()] == []
    assert len(CAPABILITIES) == len(OURS)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.id)
def test_a_capability_is_present_from_its_level_upward(
    projects: dict[int, Path], capability: Capability
) -> None:
    found = [detect(open_project(projects[level]), capability.id) for level in LEVELS]
    present = [one.status == Status.PRESENT for one in found]
    assert present == [level >= capability.level for level in LEVELS], [
        one.why for one in found
    ]


@pytest.mark.slow
@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.id)
def test_without_its_files_a_capability_is_not_present(
    projects: dict[int, Path], tmp_path: Path, capability: Capability
) -> None:
    project = projects[capability.level]
    copy = shutil.copytree(project, tmp_path / "project")
    for pattern in capability.deliver("flight_delays"):
        for file in copy.glob(pattern):
            file.unlink()
    found = detect(Repository(copy), capability.id)
    assert found.status != Status.PRESENT, found.evidence

"""Our own template, found again: each capability of training from its level on, and not below.

Then the files that deliver one capability are deleted, and it is no longer present.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LEVELS, BakedProject

from maturity_assessment.capabilities import Capability, read_capabilities
from maturity_assessment.evidence import Scan, Status
from maturity_assessment.scan import scan

OURS = (
    "tests_data tests_model type_check ci_trains_model experiment_tracking"
    " model_registry data_versioning data_validation pipeline_orchestration"
    " model_quality_gate auto_retraining champion_challenger_or_ab explainability"
    " fairness model_card hyperparameter_search reproducible_run training_script"
    " evaluation_report exploration_notebook own_table retraining_triggers"
).split()
# Files of another capability that show this one too, whoever reads them: a test of commands
# that asks a model for answers is a test of the model.
ALSO = {
    "type_check": [".pre-commit-config.yaml"],
    "tests_data": [
        "tests/test_table.py",
        "tests/test_commands.py",
        "tests/test_behaviour.py",
    ],
    "tests_model": [
        "tests/test_commands.py",
        "tests/test_image.py",
        "tests/test_service.py",
    ],
}
CAPABILITIES = {one.id: one for one in read_capabilities() if one.id in OURS}


@pytest.fixture(scope="session", name="scans")
def fixture_scans(ladder: dict[str, BakedProject]) -> dict[str, Scan]:
    """One scan of a project of each level."""
    return {level: scan(project.path) for level, project in ladder.items()}


def test_every_capability_of_training_is_one_of_the_model() -> None:
    assert set(CAPABILITIES) == set(OURS)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("level", LEVELS)
def test_it_is_present_from_its_level_on(
    scans: dict[str, Scan], level: str, name: str
) -> None:
    found = scans[level].findings[name]
    wanted = int(level) >= CAPABILITIES[name].level
    assert (found.status == Status.PRESENT) == wanted, found.why


def delete(folder: Path, capability: Capability, package: str) -> Iterator[Path]:
    """Delete what delivers a capability, and what else shows it; gives what was deleted."""
    for pattern in [*capability.deliver(package), *ALSO.get(capability.id, [])]:
        for path in folder.glob(pattern):
            path.unlink()
            yield path


@pytest.mark.slow
@pytest.mark.parametrize("name", OURS)
def test_without_its_files_it_is_not_present(
    ladder: dict[str, BakedProject], tmp_path: Path, name: str
) -> None:
    capability = CAPABILITIES[name]
    project = ladder[str(capability.level)].path
    copy = tmp_path / "project"
    shutil.copytree(project, copy)
    package = next(path.name for path in (copy / "src").iterdir() if path.is_dir())
    assert list(delete(copy, capability, package))
    found = scan(copy).findings[name]
    assert found.status != Status.PRESENT, found.evidence

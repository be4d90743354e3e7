"""A folder that is handed over proves itself, and a rebuilt run is compared number by number."""

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }} import (
    bundle_check,
    reproduce,
    sandbox,
)
from {{ cookiecutter.package_name }}.bundle import (
    manifest,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """A folder with its list of files."""
    (tmp_path / "part").mkdir()
    (tmp_path / "part/a b.txt").write_text("one", "utf-8")
    (tmp_path / "c.txt").write_text("two", "utf-8")
    manifest.write(tmp_path)
    return tmp_path


def test_a_folder_that_nobody_touched_has_no_changes(folder: Path) -> None:
    assert manifest.find_changes(folder) == []


def test_one_changed_byte_is_found(folder: Path) -> None:
    (folder / "part/a b.txt").write_text("onf", "utf-8")
    assert manifest.find_changes(folder) == ["part/a b.txt was changed"]


def test_files_that_came_and_went_are_found(folder: Path) -> None:
    (folder / "c.txt").rename(folder / "d.txt")
    assert manifest.find_changes(folder) == ["c.txt is missing", "d.txt was added"]


def test_no_code_of_a_changed_bundle_is_run(folder: Path) -> None:
    (folder / "c.txt").unlink()
    with pytest.raises(Refusal, match="FAILED: c.txt is missing"):
        bundle_check.check(folder)


def test_a_folder_without_a_list_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not a bundle"):
        manifest.find_changes(tmp_path)


def test_every_number_of_the_report_is_compared() -> None:
    report = {
        "validation": {"auc": 0.7, "rows": 3},
        "live": [{"period": "2013-04", "auc": None, "rows": 2}],
    }
    assert reproduce.flatten(report) == {
        "validation auc": 0.7,
        "validation rows": 3,
        "2013-04 auc": None,
        "2013-04 rows": 2,
    }


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (0.7, 0.7, True),
        (0.7, 0.7 + 1e-12, True),
        (0.7, 0.7 + 1e-6, False),
        (None, None, True),
        (0.7, None, False),
    ],
)
def test_numbers_agree_up_to_the_last_digits(
    before: float | None, after: float | None, same: bool
) -> None:
    assert reproduce.Pair("auc", before, after).same is same


def test_what_fails_in_the_sandbox_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no idea"):
        sandbox.run(tmp_path, tmp_path, "-c", "raise SystemExit('no idea')")

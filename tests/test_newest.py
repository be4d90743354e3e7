"""What `make newest` says is right: an old pin is seen, a bound is lifted, a failure is shown."""

from pathlib import Path

import pytest
from environments import HOUSE
from newest import Outcome, copy_house, describe, find_news, lift_bounds
from test_locks import NEEDS


@pytest.mark.parametrize(
    "need, lifted",
    [
        ("pandas<3.1", "pandas"),
        ("mlflow[extra]>=3,!=3.18.0 # why", "mlflow[extra]# why"),
        ("dvc", "dvc"),
        ("# pandas<3.1 is a comment", "# pandas<3.1 is a comment"),
    ],
)
def test_bounds_are_lifted(need: str, lifted: str) -> None:
    assert lift_bounds(need) == lifted


def test_another_version_than_ours_is_news(tmp_path: Path) -> None:
    house = copy_house(tmp_path / "house")
    assert not find_news(house)
    lock = house / NEEDS[-1].with_suffix(".txt").relative_to(HOUSE)
    text = lock.read_text("utf-8")
    lock.write_text(text.replace("\njoblib==", "\njoblib==99."), "utf-8")
    (news,) = find_news(house)
    assert news.startswith("- joblib ") and "-> 99." in news


def test_a_failure_is_shown_with_what_was_printed() -> None:
    said = "\n".join(describe([Outcome(0, "", ""), Outcome(1, "make all", "boom")]))
    assert "| 0 | works |" in said
    assert "| 1 | make all failed |" in said
    assert "boom" in said

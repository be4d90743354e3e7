"""Past commits are scored by today's ruler, and the repository is not touched."""

import json
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import tree
from test_cli import CI, FILES, refusal, run, write

from maturity_assessment import git
from maturity_assessment.git import Commit
from maturity_assessment.history import pick, trace

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
PLAIN = {k: v for k, v in FILES.items() if "workflows" not in k}


def commit(folder: Path, day: int) -> None:
    """Commit everything on a day of January 2026."""
    when = f"2026-01-{day:02}T12:00:00Z"
    environment = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    for command in (["add", "--all"], ["commit", "-qm", "More"]):
        whole = ["git", "-C", str(folder), *WHO, *command]
        subprocess.run(whole, check=True, env=environment)


@pytest.fixture(name="repository")
def fixture_repository(tmp_path: Path) -> Path:
    """Give a repository of three commits that climbs, and then loses its tests in CI."""
    folder = write(tmp_path / "a repository", PLAIN)
    subprocess.run(["git", "init", "-q", folder], check=True)
    commit(folder, 1)
    write(folder, {".github/workflows/ci.yml": CI})
    commit(folder, 2)
    (folder / ".github/workflows/ci.yml").unlink()
    commit(folder, 3)
    return folder


def test_each_commit_is_found_as_it_was(repository: Path) -> None:
    points = trace(repository, 12, 1)
    assert [(p.day, p.level) for p in points] == [
        ("2026-01-01", 0),
        ("2026-01-02", 1),
        ("2026-01-03", 0),
    ]
    assert points[1].share > points[0].share
    assert len({point.ruler for point in points}) == 1


def test_the_repository_is_not_touched_even_where_work_is_under_way(
    repository: Path,
) -> None:
    write(repository, {"app.py": "unfinished = (", "new.txt": "mine"})
    before = tree(repository)
    assert run("history", repository).exit_code == 0
    assert tree(repository) == before


def test_the_line_is_shown_and_drawn(repository: Path, tmp_path: Path) -> None:
    svg, lines = tmp_path / "trend.svg", tmp_path / "trend.json"
    done = run("history", repository, "--output", svg, "--output", lines)
    assert [line for line in done.stdout.splitlines() if line.startswith("2026-01-02")]
    assert max(map(len, done.stdout.splitlines())) <= 80
    root = ElementTree.parse(svg).getroot()
    assert "2026-01-03" in "".join(root.itertext())
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [point["level"] for point in told] == [0, 1, 0]


def test_so_many_commits_are_picked_evenly_with_both_ends() -> None:
    commits = [Commit(str(number), number) for number in range(101)]
    assert [c.time for c in pick(commits, 5)] == [0, 25, 50, 75, 100]
    assert [c.time for c in pick(commits, 1)] == [100]
    assert [c.time for c in pick(commits[:3], 12)] == [0, 1, 2]
    assert pick([], 5) == []


def test_without_history_the_command_refuses(tmp_path: Path) -> None:
    assert "git cannot read" in refusal("history", tmp_path)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert "git cannot read" in refusal("history", tmp_path)


def configure(folder: Path, key: str, value: str) -> None:
    """Set something in a repository's own settings."""
    subprocess.run(["git", "-C", str(folder), "config", key, value], check=True)


def test_no_setting_of_the_repository_runs_anything(
    repository: Path, tmp_path: Path
) -> None:
    trap = f"touch '{tmp_path}/trapped'"
    write(repository, {".gitattributes": "* filter=trap diff=trap export-ignore\n"})
    commit(repository, 4)
    for key in ("filter.trap.smudge", "core.fsmonitor", "core.pager", "gpg.program"):
        configure(repository, key, trap)
    configure(repository, "log.showSignature", "true")
    found = trace(repository, 12, 1)
    assert len(found) == 4 and found[-1].left_out == 0
    assert not (tmp_path / "trapped").exists()


def test_links_and_large_files_are_left_out_and_counted(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "link").symlink_to("/etc/passwd")
    (repository / "large.bin").write_bytes(b"0" * (git.LARGEST + 1))
    commit(repository, 4)
    assert git.export(repository, "HEAD", tmp_path / "out") == 2
    assert not (tmp_path / "out/link").exists()
    assert (tmp_path / "out/data file.csv").read_text("utf-8") == "a,b\n1,2\n"


def test_a_path_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    assert git.is_within(tmp_path / "a/b", tmp_path)
    assert not git.is_within(tmp_path / "../b", tmp_path)
    assert not git.is_within(tmp_path / "a/.GIT/config", tmp_path)


def test_a_folder_of_a_repository_has_a_history_of_its_own(
    repository: Path,
) -> None:
    write(repository / "one", PLAIN)
    commit(repository, 4)
    points = trace(repository / "one", 12, 1)
    assert points[0].share < points[-1].share


def test_a_scan_says_what_changed_since_a_commit(repository: Path) -> None:
    before = tree(repository)
    text = run("scan", repository, "--since", "HEAD~1", "--format", "markdown").stdout
    assert "**Level 1 before, 0 now.**" in text
    assert "**worse**: `ci_tests` evidenced → absent" in text
    assert tree(repository) == before


def test_a_commit_that_is_not_there_is_refused(repository: Path) -> None:
    for revision in ("no-such-branch", "--output=x", "HEAD:README.md"):
        said = refusal("scan", repository, f"--since={revision}")
        assert "is no commit of" in said


def test_a_folder_that_is_new_has_nothing_to_compare_with(repository: Path) -> None:
    write(repository / "one", PLAIN)
    done = run("scan", repository, "--subdir", "one", "--since", "HEAD")
    assert done.exit_code == 0 and "Since the baseline" not in done.stdout

"""Make a small repository in a folder, and scan it."""

from pathlib import Path
from textwrap import dedent

from maturity_assessment.evidence import Finding, Status
from maturity_assessment.scan import scan
from maturity_assessment.scan.repository import Repository

Files = dict[str, str | bytes]


def make_tree(folder: Path, files: Files) -> Path:
    """Write files, each text without the indentation that it has in a test."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content).lstrip("\n"), "utf-8")
    return folder


def read_tree(folder: Path, files: Files) -> Repository:
    """Make a repository and open it for reading."""
    return Repository(make_tree(folder, files))


def find(folder: Path, capability: str, files: Files) -> Finding:
    """Make a repository and give what the scan says of one capability."""
    found = scan(make_tree(folder, files))
    failed = [note.why for note in found.notes if "the detector" in note.why]
    assert not failed
    return found.findings[capability]


def expect(folder: Path, capability: str, status: Status, files: Files) -> None:
    """Check the status; what is present has operative evidence in a file that is there."""
    found = find(folder, capability, files)
    assert found.status == status, (found.why, found.evidence)
    if status == Status.PRESENT:
        assert found.evidence[0].operative
        assert (folder / found.evidence[0].path).is_file()

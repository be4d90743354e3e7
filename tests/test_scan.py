"""The scan reads whatever is there, and what it cannot read becomes a note."""

import gc
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from traps.trees import Files, make_tree, read_tree

from maturity_assessment.evidence import Status
from maturity_assessment.scan import scan
from maturity_assessment.scan.config.yamls import read_documents
from maturity_assessment.scan.python import Call
from maturity_assessment.scan.tree.git import parse_index
from maturity_assessment.scan.tree.glob import matches

ROOT = Path(__file__).parents[1]
WORKFLOW = ".github/workflows/ci.yml"
BROKEN: dict[str, bytes] = {
    ".travis.yml": b"a: [1, 2\nb: }{",
    "pixi.toml": b"[tool\nx = ",
    "package.json": b"{not json",
    "setup.cfg": b"no section = 1\n[[",
    "main.tf": b'resource "x" {{{',
    "Dockerfile": b"FROM\nRUN \\\n",
    "old.py": b"print 'hello'\nexec 'x'\n",
    "null.py": b"a = 1\0\n",
    "deep.py": b"x = " + b"(" * 5000,
    "deep.json": b"[" * 100_000,
    "deep.yaml": b"[" * 100_000,
    "deep_map.yaml": b"{a: " * 5000,
    "minus.py": b"x = " + b"-" * 60_000 + b"1",
    "book.ipynb": b'{"cells": [{"cell_type": "code", "source": 3}, null, 5]}',
    "list.ipynb": b"[]",
    "Makefile": b"all: \\\n\t\\\n$(((\n\t@$(call",
    "Jenkinsfile": b"pipeline { stage('x { sh '''",
    "run.sh": b"if then ((( <<EOF\n'",
    "justfile": b"x y z:::\n  {{\n",
    "tox.ini": b"[testenv\ncommands",
    WORKFLOW: b"on: push\njobs: {a: [1], b: null, c: {steps: {x: 1}}}\n",
    ".gitlab-ci.yml": b"include: .gitlab-ci.yml\na: {extends: a, script: !reference [a, script]}\n",
    ".circleci/config.yml": b"workflows: {a: {jobs: [{b: null}, 3]}}\njobs: []\n",
    "azure-pipelines.yml": b"steps:\n- template: azure-pipelines.yml\n- {script: x}\n",
    "dvc.yaml": b"stages: [1, 2]\n",
    "docker-compose.yml": b"services: {a: 1, b: {build: []}}\n",
    ".pre-commit-config.yaml": b"repos: {a: 1}\n",
    "mise.toml": b"tasks = 3\n",
    "pyproject.toml": b"project = 1\ntool = 2\n",
    "MLproject": b"entry_points: [1]\n",
}


def test_broken_files_are_notes_and_not_a_traceback(tmp_path: Path) -> None:
    found = scan(make_tree(tmp_path, dict(BROKEN)))
    noted = {note.path for note in found.notes}
    assert {".travis.yml", "pixi.toml", "old.py", "deep.py", "null.py"} <= noted
    assert not [note for note in found.notes if "the detector" in note.why]
    assert all(one.status != Status.PRESENT for one in found.findings.values())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(sorted(BROKEN)), content=st.binary(max_size=300))
def test_no_content_of_any_file_ends_the_scan(
    tmp_path: Path, name: str, content: bytes
) -> None:
    found = scan(make_tree(tmp_path, {name: content}))
    assert not [note for note in found.notes if "the detector" in note.why]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_a_file_is_read_in_whatever_encoding_it_has(
    tmp_path: Path, encoding: str
) -> None:
    text = "name: né\non: push\njobs: {}\n".encode(encoding)
    repository = read_tree(tmp_path, {"a.yaml": text})
    assert repository.yaml("a.yaml").get("name").text == "né"
    assert not repository.notes.all()


def test_a_toml_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf[tool.ruff]\nline-length = 88\n"
    repository = read_tree(tmp_path, {"pyproject.toml": content})
    assert repository.toml("pyproject.toml")["tool"]["ruff"] == {"line-length": 88}


def test_a_templated_file_is_read_filled_in(tmp_path: Path) -> None:
    files = {
        "a.py": "from {{ cookiecutter.package }} import train\n{% if x %}\ntrain()\n{% endif %}\n",
        "chart/templates/d.yaml": (
            "kind: Job\n{{- if .Values.x }}\napiVersion: {{ .v }}\n" "{{- end }}\n"
        ),
    }
    repository = read_tree(tmp_path, dict(files))
    assert [call.name for call in repository.python.calls("*.train")] == [
        "package.train"
    ]
    assert [(one.kind, one.line) for one in repository.manifests] == [("Job", 1)]
    assert not repository.notes.all()


def test_a_billion_laughs_are_not_laughed(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for place in range(1, 30):
        names = ", ".join([f"*a{place - 1}"] * 9)
        lines.append(f"a{place}: &a{place} [{names}]")
    text = "\n".join(["on: push", "jobs: *a29", *lines])
    start = time.process_time()
    scan(make_tree(tmp_path, {WORKFLOW: text, "dvc.yaml": text, "k8s.yaml": text}))
    assert time.process_time() - start < 5
    assert sum(1 for _ in read_documents("\n".join(lines))[0].walk()) < 400


def test_nothing_of_a_repository_stays_after_its_scan(tmp_path: Path) -> None:
    name = "read_and_forgotten.py"
    text = "import mlflow\nmlflow.log_metric('accuracy', 1)\n"
    scan(make_tree(tmp_path, {name: text}))
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, Call)]
    assert name not in {call.path for call in kept}


KEEPS = "def keep(client, row):\n    client.put_record(row)\n"
SERVICE = """\
import joblib
from fastapi import FastAPI
import one
import two

app, model, client = FastAPI(), joblib.load("model.joblib"), object()


@app.post("/predict")
def predict(row: dict):
    one.keep(client, row)
    two.keep(client, row)
    return model.predict([row])
"""


def test_the_report_does_not_depend_on_how_sets_are_ordered(tmp_path: Path) -> None:
    steps = "".join(
        f"step{n}:\n\tpython load.py {n}\n\tpython train.py {n}\n" for n in range(5)
    )
    train = "from sklearn.svm import SVC\nSVC().fit([[1]], [1])\n"
    make_tree(tmp_path, {"Makefile": steps, "train.py": train, "load.py": "print(1)\n"})
    make_tree(tmp_path, {"serve.py": SERVICE, "one.py": KEEPS, "two.py": KEEPS})
    command = [sys.executable, "-m", "maturity_assessment.cli", "scan", str(tmp_path)]
    reports = {
        subprocess.run(
            [*command, "--format", "json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in "1234"
    }
    assert len(reports) == 1


def test_a_large_file_is_noted_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(200_000_000)
    start = time.process_time()
    found = scan(tmp_path)
    assert time.process_time() - start < 2
    assert [note.path for note in found.notes if "200,000,000" in note.why] == [
        "huge.py"
    ]


def test_links_are_not_followed_out_or_in_circles(tmp_path: Path) -> None:
    make_tree(tmp_path / "elsewhere", {"secret.py": "import mlflow\n"})
    root = make_tree(tmp_path / "a repository", {"inside.py": "x = 1\n"})
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "elsewhere")
    (root / "out.py").symlink_to(tmp_path / "elsewhere" / "secret.py")
    (root / "self").symlink_to(root / "self")
    (root / "README.md").symlink_to(root / "inside.py")
    repository = read_tree(root, {})
    assert set(repository.files) == {"inside.py", "README.md"}
    assert "out.py" in {note.path for note in repository.notes.all()}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_note(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": "x = 1\n", "shut/b.py": "x = 1\n"})
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "shut").chmod(0)
    noted = {note.path for note in scan(tmp_path).notes}
    (tmp_path / "shut").chmod(0o700)
    assert noted == {"a.py", "shut"}


def test_ten_thousand_files_take_seconds(tmp_path: Path) -> None:
    for folder in range(100):
        (tmp_path / str(folder)).mkdir()
        for number in range(100):
            (tmp_path / str(folder) / f"{number}.yaml").write_text("a: 1\n", "utf-8")
    start = time.process_time()
    assert scan(tmp_path).files == 10_000
    assert time.process_time() - start < 8


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    files = {
        ".gitignore": "/data/\n*.log\n!keep.log\n",
        "data/a.py": "",
        "deep/data/b.py": "",
        "x.log": "",
        "keep.log": "",
        "deep/.gitignore": "c.py\n",
        "deep/c.py": "",
        "node_modules/d.py": "",
    }
    kept = set(read_tree(tmp_path, dict(files)).files)
    assert kept == {
        ".gitignore",
        "deep/.gitignore",
        "deep/data/b.py",
        "keep.log",
    }


def make_index(*paths: str) -> bytes:
    """Make an index of git's second version by the description of its layout."""
    content = b"DIRC" + struct.pack(">II", 2, len(paths))
    for path in paths:
        entry = bytes(60) + struct.pack(">H", len(path)) + path.encode()
        content += entry + bytes(8 - len(entry) % 8)
    return content + bytes(20)


def test_an_ignored_file_that_git_tracks_is_kept(tmp_path: Path) -> None:
    assert parse_index(make_index("a", "b/c.py")) == {"a", "b/c.py"}
    files = {".gitignore": "data/\n", "data/raw.dvc": "outs:\n", "data/x.csv": "1\n"}
    make_tree(tmp_path, dict(files))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(make_index(".gitignore", "data/raw.dvc"))
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    (tmp_path / ".git" / "packed-refs").write_text(
        "0" * 39 + "1 refs/heads/main\n", "utf-8"
    )
    repository = read_tree(tmp_path, {})
    assert set(repository.files) == {".gitignore", "data/raw.dvc"}
    assert repository.commit == "0" * 39 + "1"


def test_the_scan_writes_nothing_and_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    code = f"open({str(mark)!r}, 'w').write('x')\n"
    root = make_tree(
        tmp_path / "r", {"setup.py": code, "conftest.py": code, "a.py": code}
    )
    before = sorted(path.name for path in root.rglob("*"))
    scan(root)
    assert not mark.exists()
    assert sorted(path.name for path in root.rglob("*")) == before


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="There is no folder"):
        scan(tmp_path / "nowhere")


def test_an_empty_folder_has_nothing(tmp_path: Path) -> None:
    found = scan(tmp_path)
    assert found.files == 0
    assert not any(one.status == Status.PRESENT for one in found.findings.values())


def test_patterns_mean_names_anywhere_or_paths() -> None:
    assert matches("a/b/Dockerfile", "dockerfile")
    assert matches("Dockerfile", "Dockerfile*")
    assert matches(".github/workflows/x.YML", ".github/workflows/*.yml")
    assert not matches("a/.github/workflows/x.yml", ".github/workflows/*.yml")
    assert matches("a/b/c/kind.yml", "**/b/**/kind.yml")
    assert not matches("a/b.py", "/b.py")


def test_yaml_that_nests_deep_is_a_note_and_ends_nothing(tmp_path: Path) -> None:
    steps = "".join(f"{' ' * depth}a:\n" for depth in range(3000))
    files: Files = {
        "brackets.yaml": "[" * 100_000,
        "dashes.yaml": "- " * 50_000,
        "steps.yaml": steps,
        "fine.yaml": "a: " + "[" * 20 + "]" * 20,
    }
    repository = read_tree(tmp_path, files)
    found = {name: len(repository.yaml_documents(name)) for name in files}
    assert found == {name: int(name == "fine.yaml") for name in files}

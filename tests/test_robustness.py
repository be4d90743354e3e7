"""Whatever lies in a repository, a scan ends soon, notes what it left out, acts on nothing."""

import os
import random
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner
from environments import Project, clean_environment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network import block, read_calls
from traps.hostile import HOSTILE, WORKFLOW
from traps.trees import Files, make_tree

from maturity_assessment.cli import main
from maturity_assessment.evidence import Scan
from maturity_assessment.render import TEMPLATE
from maturity_assessment.report.formats import FORMATS
from maturity_assessment.scan import scan
from maturity_assessment.scan.commands.makefile import Makefile
from maturity_assessment.scan.repository import Repository

SECONDS = 12  # of the processor: several times what the slowest takes
MEGABYTE = 1_000_000
SOUND: Files = {
    "README.md": "# Flights\n\n" + "It tells which flights will be late. " * 20,
    ".gitignore": "data/\n",
    WORKFLOW: "on: [push]\njobs:\n  test:\n    steps:\n    - run: make test\n",
    "Makefile": "test:\n\tpytest -q\n",
    "requirements.txt": "scikit-learn==1.5.0\n",
    "src/train.py": "from sklearn.svm import SVC\nmodel = SVC()\nmodel.fit([[1]], [1])\n",
    "tests/test_train.py": "def test_it():\n    assert 1 + 1 == 2\n",
    "Dockerfile": 'FROM python:3.12\nCOPY . .\nCMD ["python", "src/train.py"]\n',
}


class TooLong(BaseException):
    """No detector's failure: the time was up."""


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what takes more seconds of the processor, which a busy machine does not stretch."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def picture(folder: Path) -> dict[bytes, tuple[int, ...]]:
    """Give each path under a folder with its kind, size and times of change."""
    found: dict[bytes, tuple[int, ...]] = {}
    for place, folders, files in os.walk(os.fsencode(folder)):
        for name in [b".", *folders, *files]:
            path = os.path.join(place, name)
            one = os.lstat(path)
            found[path] = (one.st_mode, one.st_size, one.st_mtime_ns, one.st_ctime_ns)
    return found


def inspect(folder: Path, seconds: float = SECONDS) -> Scan:
    """Scan a folder: in time, without a detector that fails, and leaving it as it was."""
    before = picture(folder)
    with limited(seconds):
        found = scan(folder)
    assert picture(folder) == before
    failed = ("the detector", "its kind is not known")
    assert not [one for one in found.notes if one.why.startswith(failed)]
    return found


def read_everything(folder: Path) -> Repository:
    """Ask every reader for everything, whether or not a detector does."""
    repository = Repository(folder)
    readers = {
        ".yaml": repository.yaml_documents,
        ".yml": repository.yaml_documents,
        ".toml": repository.toml,
        ".json": repository.json,
        ".cfg": repository.ini,
        ".ini": repository.ini,
        "Dockerfile": repository.dockerfile,
    }
    for path in repository.files:
        repository.head(path)
        repository.lines(path)
        readers.get(Path(path).suffix or Path(path).name, repository.read)(path)
        repository.python.tree(path)
        repository.python.operational(path)
    assert isinstance(repository.blocks + repository.manifests, list)
    assert isinstance(repository.hooks + repository.requirements, list)
    assert isinstance(repository.commands.all, list)
    return repository


def report(folder: Path) -> None:
    """Report on a folder in every format; the command may only end well."""
    for name in FORMATS:
        done = CliRunner().invoke(main, ["scan", str(folder), "--format", name])
        assert done.exit_code == 0, (name, done.output, done.exception)


# Content


SLOW = (
    "huge anchors",
    "thousands of steps",
    "growing makefile",
    "many names",
    "workflows that call each other",
)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in HOSTILE
    ],
)
def test_a_repository_made_to_hang_is_soon_read(tmp_path: Path, name: str) -> None:
    make_tree(tmp_path, HOSTILE[name]())
    inspect(tmp_path)
    with limited():
        read_everything(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
def test_the_findings_do_not_depend_on_the_encoding(
    tmp_path: Path, encoding: str
) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    coded: Files = {
        name: (mark + str(text)).encode(encoding) for name, text in SOUND.items()
    }
    coded[".gitignore"] = str(SOUND[".gitignore"])
    plain = inspect(make_tree(tmp_path / "plain", SOUND))
    other = inspect(make_tree(tmp_path / "other", coded))
    assert other.findings == plain.findings
    assert other.notes == plain.notes == ()


BROKEN: dict[str, str | bytes] = {
    "dvc.yaml": "stages: [1, 2\nb: }{",
    "pyproject.toml": "[tool\nx = ",
    "package.json": "{not json",
    "setup.cfg": "no section = 1\n[[",
    "book.ipynb": '{"cells": [',
    "old.py": "print 'hello'\nexec 'x'\n",
    "infra/main.tf": 'resource "x" {{{',
}
BROKEN_SILENTLY: Files = {
    "Makefile": "all: \\\n\t\\\n$(((\n\t@$(call",
    "run.sh": "if then ((( <<EOF\n'",
    "Jenkinsfile": "pipeline { stage('x { sh '''",
    "Dockerfile": "FROM\nRUN \\\n",
    "justfile": "x y z:::\n  {{\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_a_note_and_not_a_traceback(tmp_path: Path, name: str) -> None:
    inspect(make_tree(tmp_path, {**SOUND, name: BROKEN[name]}))
    assert name in {note.path for note in read_everything(tmp_path).notes.all()}


def test_a_broken_script_leaves_the_others_readable(tmp_path: Path) -> None:
    inspect(make_tree(tmp_path, {**BROKEN_SILENTLY, "ok/Makefile": "a:\n\tpytest\n"}))
    leaves = read_everything(tmp_path).commands.tasks
    assert any(leaf.runs("pytest") for leaf in leaves)


def test_a_template_of_jinja_is_read_with_its_marks_filled_in(tmp_path: Path) -> None:
    marked: Files = {
        name: f"{{# one #}}\n{str(text)}{{% if deep %}}\n{{% endif %}}\n"
        for name, text in SOUND.items()
    }
    assert not inspect(make_tree(tmp_path, marked)).notes


def test_a_text_of_make_grows_no_further() -> None:
    makefile = Makefile("Makefile", variables={"A0": "x" * 1000})
    for n in range(1, 12):
        makefile.variables[f"A{n}"] = f"$(A{n - 1})" * 50
    with limited(2):
        assert len(makefile.expand("$(A11)", {})) < 2 * MEGABYTE
        assert makefile.expand("${a " * 35_000, {})


def test_a_key_of_ten_thousand_parts_is_a_note(tmp_path: Path) -> None:
    make_tree(tmp_path, HOSTILE["deep tables"]())
    noted = read_everything(tmp_path).notes.all()
    assert any("more than a hundred parts" in note.why for note in noted)


def test_a_pipeline_that_includes_and_extends_itself_has_its_jobs(
    tmp_path: Path,
) -> None:
    make_tree(tmp_path, HOSTILE["pipelines that take themselves"]())
    repository = read_everything(tmp_path)
    systems = {workflow.system for workflow in repository.ci.workflows}
    assert {"gitlab", "azure", "circleci"} <= systems
    assert not any("nest too deep" in note.why for note in repository.notes.all())


def test_a_chain_of_thousands_of_recipes_is_followed_so_far(tmp_path: Path) -> None:
    files = HOSTILE["growing makefile"]()
    make_tree(tmp_path, {"justfile": files["justfile"]})
    with limited(6):
        repository = read_everything(tmp_path)
    assert not any("nest too deep" in note.why for note in repository.notes.all())


# Files that are none


def test_a_pipe_a_socket_and_a_folder_named_like_files_are_not_waited_for(
    tmp_path: Path,
) -> None:
    for name in ("Makefile", ".gitignore", "a.py", "b.ipynb", "dvc.yaml", "LICENSE"):
        os.mkfifo(tmp_path / name)
    for name in ("README.md", "pyproject.toml", "Dockerfile", ".git"):
        (tmp_path / name).mkdir()
    for name in ("HEAD", "index", "packed-refs", "config"):
        os.mkfifo(tmp_path / ".git" / name)
    for name in (".cookiecutter.json", "cookiecutter.json", ".mlops-maturity.yaml"):
        os.mkfifo(tmp_path / name)
    make_tree(tmp_path, {"src/train.py": "x = 1\n"})
    with open_socket(tmp_path / "requirements.txt"), alarmed():
        assert inspect(tmp_path).files == 1
        report(tmp_path)


@contextmanager
def open_socket(path: Path) -> Iterator[None]:
    """Keep a socket in the place of a file; its address must be short."""
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(path.parent)
        try:
            listening.bind(path.name)
        finally:
            os.chdir(before)
        yield


@contextmanager
def alarmed(seconds: int = 20) -> Iterator[None]:
    """Stop what waits, which takes no time of the processor."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong(f"waited more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_device_is_not_read(tmp_path: Path) -> None:
    try:
        os.mknod(tmp_path / "train.py", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("this system lets us make no device")
    make_tree(tmp_path, {"a.py": "x = 1\n"})
    assert inspect(tmp_path).files == 1


def test_no_link_leads_out_or_round_and_round(tmp_path: Path) -> None:
    secret = make_tree(tmp_path / "secret", {"train.py": "import mlflow\n"})
    make_tree(secret, {"all": "*\n"})
    os.mkfifo(secret / "pipe")
    root = make_tree(tmp_path / "root", {"src/train.py": "x = 1\n"})
    for name, target in {
        "self": root / "self",
        "loop": root,
        "src/up": root,
        "there": root / "back",
        "back": root / "there",
        "out": secret,
        "out.py": secret / "train.py",
        "Makefile": secret / "pipe",
        ".gitignore": secret / "all",
        "src/.gitignore": Path("/dev/zero"),
        "dvc.yaml": Path("/dev/zero"),
        "gone.yaml": root / "nowhere",
    }.items():
        (root / name).symlink_to(target)
    with alarmed():
        found = inspect(root)
    assert found.files == 1
    assert {"out.py", "Makefile", "dvc.yaml"} <= {note.path for note in found.notes}


@pytest.mark.parametrize(
    "name",
    ["a.py", "dvc.yaml", "b.ipynb", "package.json", "a.tf", "Makefile", "README.md"],
)
def test_a_file_of_two_hundred_megabytes_is_not_read(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(200 * MEGABYTE)
    inspect(tmp_path, seconds=2)
    with limited(2):
        noted = read_everything(tmp_path).notes.all()
    assert any("200,000,000 bytes" in note.why for note in noted)


def test_settings_of_two_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    make_tree(tmp_path, SOUND | {".git/HEAD": "0" * 40})
    for name in (".gitignore", ".git/index", ".git/packed-refs", ".cookiecutter.json"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(200 * MEGABYTE)
    inspect(tmp_path, seconds=3)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_note(tmp_path: Path) -> None:
    make_tree(tmp_path, SOUND)
    (tmp_path / "Makefile").chmod(0)
    assert "Makefile" in {note.path for note in inspect(tmp_path).notes}


# Names


NAMES = (
    "with space.py",
    'it\'s "quoted".py',
    "new\nline.py",
    "tab\t.yaml",
    "-rf.sh",
    "$(touch x).py",
    "{{ x }}.py",
    "<script>alert(1)<script>.md",
    "\x1b[31mred.py",
    "\u202eright to left.py",
    "a" * 250 + ".py",
)


def test_a_path_may_hold_anything(tmp_path: Path) -> None:
    root = tmp_path / 'it\'s a "repo"\n\u202e $(touch x)'
    for name in NAMES:
        make_tree(root, {name: "import mlflow\nmlflow.log_metric('a', 1)\n"})
    (root / os.fsdecode(b"latin-\xe9.py")).write_text("x = 1\n", "utf-8")
    make_tree(root, SOUND)
    assert inspect(root).files == len(NAMES) + 1 + len(SOUND)
    report(root)
    assert not (Path.cwd() / "x").exists()


# Git


DAMAGED: dict[str, Files] = {
    "a file": {".git": "gitdir: /dev/zero\n"},
    "a file that names itself": {".git": "gitdir: .git\n"},
    "a name with a NUL": {".git": b"gitdir: a\0b\n"},
    "nothing in it": {".git/x": ""},
    "a head that is noise": {".git/HEAD": random.Random(1).randbytes(5000)},
    "a head that leads out": {".git/HEAD": "ref: ../../../etc/passwd\n"},
    "a head that leads to itself": {".git/HEAD": "ref: HEAD\n"},
    "an index cut off": {".git/index": b"DIRC\0\0\0\2\0\0\0\5abc", ".git/HEAD": "x"},
    "an index without end": {".git/index": b"DIRC\0\0\0\2" + b"\xff" * 100_000},
    "an index of names": {".git/index": b"DIRC\0\0\0\4\0\0\xff\xff" + b"\x80" * 5000},
    "broken settings": {".git/config": "[core\n\0", ".git/HEAD": "0" * 40},
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_git_folder_is_as_none(tmp_path: Path, name: str) -> None:
    make_tree(tmp_path, {**SOUND, **DAMAGED[name]})
    with alarmed():
        found = inspect(tmp_path)
        done = CliRunner().invoke(main, ["scan", str(tmp_path)])
    assert found.files == len(SOUND) + (".git" in DAMAGED[name])
    assert done.exit_code == 0, done.output


# Nothing acts


def plant(root: Path, mark: Path) -> Path:
    """Make a repository of which every part would leave a file, were it run or imported."""
    python = f"open({str(mark)!r}, 'a').write(__file__)\n"
    shell = f"touch '{mark}'"
    make_tree(root, SOUND)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    modules = (
        "setup",
        "conftest",
        "sitecustomize",
        "noxfile",
        "tasks",
        "yaml",
        "click",
    )
    files: Files = {f"{name}.py": python for name in modules}
    files |= {
        "maturity_assessment/__init__.py": python,
        "hooks/pre_gen_project.py": python,
        "cookiecutter.json": '{"a": "b", "_extensions": ["tasks.Extension"]}',
        "{{cookiecutter.a}}/README.md": "hello\n",
        "Makefile": f"X := $(shell {shell})\ntest:\n\tpytest\n",
        "pyproject.toml": '[project.entry-points."mlops_maturity.detectors"]\nx = "tasks"\n',
        "main.tf": f'data "external" "x" {{ program = ["sh", "-c", "{shell}"] }}\n',
        "x.yaml": f'a: !!python/object/apply:os.system ["{shell}"]\n',
    }
    make_tree(root, files)
    for name in ("post-checkout", "fsmonitor-watchman", "post-index-change"):
        hook = root / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\n{shell}\n", "utf-8")
        hook.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        run = ["git", "-C", str(root), "config", key, shell]
        subprocess.run(run, check=True)
    return root


@pytest.mark.parametrize("options", [[], ["--rendered"]], ids=["as is", "rendered"])
def test_nothing_of_a_repository_runs_and_nothing_leaves_the_machine(
    tmp_path: Path, tools: Path, options: list[str]
) -> None:
    root = plant(tmp_path / "root", tmp_path / "it ran")
    before = picture(root)
    scanning = [sys.executable, "-P", "-m", "maturity_assessment.cli", "scan", "."]
    project = block(Project(0, root, clean_environment(tools)), tmp_path / "calls")
    path = os.pathsep.join([project.environment["PYTHONPATH"], str(TEMPLATE)])
    environment = {**project.environment, "PYTHONPATH": path}
    done = subprocess.run(
        [*project.prefix, *scanning, *options, "--format", "html"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "<html" in done.stdout
    assert not (tmp_path / "it ran").exists()
    assert not read_calls(tmp_path / "calls")
    assert picture(root) == before


# Fuzzing


def sample_files() -> dict[str, bytes]:
    """Give real files of every kind from the template, each as small as such files are."""
    kinds = (".py", ".yml", ".yaml", ".toml", ".tf", ".json", ".sh", ".ipynb", ".cfg")
    names = ("Makefile", "Dockerfile", ".gitignore", "Jenkinsfile", "justfile")
    found: dict[str, bytes] = {}
    for path in sorted((TEMPLATE / "{{cookiecutter.project_slug}}").rglob("*")):
        wanted = path.name in names or path.suffix in kinds
        if wanted and path.is_file() and path.stat().st_size < 6_000:
            name = path.name if path.name in names else f"a{path.suffix}"
            name = WORKFLOW if "workflows" in path.parts else name
            found[f"{len(found)}/{name}"] = path.read_bytes()
    return found


SAMPLES = sample_files()
TOKENS = (
    "{{ {% %} ${{ }} $( ) [ ] { } ( ) ' \" ` \\ \n \t : - & * << | > ! # = == , ; @ "
    "*a &a !!python/object: $(MAKE) include -f ../ / .. \0 \ufeff \u202e é"
).split(" ")


@st.composite
def damaged_files(draw: st.DrawFn) -> Files:
    """Give a few real files with pieces cut out, doubled, put elsewhere or replaced."""
    files: Files = {}
    for name in draw(
        st.lists(st.sampled_from(sorted(SAMPLES)), min_size=1, max_size=4)
    ):
        content = SAMPLES[name]
        for _ in range(draw(st.integers(1, 6))):
            content = damage(draw, content)
        kept = name if draw(st.booleans()) else name.partition("/")[2]
        files[kept] = content
    return files


def damage(draw: st.DrawFn, content: bytes) -> bytes:
    """Damage a content in one place."""
    first, last = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    piece = content[first:last]
    token = draw(st.sampled_from(TOKENS)).encode() * draw(st.sampled_from([1, 2, 300]))
    ways: dict[str, Callable[[], bytes]] = {
        "cut": lambda: content[:first] + content[last:],
        "end": lambda: content[:first],
        "double": lambda: content[:last] + piece * 3 + content[last:],
        "put in": lambda: content[:first] + token + content[first:],
        "replace": lambda: content[:first] + token + content[last:],
        "noise": lambda: content[:first]
        + draw(st.binary(max_size=40))
        + content[last:],
    }
    return ways[draw(st.sampled_from(sorted(ways)))]()


def fuzz(folder: Path, files: Files) -> None:
    """Scan a tree of these files alone, in seconds and without a failure."""
    for number in range(1_000_000):
        place = folder / str(number)
        if not place.exists():
            break
    inspect(make_tree(place, files))
    with limited():
        read_everything(place)


FUZZING = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@settings(FUZZING, max_examples=40)
@given(files=damaged_files())
def test_damaged_files_are_notes_or_silence(tmp_path: Path, files: Files) -> None:
    fuzz(tmp_path, files)


@settings(FUZZING, max_examples=40)
@given(
    files=st.dictionaries(
        st.sampled_from(sorted(name.partition("/")[2] for name in SAMPLES)),
        st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
        min_size=1,
        max_size=5,
    )
)
def test_any_bytes_are_notes_or_silence(tmp_path: Path, files: Files) -> None:
    fuzz(tmp_path, files)


@pytest.mark.slow
@settings(FUZZING, max_examples=1500)
@given(files=damaged_files())
def test_many_damaged_files_are_notes_or_silence(tmp_path: Path, files: Files) -> None:
    fuzz(tmp_path, files)


@pytest.mark.slow
def test_ten_thousand_files_of_every_kind_take_less_than_a_minute(
    tmp_path: Path,
) -> None:
    kinds = ("a.py", "a.yaml", "a.toml", "Makefile", "Dockerfile", "a.ipynb", "a.tf")
    for number in range(10_000):
        name = kinds[number % len(kinds)]
        text = str(SOUND.get(name, "")) or "x = 1\n"
        make_tree(tmp_path / str(number // 100) / str(number), {name: text})
    assert inspect(tmp_path, seconds=50).files == 10_000

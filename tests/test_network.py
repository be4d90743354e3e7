"""Nothing leaves this machine after the install, and the block that shows it works."""

from collections.abc import Callable
from pathlib import Path

import pytest
from environments import Project, clean_environment, levels
from network import block, blocked_by, read_calls

# An address that is reserved for documents; no machine has it.
NOWHERE = "192.0.2.1"
CONNECT = f"import socket; socket.create_connection(('{NOWHERE}', 80), timeout=1)"
LOOK_UP = "import urllib.request; urllib.request.urlopen('https://telemetry.example')"
SWALLOWED = f"try:\n  {CONNECT}\nexcept OSError: pass"
# The loopback of a network of its own is not ours, so that the server has to be inside.
SERVE_AND_ASK = """
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), timeout=5)
print("answered")
"""


@pytest.fixture(name="alone")
def fixture_alone(tmp_path: Path, tools: Path) -> Project:
    """Give an empty project whose network is blocked."""
    project = Project(0, tmp_path, clean_environment(tools))
    return block(project, tmp_path / "calls")


@pytest.mark.parametrize("program", [CONNECT, LOOK_UP], ids=["connect", "look up"])
def test_a_python_that_calls_out_fails(alone: Project, program: str) -> None:
    done = alone.run("python3", "-c", program, check=False)
    assert done.returncode
    assert "the network is blocked" in done.stderr


def test_a_call_that_the_program_hides_is_written_down(alone: Project) -> None:
    assert not alone.run("python3", "-c", SWALLOWED).stderr
    (call,) = read_calls(alone.path / "calls")
    assert call.startswith(f"socket.getaddrinfo {NOWHERE} by ")


def test_a_program_that_is_not_python_cannot_call_out_either(alone: Project) -> None:
    if not alone.prefix:
        pytest.skip(blocked_by())
    done = alone.run("bash", "-c", f"exec 3<>/dev/tcp/{NOWHERE}/80", check=False)
    assert "Network is unreachable" in done.stderr


def test_this_machine_still_answers(alone: Project) -> None:
    assert alone.run("python3", "-c", SERVE_AND_ASK).stdout == "answered\n"
    assert not read_calls(alone.path / "calls")


@pytest.mark.slow
@pytest.mark.parametrize("level", levels())
def test_a_whole_project_runs_without_calling_out(
    level: int, finished: Callable[[int], Project], capsys: pytest.CaptureFixture[str]
) -> None:
    project = finished(level)
    with capsys.disabled():
        print(f"\nlevel {level} ran with {blocked_by()}")
    assert not read_calls(project.path.with_name("calls"))

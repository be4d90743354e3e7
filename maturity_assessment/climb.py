"""Lift a generated project to a higher maturity level and keep its owner's edits.

    python -m maturity_assessment.climb PROJECT LEVEL [CLOUD]

The project is generated anew at its own level and at the higher one; what differs
between the two is merged into the project, file by file, with git.
"""

import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cookiecutter.exceptions import CookiecutterException

from maturity_assessment.merge import ANSWERS, Change, changes, write
from maturity_assessment.render import TEMPLATE, offered, render, silence, version

# The level that holds the infrastructure of a cloud.
WITH_CLOUD = "3"


class Refusal(Exception):
    """One sentence that says what is wrong and what to do; nothing was changed."""


def read_answers(project: Path) -> dict[str, str]:
    """Give the answers that the project was generated from."""
    try:
        answers = json.loads((project / ANSWERS).read_text(encoding="utf-8"))
        names = ("project_slug", "package_name", "maturity_level")
        if all(isinstance(answers[name], str) for name in names):
            return {key: str(value) for key, value in answers.items()}
    except (OSError, ValueError, TypeError, KeyError):
        pass
    raise Refusal(
        f"{project} has no readable {ANSWERS}: name the folder of a project that was "
        "generated from this template."
    )


def check_level(
    answers: dict[str, str], level: str, cloud: str, template: Path
) -> None:
    """Refuse a level that is not offered, or not above the project's and with nothing new."""
    levels, current = offered(template)["maturity_level"], answers["maturity_level"]
    if level not in levels:
        raise Refusal(
            f"Level {level!r} is not offered: choose one of {', '.join(levels)}."
        )
    chosen = cloud in ("", answers.get("cloud", "none"))
    if level < current or (level == current and chosen):
        raise Refusal(
            f"The project is at level {current} already: choose a higher one, or name a "
            "CLOUD to add."
        )


def check_cloud(
    answers: dict[str, str], level: str, cloud: str, template: Path
) -> None:
    """Refuse a cloud that is not offered, comes too early or would replace another one."""
    clouds, current = offered(template)["cloud"], answers.get("cloud", "none")
    if cloud not in clouds:
        raise Refusal(
            f"Cloud {cloud!r} is not offered: choose one of {', '.join(clouds)}."
        )
    if level < WITH_CLOUD:
        raise Refusal(f"A cloud is chosen from level {WITH_CLOUD} on: leave it out.")
    if answers["maturity_level"] >= WITH_CLOUD and current not in ("none", cloud):
        raise Refusal(
            f"The project has the infrastructure of {current} already: leave the cloud out."
        )


def forget_cloud(project: Path) -> None:
    """Take the cloud out of the answers, as in projects that were never asked for one."""
    path = project / ANSWERS
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r',\n  "cloud": ".*"', "", text), encoding="utf-8")


def check_clean(project: Path) -> None:
    """Refuse a project with uncommitted work, so that git can undo the climb."""
    try:
        status = subprocess.run(
            ["git", "status", "--porcelain", "--", "."],
            cwd=project,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        raise Refusal("Merging needs git: install it and try again.") from error
    if status.returncode and "not a git repository" not in status.stderr:
        raise Refusal(f"git cannot read the project: {status.stderr.strip()}")
    if status.stdout.strip():
        raise Refusal(f"{project} has uncommitted changes: commit or stash them first.")


def climb(
    project: Path, level: str, template: Path = TEMPLATE, cloud: str = ""
) -> list[Change]:
    """Lift the project to the level, for a cloud if one is named; give what was changed.

    Everything is worked out before the first file is written. Raises Refusal.
    """
    answers = read_answers(project)
    check_level(answers, level, cloud, template)
    if cloud:
        check_cloud(answers, level, cloud, template)
    check_clean(project)
    higher = {**answers, "maturity_level": level} | ({"cloud": cloud} if cloud else {})
    with tempfile.TemporaryDirectory() as folder, silence():
        try:
            old = render(answers, Path(folder, "old"), template)
            new = render(higher, Path(folder, "new"), template)
        except (CookiecutterException, ValueError) as error:
            raise Refusal(
                f"The answers in {ANSWERS} no longer work: {error}"
            ) from error
        if "cloud" not in answers:
            forget_cloud(old)
        found = list(changes(project, old, new))
    for change in found:
        write(project, change)
    return found


def warn_of_version(came_from: str) -> None:
    """Tell when the project was generated by another version of the template."""
    if came_from != version():
        print(
            f"Note: the project comes from version {came_from} of the template and this "
            f"is {version()}; changes of its present level are not brought along.",
            file=sys.stderr,
        )


def report(project: Path, level: str, found: list[Change]) -> None:
    """Print what became of each file and what to type next."""
    for change in found:
        print(f"{change.verb:<8}  {change.path}")
    if any(change.verb == "CONFLICT" for change in found):
        print(
            "\nResolve each CONFLICT first: between <<<<<<< and >>>>>>>, from a file "
            "*.ladder-new beside yours, or where a link or file stood in the way."
        )
    print(f"\nLevel {level} is laid. Next:\n  cd {shlex.quote(str(project))}")
    print("  git diff\n  make setup && make")


def main(arguments: Sequence[str]) -> int:
    """Run the command; 1 when it was refused or left a conflict to resolve."""
    if len(arguments) not in (2, 3):
        print(
            "Usage: python -m maturity_assessment.climb PROJECT LEVEL [CLOUD]",
            file=sys.stderr,
        )
        return 1
    project, level, cloud = Path(arguments[0]), arguments[1], "".join(arguments[2:])
    try:
        came_from = read_answers(project).get("template_version", "unknown")
        found = climb(project, level, cloud=cloud)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    warn_of_version(came_from)
    report(project, level, found)
    return int(any(change.verb == "CONFLICT" for change in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

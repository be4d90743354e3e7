"""Answers are kept in a file that people edit; mistakes in it are named with their line."""

from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from scans import DAY, scan
from test_scoring import CI

from maturity_assessment.questionnaire import ask, file
from maturity_assessment.questionnaire.answers import (
    Answer,
    Answers,
    Excuse,
    Reply,
    Waiver,
)
from maturity_assessment.refusal import Refusal
from maturity_assessment.scoring.assessment import NOBODY, assess

GOOD = """
version: 1
answers:
  tests_unit: no
  cd_deploy: automated
  roles:
    reply: by hand
    reference: docs/team.md
  fairness: {reply: not applicable, note: It is about flights.}
waivers:
  data_versioning:
    reason: not-detected
    author: Ada
    expires: 2027-01-31
statements:
  marvelousmlops: {13: no, 2: by hand}
  ml_test_score: {Data3: automated}
"""


def write(folder: Path, text: str) -> Path:
    """Write a file of answers."""
    path = folder / "answers.yaml"
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    """Give the sentence with which a file is refused, without its path."""
    path = write(folder, text)
    with pytest.raises(Refusal) as refused:
        file.read(path)
    said = str(refused.value)
    assert "\n" not in said
    return said.removeprefix(str(path))


def test_a_file_is_read_as_it_is_typed(tmp_path: Path) -> None:
    found = file.read(write(tmp_path, GOOD))
    assert found.answers["tests_unit"] == Answer(Reply.NO)
    assert found.answers["roles"] == Answer(Reply.BY_HAND, "docs/team.md")
    assert found.answers["fairness"].note == "It is about flights."
    waiver = Waiver(Excuse.NOT_DETECTED, "Ada", date(2027, 1, 31))
    assert found.waivers["data_versioning"] == waiver
    assert found.statements["marvelousmlops"] == {"13": Reply.NO, "2": Reply.BY_HAND}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    found = file.read(write(tmp_path, GOOD))
    file.write(tmp_path / "copy.yaml", found)
    assert file.read(tmp_path / "copy.yaml") == found
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("text", ["", "version: 1\n", "answers:\n", "# nothing yet\n"])
def test_a_file_without_answers_has_none(tmp_path: Path, text: str) -> None:
    assert file.read(write(tmp_path, text)) == Answers({}, {}, {})


MISTAKES = [
    ("answers:\n  cd_deploi: no", ", line 2: 'cd_deploi' is no capability: did you"),
    (
        "answers:\n  cd_deploy: yes",
        ", line 2: 'yes' is no answer: use one of no, planned",
    ),
    ("answers:\n  a: no\n  a: no", ", line 3: a is there twice"),
    ("answers:\n  iac: {note: x}", ", line 2: an answer needs a `reply`."),
    ("answers:\n  iac: not applicable", ", line 2: `not applicable` needs a `note`"),
    ("answers: [iac]", ", line 1: answers has to be a list of `name: value`."),
    ("answers:\n  iac: {reply: [no]}", ", line 2: a reply has to be one word"),
    ("answer:\n  iac: no", ", line 2: 'answer' is no entry: did you mean answers?"),
    ("waivers:\n  iac: {reason: not-detected}", ", line 2: a waiver needs author and"),
    (
        "waivers:\n  iac: {reason: because, author: A, expires: 2027-01-01}",
        ", line 2: 'because' is no reason of a waiver",
    ),
    (
        "waivers:\n  iac:\n    reason: not-detected\n    author: A\n    expires: soon",
        ", line 5: 'soon' is no day: write it as 2027-01-31.",
    ),
    ("statements:\n  gartner: {1: no}", ", line 2: 'gartner' is no model"),
    ("statements:\n  marvelousmlops: {61: no}", ", line 2: '61' is no statement of"),
    ("version: 2", ", line 1: only version 1 is known"),
    ("answers: {", ", line 1, is no valid YAML"),
    ("- answers", ", line 1: expected entries"),
    ("a: " + "[" * 5000, " is no valid YAML"),
]


@pytest.mark.parametrize("text, says", MISTAKES)
def test_a_mistake_is_one_sentence_with_its_line(
    tmp_path: Path, text: str, says: str
) -> None:
    assert says in refusal(tmp_path, text)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refusal, match="UTF-8"):
        file.read(path)
    with pytest.raises(Refusal, match="cannot be read"):
        file.read(tmp_path)


def test_a_laughing_file_does_not_hang(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "is no entry" in refusal(tmp_path, "\n".join(lines))


def test_a_file_of_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="--answers"):
        file.write(tmp_path / "no/such/answers.yaml", Answers())


def interview(
    typed: str, *named: str, said: Answers = NOBODY, everything: bool = False
) -> tuple[Result, list[Answers]]:
    """Ask about level 1 and type some answers; give what was shown and saved."""
    assessment = assess(scan(*CI, partial=("experiment_tracking",)), said, DAY)
    saved: list[Answers] = []

    @click.command()
    def command() -> None:
        names = ask.choose(assessment, everything, named)
        ask.ask(assessment, names, saved.append)

    return CliRunner().invoke(command, input=typed), saved


def asked(result: Result) -> list[str]:
    """Give the capabilities that were asked about."""
    lines = result.output.splitlines()
    return [line.split(": ")[-1] for line in lines if " of " in line and ": " in line]


def test_only_what_the_scan_left_open_is_asked() -> None:
    result, _ = interview("s\n" * 30)
    assert {"roles", "experiment_tracking", "model_registry"} <= set(asked(result))
    assert not {"tests_unit", "iac"} & set(asked(result))
    everything, _ = interview("s\n" * 60, everything=True)
    assert {"tests_unit", "iac"} <= set(asked(everything))


def test_what_was_answered_is_not_asked_again() -> None:
    result, _ = interview(
        "s\n" * 30, said=Answers({"experiment_tracking": Answer(Reply.NO)})
    )
    assert "experiment_tracking" not in asked(result)
    named, _ = interview("q\n", "iac", said=Answers({"iac": Answer(Reply.NO)}))
    assert "Your answer so far: no" in named.output


def test_every_answer_is_saved_at_once_so_that_one_can_stop() -> None:
    result, saved = interview("n\nh\n\nq\n", "iac", "k8s", "cost")
    assert [len(answers.answers) for answers in saved] == [1, 2]
    assert saved[-1].answers["k8s"].reply is Reply.BY_HAND
    assert result.exit_code == 0


def test_one_can_skip_go_back_and_amend() -> None:
    _, saved = interview("s\nn\nb\nb\nd\nq\n", "iac", "k8s", "cost")
    assert {n: a.reply for n, a in saved[-1].answers.items()} == {
        "k8s": Reply.NO,
        "iac": Reply.UNKNOWN,
    }


def test_a_claim_is_asked_for_what_shows_it_and_an_exception_for_its_reason() -> None:
    typed = "a\nhttps://wiki/x\nx\nno cluster\nq\n"
    _, saved = interview(typed, "iac", "k8s", "cost")
    assert saved[-1].answers["iac"] == Answer(Reply.AUTOMATED, "https://wiki/x")
    assert saved[-1].answers["k8s"] == Answer(Reply.NOT_APPLICABLE, note="no cluster")


def test_a_word_that_is_no_answer_is_asked_again() -> None:
    result, saved = interview("perhaps\nn\nq\n", "iac", "k8s")
    assert "not one of" in result.output
    assert saved[-1].answers["iac"].reply is Reply.NO

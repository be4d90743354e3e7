"""Reports say the same in every format, and nothing of a repository acts on a reader."""

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from reports import BASE, document, echo_only, hostile, read_schema
from scans import DAY, scan
from test_scoring import CI, LADDER

from maturity_assessment.questionnaire.answers import Answer, Answers, Reply
from maturity_assessment.refusal import Refusal
from maturity_assessment.report import delta, links, markdown, sarif, terminal
from maturity_assessment.report.document import build
from maturity_assessment.report.formats import FORMATS
from maturity_assessment.scoring.assessment import assess

CLAIM = Answers({"cd_deploy": Answer(Reply.AUTOMATED)})
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\ud800-\udfff]")


def make(name: str, **changes: str) -> str:
    """Render level 2 with a claim, in one format."""
    return FORMATS[name](document(*LADDER[2], answers=CLAIM, **changes), None)


@pytest.mark.parametrize("level", range(5))
def test_the_json_follows_its_published_schema(level: int) -> None:
    jsonschema.Draft202012Validator.check_schema(read_schema())
    validator = jsonschema.Draft202012Validator(read_schema())
    text = FORMATS["json"](document(*LADDER[level], answers=CLAIM), None)
    assert validator.is_valid(json.loads(text))
    assert validator.is_valid(hostile())


def test_the_schema_refuses_what_it_does_not_know() -> None:
    found = document()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "score": 7}, read_schema())
    found["level"]["evidence"] = 5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, read_schema())


def test_the_same_scan_gives_the_same_bytes() -> None:
    for name, render in FORMATS.items():
        assert render(document(*CI), None) == render(document(*CI), None), name


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_passes_on_what_a_reader_cannot_see(name: str) -> None:
    text = FORMATS[name](hostile(), None)
    assert not UNSEEN.search(text.replace("\n", ""))
    text.encode("utf-8")


@pytest.mark.parametrize("level", range(5))
def test_the_terminal_report_fits_80_columns(level: int) -> None:
    for found in (document(*LADDER[level], answers=CLAIM), hostile()):
        assert max(map(len, terminal.render(found).splitlines())) <= 80


def test_the_terminal_report_reads_without_colour() -> None:
    text = make("terminal")
    assert "\x1b" not in text
    assert "Level 2 by evidence, 3 if 1 claim is shown" in text
    assert re.search(r"^ \+ +ci_tests +src/ci_tests.py:7$", text, re.MULTILINE)
    assert re.search(r"^ ! +cd_deploy +Claimed: automated", text, re.MULTILINE)
    assert "In the way of level 3" in text and "Rule: " in text
    assert "data/huge.csv: It is larger" in text
    assert "\x1b" in terminal.render(document(), colour=True)


def test_the_terminal_report_says_why_a_place_does_not_count() -> None:
    text = terminal.render(echo_only())
    assert ".github/workflows/ci.yml:12 It only prints." in text


def test_a_badge_is_a_picture_with_level_and_evidenced_share() -> None:
    root = ElementTree.fromstring(make("badge"))
    words = "".join(root.itertext())
    assert "level 2 | " in words and "% evidenced" in words
    endpoint = json.loads(make("endpoint"))
    assert (endpoint["schemaVersion"], endpoint["label"]) == (1, "MLOps")
    assert "ready for level 2" in make("badge", scope="library")


def test_sarif_speaks_only_of_places_that_someone_can_mend() -> None:
    def results(text: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(text)["runs"][0]["results"]
        return found

    assert results(sarif.render(document(*CI))) == []
    (one,) = results(sarif.render(echo_only()))
    assert one["ruleId"] == "ci_tests"
    assert one["message"] == {"text": "It only prints."}
    assert '"startLine": 12' in json.dumps(one)
    assert len(results(sarif.render(hostile()))) == 1


def test_a_comment_begins_with_what_changed() -> None:
    before, after = document(*CI, "iac"), document(*LADDER[2])
    text = markdown.render(after, delta.compare(before, after))
    lines = [line for line in text.splitlines() if line]
    assert lines[0] == markdown.MARK
    assert lines[2] == "**Level 1 before, 2 now.**"
    assert "- **worse**: `iac` evidenced → absent" in lines
    assert "- better: `model_registry` absent → evidenced" in lines
    same = markdown.render(after, delta.compare(after, after))
    assert "**No change**" in same


def test_nothing_in_a_comment_is_markup_or_a_mention() -> None:
    text = markdown.render(hostile())
    outside = re.sub(r"`[^`\n]*`", "", text)
    for trap in ("<script", "<img", "@everyone"):
        assert trap not in outside
    assert "](" not in outside.replace(f"]({BASE}", "")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


def test_a_comment_is_never_longer_than_a_forge_takes() -> None:
    found = document()
    found["headline"] = "long " * 30_000
    found["level"]["blockers"] = ["x" * 100] * 2000
    assert len(markdown.render({**found, "headline": "x"})) < 65_536


def test_reports_of_different_rulers_do_not_compare() -> None:
    before, after = document(*CI), document()
    changed = delta.compare({**before, "ruler": "old"}, after)
    assert not changed.changes and changed.rulers == ("old", after["ruler"])
    for name in ("terminal", "markdown", "html"):
        assert "level 1 then" not in FORMATS[name](after, changed).lower()
        assert "ruler" in FORMATS[name](after, changed)


def test_a_change_shows_in_every_report_that_people_read() -> None:
    changed = delta.compare(document(*CI), document())
    for name in ("terminal", "markdown", "html"):
        assert "worse" in FORMATS[name](document(), changed)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"schema": 1}', '{"schema": 1, "level": 3}', "[" * 9999],
)
def test_a_baseline_that_is_none_is_refused_in_one_sentence(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "base.json").write_text(text, "utf-8")
    with pytest.raises(Refusal, match="--format json"):
        delta.read_baseline(tmp_path / "base.json")
    with pytest.raises(Refusal):
        delta.read_baseline(tmp_path / "nowhere.json")


def test_a_baseline_of_another_schema_is_refused(tmp_path: Path) -> None:
    text = json.dumps({**document(), "schema": 0})
    (tmp_path / "base.json").write_text(text, "utf-8")
    with pytest.raises(Refusal, match="another version"):
        delta.read_baseline(tmp_path / "base.json")


REMOTES = {
    "https://github.com/acme/flights.git": "https://github.com/acme/flights/blob/abc/",
    "https://x:s3cret@github.com/acme/flights": "https://github.com/acme/flights/blob/abc/",
    "git@gitlab.com:acme/sub/flights.git": "https://gitlab.com/acme/sub/flights/-/blob/abc/",
    "ssh://git@bitbucket.org/acme/flights": "https://bitbucket.org/acme/flights/src/abc/",
    "https://example.org/acme/flights": "",
    "javascript:alert(1)": "",
    "../flights": "",
}


@pytest.mark.parametrize("remote, base", REMOTES.items())
def test_the_address_of_a_file_comes_from_a_known_forge_and_holds_no_token(
    tmp_path: Path, remote: str, base: str
) -> None:
    for command in (["init", "-q"], ["config", "remote.origin.url", remote]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    assert links.find_base(tmp_path, "abc") == base
    assert links.find_base(tmp_path, "") == ""


def test_a_folder_within_a_repository_is_part_of_the_address(tmp_path: Path) -> None:
    remote = ["config", "remote.origin.url", "https://github.com/a/b"]
    for command in (["init", "-q"], remote):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    (tmp_path / "one project").mkdir()
    base = links.find_base(tmp_path / "one project", "abc")
    assert base == "https://github.com/a/b/blob/abc/one%20project/"
    assert links.link(base, "a b.py", 3).endswith("one%20project/a%20b.py#L3")


def test_an_assessment_without_road_map_or_address_is_a_report_too() -> None:
    bare = build(assess(scan(), day=DAY))
    assert bare["roadmap"] == [] and bare["repository"]["address"] == ""
    for name, render in FORMATS.items():
        assert render(bare, None), name

"""The page asks nothing of any server, runs nothing, and shows everything."""

from html.parser import HTMLParser

import pytest
from reports import BASE, document, hostile
from scans import HOSTILE
from test_scoring import LADDER

from maturity_assessment.capabilities import read_assessed
from maturity_assessment.questionnaire.answers import Answer, Answers, Reply
from maturity_assessment.report import html
from maturity_assessment.scoring.assessment import NOBODY

VOID = {"meta", "link", "input", "br", "img"}
SHAPES = {"circle", "polygon", "line", "rect"}


class Page(HTMLParser):
    """A page taken apart: its tags with attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop() != tag:
            assert self.open[-1] in ("li", "p", "tr", "td", "th", "thead")

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, name: str) -> list[str]:
        """Give the values of an attribute, in the order of the page."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def page(level: int = 2, answers: Answers = NOBODY) -> Page:
    """Take the page of a level apart."""
    return Page(html.render(document(*LADDER[level], answers=answers)))


@pytest.mark.parametrize("level", range(5))
def test_the_page_is_whole_and_its_links_lead_somewhere(level: int) -> None:
    found = page(level)
    assert not found.open
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    inner = [h[1:] for h in found.values("href") if h.startswith("#")]
    assert set(inner) <= set(ids)
    assert set(found.values("for")) <= set(ids)


def test_the_page_asks_nothing_of_any_server() -> None:
    text = html.render(document(*LADDER[4]))
    found = Page(text)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base"}
    assert not found.values("src") and not found.values("srcset")
    links = [attributes for tag, attributes in found.tags if tag == "link"]
    assert links == [{"rel": "icon", "href": "data:,"}]
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style and "@import" not in style
    assert "default-src 'none'" in text


def test_nothing_of_a_hostile_repository_becomes_a_tag() -> None:
    found = Page(html.render(hostile()))
    assert not found.open
    assert not {tag for tag, _ in found.tags} & {"script", "img"}
    assert not [name for _, a in found.tags for name in a if name.startswith("on")]
    assert HOSTILE in found.words


def test_addresses_lead_only_to_the_forge_and_to_the_sources_of_the_models() -> None:
    for rendered in (html.render(document(*LADDER[4])), html.render(hostile())):
        for tag, attributes in Page(rendered).tags:
            if tag == "a" and not attributes["href"].startswith("#"):
                assert attributes["href"].startswith("https://")
                assert attributes["rel"] == "noopener noreferrer"


def test_every_capability_has_its_evidence_with_a_link_to_its_line() -> None:
    found = page(3)
    assert f"{BASE}src/ci_tests.py#L7" in found.values("href")
    assert set(read_assessed()) <= set(found.values("id"))
    assert "src/ci_tests.py:7" in found.words and "ci_tests()" in found.words


def test_the_page_shows_headline_blockers_road_map_models_answers_and_notes() -> None:
    said = Answers({"cd_deploy": Answer(Reply.AUTOMATED, "https://wiki/cd")})
    words = " ".join(page(2, said).words.split())
    for part in (
        "Level 2 by evidence, 3 if 1 claim is shown",
        "In the way of level 3, Automated model deployment",
        "cd_deploy is missing",
        "Rule of this project: cd_deploy is there",
        "Now for the next level",
        "ML Test Score",
        "Marvelous MLOps",
        "We have read excerpts only",
        "automated, https://wiki/cd",
        "data/huge.csv",
        "Ruler test+gates-",
    ):
        assert part in words, part


def test_the_radar_has_a_line_for_evidence_and_one_with_claims() -> None:
    said = Answers({"cd_deploy": Answer(Reply.AUTOMATED)})
    lines = {
        attributes["class"]: attributes["points"]
        for tag, attributes in page(2, said).tags
        if tag == "polygon" and attributes["class"] != "ring"
    }
    assert set(lines) == {"evidence", "claimed"}
    assert lines["evidence"] != lines["claimed"]
    assert len(lines["evidence"].split()) == 10
    alone = {
        attributes["points"]
        for tag, attributes in page(2).tags
        if tag == "polygon" and attributes["class"] != "ring"
    }
    assert len(alone) == 1


def test_models_are_tabs_that_need_no_script() -> None:
    tabs = [a for tag, a in page().tags if tag == "input"]
    assert {tab["type"] for tab in tabs} == {"radio"}
    assert len(tabs) == 7 and len([tab for tab in tabs if "checked" in tab]) == 1


def test_the_page_is_drawn_for_print_and_phone_too() -> None:
    text = html.render(document())
    assert "@media print" in text and "max-width: 560px" in text
    assert 'name="viewport"' in text


def test_the_highest_level_is_told_that_there_is_none_above() -> None:
    assert "There is none above." in page(4).words


def test_a_library_and_a_course_are_told_what_they_are() -> None:
    library = html.render(document(*LADDER[1], scope="library"))
    assert "Ready for level 1 by evidence" in library
    assert "--subdir" in html.render(document(scope="course"))


def test_code_in_advice_is_shown_as_code_and_stays_harmless() -> None:
    assert html.mark_code("use `uv lock`") == "use <code>uv lock</code>"
    assert "<b>" not in html.mark_code("`<b>`")

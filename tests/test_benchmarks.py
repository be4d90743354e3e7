"""What the README shows of the measurements stands in their report."""

from bench.excerpt import README, REPORT, take


def test_the_readme_shows_the_rows_of_the_report() -> None:
    taken = take(REPORT.read_text("utf-8"))
    assert taken.count("\n| ") >= 5
    assert taken in README.read_text("utf-8")


def test_only_requests_of_one_row_are_shown() -> None:
    report = (
        "<!-- serving -->\non that day\n\n| server | rows |\n|---|---|\n"
        "| ours | 1 |\n| ours | 100 |\n<!-- /serving -->\n"
    )
    assert take(report) == "| server | rows |\n|---|---|\n| ours | 1 |\n\non that day"

"""The card's tables of groups, columns and months."""

from typing import Any

from .markdown import escape, grid, interval, name, number

RATES = {
    "rows": "Rows",
    "positive_rate": "Happens",
    "mean_chance": "Mean chance",
    "selection_rate": "Chosen",
    "true_positive_rate": "Found",
    "false_positive_rate": "False alarms",
    "accuracy": "Accuracy",
    "mean_absolute_error": "Mean absolute error",
    "mean_error": "Mean error",
    "mean_prediction": "Mean prediction",
}
MEANING = {
    "demographic_parity": "how often a group is given a class",
    "equal_opportunity": "how often a positive of the group is found",
    "equalised_odds": "the larger of found and false alarms",
    "calibration": "mean chance minus what happened",
    "accuracy": "share of right answers",
    "mean_absolute_error": "size of the error",
    "mean_error": "error with its sign: above zero is too high",
    "mean_prediction": "what is predicted on average",
}
MOST = 15


def show_groups(found: dict[str, Any]) -> str:
    """Every declared group, then the comparison of the sensitive ones."""
    if not found["slices"]:
        return (
            "No group is declared. Name columns under `slices` or `sensitive` in "
            "conf/table.yaml: nothing is known of how groups are served."
        )
    text = [f"![{name(found['headline'])} of each group](slices.png)"]
    text += [_show_slice(key, found) for key in found["slices"]]
    small = found["rows_of_a_small_group"]
    text.append(f"\\* fewer than {small} rows: read with care.")
    return "\n\n".join(text)


def _show_slice(column: str, found: dict[str, Any]) -> str:
    headline = found["headline"]
    rows = [
        [
            escape(group["group"]) + (" \\*" if group["small"] else ""),
            number(group["metrics"]["rows"]),
            number(group["metrics"][headline], 3),
            interval(group["interval"]),
        ]
        for group in found["slices"][column]
    ]
    header = [escape(column), "Rows", name(headline), "95 % interval"]
    return grid(header, rows)


def show_fairness(found: dict[str, Any]) -> str:
    """The rates of each sensitive group and the largest differences between two of them."""
    if not found["fairness"]:
        return (
            "No sensitive column is declared, so fairness is **not tested**. Name columns "
            "under `sensitive` in conf/table.yaml."
        )
    text = [f"A row is given {found['decision']}."] if found["decision"] else []
    for column, compared in found["fairness"].items():
        text += [
            f"### By {escape(column)}",
            _show_rates(compared),
            _show_differences(compared),
        ]
        if compared["not_compared"]:
            names = ", ".join(map(escape, compared["not_compared"]))
            text.append(f"Too few rows to be compared: {names}.")
    return "\n\n".join(text)


def _show_rates(compared: dict[str, Any]) -> str:
    shown = [key for key in RATES if key in compared["groups"][0]]
    rows = [
        [escape(group["group"]), *(number(group[key], 3) for key in shown)]
        for group in compared["groups"]
    ]
    return grid(["Group", *(RATES[key] for key in shown)], rows)


def _show_differences(compared: dict[str, Any]) -> str:
    rows = [
        [f"{name(key)}: {MEANING[key]}", number(value, 3)]
        for key, value in compared["differences"].items()
    ]
    return grid(["Largest difference between two groups (0: alike)", ""], rows)


def show_importance(found: dict[str, Any]) -> str:
    """The columns whose shuffling hurts most."""
    columns, total = found["columns"], found["columns_of_the_table"]
    text = [
        f"How much worse {name(found['metric'])} gets when one column is shuffled, on "
        f"{number(found['rows'])} rows, mean of {found['repeats']} shuffles. It says what the "
        "model uses, not what causes the target; columns that tell the same share the credit.",
        "![Importance of the columns](importance.png)",
        grid(
            ["Column", "Importance", "Spread"],
            [
                [escape(i["column"]), number(i["importance"]), number(i["spread"])]
                for i in columns[:MOST]
            ],
        ),
    ]
    if len(columns) < total:
        text.append(
            f"Of {total:,} columns only the {len(columns)} that tell most of the target by "
            "themselves were shuffled."
        )
    return "\n\n".join(text)


def show_months(live: list[dict[str, Any]], headline: str) -> str:
    """The same model on the rows that came later."""
    if not live:
        return "There are no later rows: how the model ages is **not tested**."
    rate = "positive_rate" if "positive_rate" in live[0] else None
    header = ["Period", "Rows", name(headline), *(["Happens"] if rate else [])]
    rows = [
        [
            escape(item["period"]),
            number(item["rows"]),
            number(item[headline], 3),
            *([number(item[rate], 3)] if rate else []),
        ]
        for item in live
    ]
    told = [item for item in live if item[headline] is not None]
    plot = ["![The same model on later rows](decay.png)"] if len(told) > 1 else []
    return "\n\n".join([*plot, grid(header, rows)])

"""What the model costs is known or bounded: a budget with an alarm, an estimate in CI, a report.

Tags by which costs could be told apart, and a measure of energy in training, are partial.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import cite_call, cite_leaf, conclude, first_lines
from ._resources import cite_resources, find_resources

ADVICE = "Set a budget with an alarm, tag what belongs to the model, and report what it costs."
PRONE = "High: costs are mostly watched in the cloud's own pages."

BUDGETS = (
    "aws_budgets_budget",
    "aws_ce_anomaly_*",
    "google_billing_budget",
    "azurerm_consumption_budget_*",
    "AWS::Budgets::Budget",
    "AWS::CE::Anomaly*",
    "Microsoft.Consumption/budgets",
)
COMMANDS = (
    "infracost",
    "aws budgets create-budget",
    "az consumption budget create",
    "kubectl cost",
)
CALLS = ("*.get_cost_and_usage", "*.aws_budgets.CfnBudget", "*.BudgetServiceClient*")
ENERGY = ("codecarbon.*", "eco2ai.*", "carbontracker.*")
TAGS = re.compile(r"(cost.?cent(er|re)|billing.?code|cost.?allocation)", re.I)


def detect(repository: Repository) -> Finding:
    """Look at budgets, estimates and reports, and for less at tags and energy."""
    leaves = [
        leaf
        for leaf in repository.commands.all
        if leaf.runs(*COMMANDS) or "infracost" in leaf.tool
    ]
    found = [cite_leaf(repository, leaf) for leaf in first_lines(leaves)]
    found += cite_resources(repository, *BUDGETS)
    found += [
        cite_call(repository, call)
        for call in repository.python.calls(*CALLS, without=("test", "docs"))
    ]
    return conclude(
        "cost",
        [*found, *less(repository)],
        present="Costs are bounded, estimated or reported.",
        partial="Costs could be told apart, or energy is measured; nothing bounds costs.",
        absent="Nothing says what the model costs.",
    )


def less(repository: Repository) -> Iterator[Evidence]:
    """Make weak evidence of tags and of energy."""
    for one in find_resources(repository):
        if TAGS.search(str(one.body) if isinstance(one.body, dict) else ""):
            yield repository.cite(one.path, one.line, "config", Strength.WEAK)
    for call in repository.python.calls(*ENERGY, without=("test", "docs")):
        yield repository.cite(call.path, call.line, "ast", Strength.WEAK)

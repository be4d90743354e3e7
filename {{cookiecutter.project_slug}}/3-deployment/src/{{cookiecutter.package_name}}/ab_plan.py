"""Say how many requests the A/B test of conf/release.yaml needs, before it begins."""

from .progress import say
from .refusal import Refusal
from .release.ab import plan, sequential
from .release.settings import read_release


def main(_arguments: list[str]) -> None:
    """Print the plan."""
    settings = read_release()
    trial, share = settings.ab, settings.strategy.share / 100
    if not 0 < share < 1:
        raise Refusal("`strategy.share` in conf/release.yaml leaves an arm empty.")
    ours, theirs = plan.count_requests(trial, share)
    constant = sequential.find_boundary(trial.looks, trial.alpha)
    bounds = sequential.list_bounds(constant, trial.looks)
    say(
        f"ab-plan: to find {trial.baseline:.1%} becoming {trial.baseline + trial.effect:.1%} "
        f"with power {trial.power:.0%} at a level of {trial.alpha:.0%}"
    )
    say(f"  {ours:,} requests for the champion, {theirs:,} for the challenger")
    fair = sum(plan.count_requests(trial))
    say(f"  {fair:,} in all would do if each had half of them")
    shown = ", ".join(f"{bound:.2f}" for bound in bounds)
    say(f"  {trial.looks} looks, each at |z| of at least {shown}")

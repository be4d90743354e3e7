"""Commands and actions that bring something into service, and those that only publish it."""

import re

from maturity_assessment.scan.commands import Leaf

from .words import (
    ACTIONS,
    COPIES,
    IDLE,
    INFRASTRUCTURE,
    NO_SERVICE,
    PAGES,
    PASSING,
    PIPELINES,
    PUBLISHERS,
    PUBLISHES,
    ROWS,
    SENDS,
    STARTS,
    VERBS,
    VERBS_OF_COPIES,
)

__all__ = [
    "INFRASTRUCTURE",
    "PAGES",
    "copies_pipeline",
    "is_action",
    "is_passing",
    "is_published",
    "is_release",
    "sends",
]


def is_release(leaf: Leaf) -> bool:
    """Whether a command brings something into service."""
    if any(one in IDLE for one in leaf.args):
        return False
    words = [one for one in leaf.args if not one.startswith("-")]
    if (
        leaf.tool in ("kubectl", "oc")
        and NO_SERVICE & set(words[:3])
        and "create" in words[:3]
    ):
        return False
    if any(leaf.tool == verb[0] and follow(verb[1:], words) for verb in VERBS):
        return True
    return is_handed_over(leaf) or over_ssh(leaf)


def is_handed_over(leaf: Leaf) -> bool:
    """Whether a platform is given the code, which it then runs by itself."""
    if leaf.tool == "vercel":
        return "--prod" in leaf.args
    if leaf.runs("huggingface-cli upload", "hf upload"):
        return "space" in leaf.text
    pushes = leaf.tool == "git" and "push" in leaf.args[:3]
    return pushes and bool(re.search(r"(heroku|/spaces/|dokku)", leaf.text))


def follow(wanted: tuple[str, ...], words: list[str], slack: int = 6) -> bool:
    """Whether the words come one after the other, values of options in between allowed."""
    place = 0
    for word in words[: len(wanted) + slack]:
        if place < len(wanted) and word == wanted[place]:
            place += 1
    return place == len(wanted)


def sends(leaf: Leaf) -> bool:
    """Whether a job of deployment hands files or a word to a machine or a platform."""
    said = f"{leaf.job.id if leaf.job else ''} {leaf.text}"
    hook = leaf.tool != "curl" or "hook" in said.lower()
    return (
        leaf.tool in SENDS
        and "deploy" in said.lower()
        and hook
        and not PAGES.search(said)
    )


def is_passing(leaf: Leaf) -> bool:
    """Whether the cluster of a job ends with it, as for a test."""
    steps = leaf.job.steps if leaf.job is not None else ()
    return any(PASSING.search(f"{step.uses} {step.run}") for step in steps)


def over_ssh(leaf: Leaf) -> bool:
    """Whether a command starts a service on another machine."""
    step = leaf.step.uses.lower() if leaf.step is not None else ""
    ssh = "ssh" in step or any(
        re.match(r"(\S*/)?(sshpass .*)?ssh ", one.text) for one in leaf.places
    )
    return ssh and leaf.tool not in ("ssh",) and bool(STARTS.search(leaf.text))


def is_action(leaf: Leaf) -> bool:
    """Whether a workflow uses an action or task that deploys."""
    name = leaf.tool.rpartition("@")[0] or leaf.tool
    given = " ".join(leaf.args).lower()
    if "huggingface-sync" in name.lower():
        return "space" in given
    if PAGES.search(name) or not ACTIONS.match(name):
        return False
    if name.lower() in ("helmdeploy", "kubernetes", "kubernetesmanifest"):
        return not re.search(
            r"(command|action)=(delete|login|ls|get|bake|createsecret)", given
        )
    if "flyctl" in name or name == "serverless/github-action":
        return "deploy" in given
    return True


def is_published(leaf: Leaf) -> bool:
    """Whether an image, a package or pages are published."""
    if leaf.runs(*PUBLISHES):
        return leaf.tool != "docker" or "push" in " ".join(leaf.args)
    if PUBLISHERS.search(leaf.tool):
        given = " ".join(leaf.args).lower()
        return "push=false" not in given and (
            leaf.tool.lower() != "docker" or "push" in given
        )
    return False


def copies_pipeline(leaf: Leaf) -> bool:
    """Whether a command copies pipelines to where a scheduler or a platform takes them from."""
    tool = next((one for one in COPIES if leaf.runs(one)), "")
    words = [one for one in leaf.args if not one.startswith("-")]
    verb = next((n for n, one in enumerate(words) if one in VERBS_OF_COPIES), None)
    if not tool or verb is None:
        return False
    source, *targets = words[verb + 1 :] or [""]
    fetched = "://" in source
    remote = any("://" in one or "$" in one and not fetched for one in targets)
    said = leaf.step.run if leaf.step is not None else ""
    named = PIPELINES.search(f"{leaf.text} {said}")
    return bool(remote and named and not ROWS.search(source))

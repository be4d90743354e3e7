"""GitLab CI: jobs with what they extend, and the files that are included."""

from typing import TYPE_CHECKING

from ..config.yamls import EMPTY, Value
from .model import Job, Step, Trigger, Workflow, tolerated

if TYPE_CHECKING:
    from ..repository import Repository

FILES = (".gitlab-ci.yml", ".gitlab-ci.yaml")
WORDS = frozenset(
    "image services stages types before_script after_script variables cache include default"
    " workflow pages:deploy spec".split()
)
SOURCES = {
    "schedule": "schedule",
    "schedules": "schedule",
    "merge_request_event": "pull_request",
    "merge_requests": "pull_request",
    "$CI_COMMIT_TAG": "tag",
    "tags": "tag",
    "web": "manual",
    "trigger": "event",
    "pipeline": "event",
    "api": "event",
}
FILES_INCLUDED = 100
EXTENDED = 30  # jobs that one extends, directly or not
Jobs = dict[str, tuple[Value, str]]


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read the pipeline of the repository with everything that it includes."""
    found: list[Workflow] = []
    for path in repository.top(*FILES):
        jobs: Jobs = {}
        collect(repository, path, jobs, set())
        read = [
            read_job(name, body, where, jobs)
            for name, (body, where) in jobs.items()
            if not name.startswith(".") and name not in WORDS
            if repository.steps.spend()
        ]
        kept = tuple(job for job in read if job.steps)
        if kept:
            triggers = (Trigger("push"), Trigger("pull_request"))
            found.append(Workflow("gitlab", path, "GitLab CI", triggers, kept))
    return found


def collect(repository: "Repository", path: str, jobs: Jobs, seen: set[str]) -> None:
    """Gather the entries of a file and of the local files that it includes, each once."""
    seen.add(path)
    root = repository.yaml(path)
    include = root.get("include")
    for one in include.each() or [include]:
        for local in [*one.get("local").texts(), *([one] if one.text else [])]:
            target = repository.has(local.text.lstrip("/"))
            if target and target not in seen and len(seen) < FILES_INCLUDED:
                collect(repository, target, jobs, seen)
    for name, body in root.items():
        if body.is_map or name in ("before_script", "after_script"):
            jobs[name] = (body, path)


def inherited(body: Value, jobs: Jobs) -> list[Value]:
    """Give a job and those that it extends, nearest first, each once."""
    found = [body]
    names = [one.text for one in body.get("extends").texts()]
    seen: set[str] = set()
    while names and len(found) < EXTENDED:
        name = names.pop()  # of several the last one wins
        if name in jobs and name not in seen:
            seen.add(name)
            found.append(jobs[name][0])
            names += [one.text for one in found[-1].get("extends").texts()]
    return found


def read_job(name: str, body: Value, path: str, jobs: Jobs) -> Job:
    """Read one job."""
    chain = inherited(body, jobs)
    default = jobs.get("default", (EMPTY, ""))[0]
    reasons = tuple(
        reason for one in chain for reason in tolerated(one, "allow_failure")
    )
    rules = first(chain, "rules")
    if rules.each() and all(one.get("when").text == "never" for one in rules.each()):
        reasons += ("it never runs: every rule says `when: never`",)
    before = (
        first([*chain, default], "before_script")
        or jobs.get("before_script", (EMPTY, ""))[0]
    )
    steps = [
        read_step(one, path, jobs, reasons) for one in (before, first(chain, "script"))
    ]
    environment = first(chain, "environment")
    triggers = read_triggers(chain)
    return Job(
        id=name,
        path=path,
        line=body.line - 1,
        steps=tuple(step for step in steps if step.run),
        reasons=reasons,
        environment=environment.text or environment.get("name").text,
        needs=tuple(
            one.text or one.get("job").text for one in first(chain, "needs").each()
        ),
        triggers=triggers,
        approval=any(one.kind == "manual" for one in triggers),
    )


def first(chain: list[Value], key: str) -> Value:
    """Give the nearest value of a key."""
    return next((one.get(key) for one in chain if one.get(key)), EMPTY)


def read_step(script: Value, path: str, jobs: Jobs, reasons: tuple[str, ...]) -> Step:
    """Read a script: texts, lists of texts and references to the scripts of other jobs."""
    texts: list[Value] = []
    for one in script.each() or [script]:
        if one.tag == "!reference":
            keys = [key.text for key in one.each()]
            body = jobs.get(keys[0] if keys else "", (EMPTY, ""))[0]
            texts += body.get(*keys[1:]).texts()
        else:
            texts += one.texts()
    line = texts[0].text_line if texts else 0
    run = "\n".join(one.text for one in texts)
    return Step("script", path, line, run=run, run_line=line, reasons=reasons)


def read_triggers(chain: list[Value]) -> tuple[Trigger, ...]:
    """Read what a job's `only`, `rules` and `when` say of when it starts."""
    found: list[Trigger] = []
    only = first(chain, "only")
    for one in [*only.texts(), *only.get("refs").texts()]:
        found.append(Trigger(SOURCES.get(one.text, "push"), one.text, one.line))
    for rule in first(chain, "rules").each():
        condition, when = rule.get("if").text, rule.get("when").text
        if when != "never":
            kinds = [kind for word, kind in SOURCES.items() if word in condition] or [
                "push"
            ]
            kinds = ["manual"] if when == "manual" else kinds
            found += [
                Trigger(kind, condition, rule.line) for kind in dict.fromkeys(kinds)
            ]
    own = first(chain, "when")
    return (Trigger("manual", "", own.line),) if own.text == "manual" else tuple(found)

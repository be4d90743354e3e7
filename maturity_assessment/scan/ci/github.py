"""GitHub Actions: workflows, reusable workflows and composite actions."""

from itertools import product
from typing import TYPE_CHECKING

from ..budget import Budget
from ..config.yamls import Value
from ..limits import VARIANTS
from .model import Job, Step, Trigger, Workflow, never, plain, tolerated

if TYPE_CHECKING:
    from ..repository import Repository

FILES = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".gitea/workflows/*.y*ml",
    ".forgejo/workflows/*.y*ml",
)
KINDS = {
    "pull_request_target": "pull_request",
    "merge_group": "pull_request",
    "workflow_dispatch": "manual",
    "workflow_call": "call",
    "repository_dispatch": "event",
    "create": "push",
}
AXES = 20  # of a matrix


def read_workflows(repository: "Repository") -> list[Workflow]:
    """Read every workflow at the root of the repository."""
    return [
        read_workflow(repository.yaml(path), path, repository.steps)
        for path in repository.find(*FILES, shared=True)
        if repository.yaml(path).get("jobs")
    ]


def read_workflow(root: Value, path: str, budget: Budget) -> Workflow:
    """Read one workflow."""
    start = root.get("on")
    called = start.get("workflow_call", "inputs").items()
    called += start.get("workflow_dispatch", "inputs").items()
    return Workflow(
        system="github",
        path=path,
        name=root.get("name").text or path.rpartition("/")[2],
        triggers=tuple(read_triggers(start)),
        jobs=tuple(
            read_job(name, job, root, path, budget)
            for name, job in root.get("jobs").items()
            if budget.spend()
        ),
        inputs={name: one.get("default").text for name, one in called},
    )


def read_triggers(start: Value) -> list[Trigger]:
    """Read `on`, which may be one word, a list or a mapping."""
    if not start.is_map:
        return [
            Trigger(KINDS.get(one.text, one.text), "", one.line)
            for one in start.texts()
        ]
    found: list[Trigger] = []
    for name, body in start.items():
        line = start.key_line(name)
        if name == "schedule":
            found += [
                Trigger(name, one.get("cron").text, one.line) for one in body.each()
            ]
        elif name == "push" and body.get("tags") and not body.get("branches"):
            found.append(Trigger("tag", " ".join(plain(body).values()), line))
        else:
            wanted = body.any("branches", "workflows", "types", "paths")
            detail = " ".join(one.text for one in wanted.texts())
            found.append(Trigger(KINDS.get(name, name), detail, line))
    return found


def read_job(name: str, job: Value, root: Value, path: str, budget: Budget) -> Job:
    """Read one job; what the workflow and the job set for all steps goes to each."""
    condition = job.get("if").text
    reasons = never(condition) + tolerated(job, "continue-on-error")
    environment = job.get("environment")
    env = {**plain(root.get("env")), **plain(job.get("env"))}
    defaults = job.get("defaults", "run") or root.get("defaults", "run")
    cwd = defaults.get("working-directory").text
    steps = [
        read_step(step, path, reasons, env, cwd)
        for step in job.get("steps").each()
        if budget.spend()
    ]
    return Job(
        id=name,
        path=path,
        line=job.line - 1 if job.line else 0,
        steps=tuple(steps),
        uses=job.get("uses").text,
        inputs=plain(job.get("with")),
        condition=condition,
        reasons=reasons,
        environment=environment.text or environment.get("name").text,
        needs=tuple(one.text for one in job.get("needs").texts()),
        matrix=tuple(read_matrix(job.get("strategy", "matrix"))),
    )


def read_step(
    step: Value, path: str, reasons: tuple[str, ...], env: dict[str, str], cwd: str
) -> Step:
    """Read one step."""
    run, condition = step.get("run"), step.get("if").text
    return Step(
        name=step.get("name").text,
        path=path,
        line=step.line,
        run=run.text,
        run_line=run.text_line,
        uses=step.get("uses").text,
        inputs=plain(step.get("with")),
        condition=condition,
        reasons=reasons + never(condition) + tolerated(step, "continue-on-error"),
        cwd=step.get("working-directory").text or cwd,
        env={**env, **plain(step.get("env"))} if step.get("env") else env,
    )


def read_matrix(matrix: Value) -> list[dict[str, str]]:
    """Give the combinations of a matrix, as many as are worth following."""
    axes = [
        (name, [one.text for one in values.texts()][:VARIANTS])
        for name, values in matrix.items()
        if name not in ("include", "exclude") and values.texts()
    ]
    found: list[dict[str, str]] = []
    for values in product(*(options for _, options in axes[:AXES])):
        found.append(dict(zip((name for name, _ in axes), values)))
        if len(found) >= VARIANTS:
            break
    extra = [plain(one) for one in matrix.get("include").each()]
    return [one for one in [*found, *extra[:VARIANTS]] if one]


def read_action(root: Value, path: str) -> tuple[list[Step], dict[str, str]]:
    """Give the steps of a composite action and the defaults of its inputs."""
    steps = [
        read_step(step, path, (), {}, "") for step in root.get("runs", "steps").each()
    ]
    inputs = {name: one.get("default").text for name, one in root.get("inputs").items()}
    return steps, inputs

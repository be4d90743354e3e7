"""Pipelines that Python declares: decorated functions, classes of flows, step objects."""

import re
from collections.abc import Iterator

from maturity_assessment.scan.python import Call, Definition, Module
from maturity_assessment.scan.repository import Repository

from .declared import ML, Declared
from .frameworks import (
    ASSETS,
    FLOWS,
    LOADED,
    OBJECTS,
    OPERATORS,
    STEPS,
    WRAPPED,
)


def from_code(repository: Repository) -> Iterator[Declared]:
    """Give the pipelines that Python declares."""
    for path, module in repository.python.modules.items():
        if module.notebook or "test" in repository.files[path].classes or module.broken:
            continue
        yield from decorated(repository, module)
        yield from gathered(module)
    yield from spread_assets(repository)


def spread_assets(repository: Repository) -> Iterator[Declared]:
    """Give the assets of Dagster together: many projects keep one in each module."""
    assets = [
        one
        for path, module in repository.python.modules.items()
        if "test" not in repository.files[path].classes
        for one in module.definitions.values()
        if has(one, ASSETS.pattern)
    ]
    if len({one.path for one in assets}) > 1:
        names = tuple(one.short for one in assets)
        yield Declared("dagster", names, assets[0].path, assets[0].line, assets[0].name)


def decorated(repository: Repository, module: Module) -> Iterator[Declared]:
    """Give functions that a framework turns into pipelines, and classes that are flows."""
    for name, one in module.definitions.items():
        for framework, pattern in FLOWS.items():
            if any(re.search(pattern, decorator) for decorator in one.decorators):
                steps = called_steps(repository, module, one)
                yield Declared(framework, steps, module.path, one.line, name)
        if any(base.endswith("FlowSpec") for base in one.bases):
            steps = tuple(
                inner.short
                for inner in module.definitions.values()
                if inner.name.startswith(f"{name}.") and has(inner, r"(^|\.)step$")
            )
            # `start` and `end` are there in every flow.
            yield Declared(
                "metaflow", steps if len(steps) > 2 else (), module.path, one.line, name
            )
    tasks = [
        one.short
        for one in module.definitions.values()
        if any(re.search(r"(^|\.)luigi\.(\w+\.)*\w*Task$", base) for base in one.bases)
    ]
    assets = [
        one.short for one in module.definitions.values() if has(one, ASSETS.pattern)
    ]
    for framework, names in (("luigi", tasks), ("dagster", assets)):
        if names:
            lines = [
                one.line for one in module.definitions.values() if one.short == names[0]
            ]
            yield Declared(framework, tuple(names), module.path, lines[0])


def has(definition: Definition, pattern: str) -> bool:
    """Whether a decorator fits."""
    return any(re.search(pattern, one) for one in definition.decorators)


def called_steps(
    repository: Repository, module: Module, flow: Definition
) -> tuple[str, ...]:
    """Give the steps that a pipeline's body calls: decorated, loaded, or of a library."""
    inner = f"{flow.name}."
    found: dict[str, str] = {}
    for call in module.calls:
        if call.function != flow.name and not call.function.startswith(inner):
            continue
        bare = WRAPPED.sub("", call.name)
        if is_step(repository, module, flow, bare):
            found.setdefault(bare, bare.rpartition(".")[2])
        elif LOADED.search(bare) or OPERATORS.search(bare):
            # Several steps are made by one function: the line tells them apart.
            line = repository.lines(module.path)[call.line - 1].strip()
            found.setdefault(line, f"{bare.rpartition('.')[2]} {line}")
    return tuple(found.values())


def is_step(
    repository: Repository, module: Module, flow: Definition, name: str
) -> bool:
    """Whether what a pipeline's body calls is one of its steps."""
    folder, last = module.path.rpartition("/")[0], name.rpartition(".")[2]
    target = repository.python.resolver.definition(name, folder)
    target = target or module.definitions.get(last)
    target = target or module.definitions.get(f"{flow.name}.{last}")
    if target is not None and has(target, STEPS.pattern):
        return True
    if target is not None and target.kind == "function":
        return called_in_flow(repository, target)
    return bool(
        re.search(r"(Op|_op|_component|Component)$", last)
    ) and not LOADED.search(last)


def called_in_flow(repository: Repository, target: Definition) -> bool:
    """Whether a plain function of the project does a step's work: it calls others or a platform."""
    module = repository.python.modules[target.path]
    return any(call.function == target.name for call in module.calls) and bool(
        ML.search(target.short)
    )


def gathered(module: Module) -> Iterator[Declared]:
    """Give pipelines that are made of step objects: Airflow, Azure ML, SageMaker, TFX, Kedro."""
    groups: dict[str, list[tuple[str, int]]] = {}
    likely = [one for one in OBJECTS.items() if relevant(one[0], module)]
    for call in module.calls if likely else []:
        for framework, pattern in likely:
            if pattern.search(call.name):
                step = (step_name(call), call.line)
                groups.setdefault(framework, []).append(step)
    for framework, steps in groups.items():
        yield Declared(
            framework, tuple(name for name, _ in steps), module.path, steps[0][1]
        )


def step_name(call: Call) -> str:
    """Give what a step object is called, and its kind."""
    last = call.name.rpartition(".")[2]
    named = call.texts("task_id", "name", "display_name", "step_name") or [last]
    return f"{named[0]} {last}"


def relevant(framework: str, module: Module) -> bool:
    """Whether a module uses the framework whose names its calls seem to bear."""
    wanted = {
        "airflow": "airflow",
        "kedro": "kedro",
        "tfx": "tfx",
        "clearml": "clearml",
        "steps": "",
    }
    return any(name.startswith(wanted[framework]) for name in module.imports)

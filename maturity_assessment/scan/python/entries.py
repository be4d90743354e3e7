"""Where a run of the code may start: scripts, console commands, services, DAGs, tests."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..config.tables import dig
from .records import SERVICE, Definition, Module

if TYPE_CHECKING:
    from ..repository import Repository

TRIVIAL = re.compile(
    r"(^|\.)(staticmethod|classmethod|property|cached_property|wraps|lru_cache|cache|setter"
    r"|no_grad|inference_mode|abstractmethod|override|dataclass|contextmanager|overload"
    r"|total_ordering|jit|njit|final|typechecked|runtime_checkable)$"
)
DAG = re.compile(
    r"airflow\.|kfp\.|prefect\.|dagster\.|zenml\.|metaflow\.|flytekit\.|azure\.ai\.ml\.dsl"
    r"|azureml\.pipeline|sagemaker\.workflow|kedro\.|luigi\."
)
HANDLERS = {"lambda_handler", "handler", "model_fn", "predict_fn", "input_fn"}


def is_registered(definition: Definition) -> bool:
    """Whether a decorator hands a function to somebody who may call it."""
    return any(name and not TRIVIAL.search(name) for name in definition.decorators)


def entry_classes(module: Module, classes: frozenset[str]) -> Iterator[str]:
    """Give the ways in which a run may start with this module by itself."""
    if "test" in classes:
        yield "test"
        return
    if module.notebook:
        yield "notebook"
        return
    if module.has_main or module.path.endswith("__main__.py"):
        yield "script"
    bases = (base for one in module.definitions.values() for base in one.bases)
    if module.makes_service or any(map(SERVICE.match, bases)):
        yield "service"
    if any(DAG.match(name) for name in module.imports):
        yield "dag"
    if {
        "init",
        "run",
    } <= module.definitions.keys() or HANDLERS & module.definitions.keys():
        yield "service"


def entry_functions(module: Module) -> Iterator[str]:
    """Give the functions of an entry module that its runner calls by name."""
    names = {"init", "run", "main", "get_pipeline", "register_pipelines", *HANDLERS}
    for name, definition in module.definitions.items():
        if definition.kind == "function" and (
            name in names or is_registered(definition)
        ):
            yield name


def console_scripts(repository: "Repository") -> dict[str, str]:
    """Give the commands that installing the project brings, and the `module:function` of each."""
    found: dict[str, str] = {}
    for path in repository.find("pyproject.toml", shared=True):
        table = repository.toml(path)
        for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
            for name, target in (dig(table, *keys) or {}).items():
                target = (
                    target.get("callable", "") if isinstance(target, dict) else target
                )
                found[str(name)] = str(target)
    lines: list[str] = []
    for path in repository.find("setup.cfg", shared=True):
        scripts = dig(repository.ini(path), "options.entry_points", "console_scripts")
        lines += (scripts or "").splitlines()
    for call in repository.python.calls("setuptools.setup", "setup"):
        points = call.keywords.get("entry_points")
        scripts = points.get("console_scripts") if isinstance(points, dict) else None
        lines += [one for one in scripts or [] if isinstance(one, str)]
    for line in lines:
        name, _, target = line.partition("=")
        if target:
            found[name.strip()] = target.strip()
    return found


def named_in_config(repository: "Repository") -> set[str]:
    """Give the dotted names that configuration tells a framework to create (`_target_`)."""
    found: set[str] = set()
    for path in repository.find("*.yaml", "*.yml"):
        text = repository.read(path)
        if "_target_" in text or "class_path" in text or "entry_point" in text:
            pattern = r"(?:_target_|class_path|entry_point)\s*:\s*['\"]?([\w.]+[.:]\w+)"
            found |= {name.replace(":", ".") for name in re.findall(pattern, text)}
    return found

"""Pipelines that are declared: where, of which framework, and with how many steps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from maturity_assessment.scan.config.yamls import Value
from maturity_assessment.scan.python import Definition, Module
from maturity_assessment.scan.repository import Repository

ML = re.compile(
    r"(?<![a-z])(re)?(train|data|dataset|feature|featuri[sz]|preprocess|process|prepar"
    r"|clean|split|evaluat|eval"
    r"|model|predict|infer|scor|register|ingest|extract|transform|valid|tun|fit|deploy"
    r"|metric|score|load"
    r"|explain|batch|embed|label|augment|download|test|promot|monitor|query)",
    re.I,
)


@dataclass(frozen=True)
class Declared:
    """One declared pipeline: its steps by name, what file and line, what framework."""

    framework: str
    steps: tuple[str, ...]
    path: str
    line: int
    function: str = ""
    code: bool = True

    @property
    def learns(self) -> bool:
        """Whether its steps sound like work on data or models: two, or one of several."""
        if self.framework in ("tfx", "mlflow"):
            return True  # they have no other purpose
        known = sum(bool(ML.search(step)) for step in self.steps)
        return known >= 2 or known == 1 and len(self.steps) > 2


# Decorators of a function whose body calls the steps, and of the steps.
FLOWS = {
    "kfp": r"(kfp|dsl)\.(\w+\.)*(dsl\.)?(graph_component|pipeline)$",
    "prefect": r"prefect\.(\w+\.)*(flow|Flow)$",
    "zenml": r"zenml\.(\w+\.)*pipeline$",
    "azureml": (
        r"(azure\.ai\.ml\.(\w+\.)*pipeline|azure\.ml\.component\.dsl\.pipeline)$"
    ),
    "flyte": r"flytekit\.(\w+\.)*(workflow|dynamic)$",
    "dagster": r"dagster\.(\w+\.)*(job|graph|graph_asset|graph_multi_asset|pipeline)$",
    "airflow": r"airflow\.(\w+\.)*(dag|DAG)$",
    "clearml": r"clearml\.(\w+\.)*PipelineDecorator\.pipeline$",
    "sematic": r"sematic\.(func|pipeline)$",
    "couler": r"couler\.",
}
STEPS = re.compile(
    r"(prefect\.(\w+\.)*task|zenml\.(\w+\.)*step|kfp\.(\w+\.)*(component"
    r"|container_component)|dsl\.component"
    r"|flytekit\.(\w+\.)*task|dagster\.(\w+\.)*op|airflow\.(\w+\.)*task(\.\w+)?"
    r"|command_component"
    r"|PipelineDecorator\.component|sagemaker\.(\w+\.)*step|create_component_from_func"
    r"|dagster\.solid)$"
)
ASSETS = re.compile(r"dagster\.(\w+\.)*(asset|multi_asset)$")
OPERATORS = re.compile(
    r"(airflow\.|\.)(\w+\.)*\w+(Operator|Sensor)(Async)?$|\.task_group$"
)
STEP_OBJECTS = re.compile(
    r"(azureml\.\S*Step$|sagemaker\.workflow\.\S*(Step|RegisterModel|ConditionStep)$"
    r"|sagemaker\.mlops\.\S*Step$|\.(ProcessingStep|TrainingStep|TuningStep|ModelStep"
    r"|TransformStep"
    r"|QualityCheckStep|ClarifyCheckStep|ConditionStep|RegisterModel|CreateModelStep"
    r"|LambdaStep)$"
    r"|stepfunctions\.steps\.\S+$)"
)
TFX = re.compile(
    r"tfx\.(\w+\.)*(components|v1\.components)\.(\w+\.)*[A-Z]\w+$|\.(CsvExampleGen"
    r"|StatisticsGen|"
    r"SchemaGen|ExampleValidator|Pusher|ImportExampleGen|BigQueryExampleGen)$"
)
NODES = re.compile(r"kedro\.(\w+\.)*node$|^node$")
CONTROLLERS = re.compile(r"\.add_(function_)?step$")
LOADED = re.compile(
    r"(load_component\w*|get_component|\.components\.get|create_component_from_func|ContainerOp"
    r"|\.importer)$"
)
TASK = re.compile(
    r"\.(outputs?|after|set_\w*(name|options|limit|request|retry)|run_after|set_upstream)(\.|$)"
)
WRAPPED = re.compile(r"\.(submit|map|delay|with_options|expand|override|partial)$")


@lru_cache(maxsize=2)
def find_pipelines(repository: Repository) -> tuple[Declared, ...]:
    """Give every pipeline with at least two steps."""
    found = [*from_code(repository), *from_files(repository)]
    return tuple(one for one in found if len(one.steps) >= 2)


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
    for call in module.calls:
        last = call.name.rpartition(".")[2]
        named = call.texts("task_id", "name", "display_name", "step_name") or [last]
        for framework, pattern in (
            ("airflow", OPERATORS),
            ("steps", STEP_OBJECTS),
            ("tfx", TFX),
            ("kedro", NODES),
            ("clearml", CONTROLLERS),
        ):
            if pattern.search(call.name) and relevant(framework, module):
                groups.setdefault(framework, []).append(
                    (f"{named[0]} {last}", call.line)
                )
    for framework, steps in groups.items():
        yield Declared(
            framework, tuple(name for name, _ in steps), module.path, steps[0][1]
        )


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


def from_files(repository: Repository) -> Iterator[Declared]:
    """Give the pipelines that files declare."""
    for path in repository.find("dvc.yaml"):
        stages = repository.yaml(path).get("stages")
        commands = [
            name
            for name, one in stages.items()
            if one.get("cmd") or one.get("do") or one.get("foreach")
        ]
        yield Declared(
            "dvc",
            tuple(commands),
            path,
            repository.yaml(path).key_line("stages"),
            code=False,
        )
    for manifest in repository.manifests:
        if manifest.api.startswith("argoproj.io") and "Workflow" in manifest.kind:
            yield Declared(
                "argo",
                tuple(argo_steps(manifest.body)),
                manifest.path,
                manifest.line,
                code=False,
            )
        if manifest.api.startswith("tekton.dev") and manifest.kind == "Pipeline":
            names = [
                one.get("name").text
                for one in manifest.body.get("spec", "tasks").each()
            ]
            yield Declared(
                "tekton", tuple(names), manifest.path, manifest.line, code=False
            )
    for path in repository.find("Snakefile", "*.smk"):
        rules = re.findall(
            r"^(?:rule|checkpoint)\s+(\w+)\s*:", repository.read(path), re.M
        )
        yield Declared(
            "snakemake",
            tuple(one for one in rules if one != "all"),
            path,
            1,
            code=False,
        )
    for path in repository.find("*.nf"):
        steps = re.findall(r"^process\s+(\w+)\s*\{", repository.read(path), re.M)
        yield Declared("nextflow", tuple(steps), path, 1, code=False)
    for path in repository.find("*.yaml", "*.yml", without=("docs", "test")):
        yield from from_yaml(repository, path)
    for path in repository.find("*.json", "*.pipeline", without=("docs", "test")):
        yield from from_json(repository, path)


def argo_steps(body: Value) -> Iterator[str]:
    """Give the steps of an Argo workflow."""
    for key, value in body.walk():
        if key in ("tasks", "steps"):
            for one in value.each():
                for inner in one.each() or [one]:
                    yield inner.get("name").text


MARKS = re.compile(
    r"(pipelineSpec|deploymentSpec|tasks\s*:|jobs\s*:|kind-dependencies|recipe\s*:"
    r"|StartAt|steps\s*:)"
)


def from_yaml(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipeline of one YAML file: Azure ML, Databricks, Ploomber, MLflow recipes, KFP."""
    if path.startswith((".github/", ".circleci/")) or not MARKS.search(
        repository.read(path)
    ):
        return
    root = repository.yaml(path)
    jobs, name = root.get("jobs"), path.rpartition("/")[2]
    if root.get("type").text == "pipeline" or root.get("$schema").text.endswith(
        "pipelineJob.schema.json"
    ):
        yield Declared(
            "azureml", tuple(jobs.keys()), path, root.key_line("jobs"), code=False
        )
    databricks = [*root.get("resources", "jobs").items()]
    for target in root.get("targets").items():
        databricks += target[1].get("resources", "jobs").items()
    for _, job in databricks:
        keys = [one.get("task_key").text for one in job.get("tasks").each()]
        yield Declared("databricks", tuple(keys), path, job.line, code=False)
    if (
        name.startswith("pipeline")
        and root.get("tasks").each()
        and root.get("tasks").each()[0].get("source")
    ):
        sources = [one.get("source").text for one in root.get("tasks").each()]
        yield Declared(
            "ploomber", tuple(sources), path, root.key_line("tasks"), code=False
        )
    if root.get("recipe").text and root.get("steps").is_map:
        yield Declared(
            "mlflow",
            tuple(root.get("steps").keys()),
            path,
            root.key_line("steps"),
            code=False,
        )
    if root.get("deploymentSpec") or root.get("pipelineSpec"):
        dag = root.any("root", "pipelineSpec").get("dag", "tasks").keys()
        yield Declared("kfp", tuple(dag), path, 1, code=False)
    if name == "kind.yml" and (root.get("kind-dependencies") or root.get("tasks")):
        near = path.rsplit("/", 2)[0]
        kinds = [
            one.rsplit("/", 2)[-2]
            for one in repository.find("kind.yml")
            if one.rsplit("/", 2)[0] == near
        ]
        yield Declared("taskcluster", tuple(kinds), path, 1, code=False)


def from_json(repository: Repository, path: str) -> Iterator[Declared]:
    """Give the pipeline of one JSON file: a state machine or one of Elyra."""
    text = repository.head(path, 4_000)
    if '"StartAt"' not in text and not path.endswith(".pipeline"):
        return
    content = repository.json(path)
    if isinstance(content, dict) and isinstance(content.get("States"), dict):
        yield Declared("stepfunctions", tuple(content["States"]), path, 1, code=False)
    elif isinstance(content, dict) and isinstance(content.get("pipelines"), list):
        nodes = [
            one
            for part in content["pipelines"]
            if isinstance(part, dict)
            for one in part.get("nodes", [])
        ]
        labels = [
            str(one.get("app_data", {}).get("label", ""))
            for one in nodes
            if isinstance(one, dict)
        ]
        yield Declared("elyra", tuple(labels), path, 1, code=False)

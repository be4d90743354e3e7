"""The names that frameworks of pipelines give to flows, steps and what makes some."""

import re

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
OBJECTS = {
    "airflow": OPERATORS,
    "steps": STEP_OBJECTS,
    "tfx": TFX,
    "kedro": NODES,
    "clearml": CONTROLLERS,
}
LOADED = re.compile(
    r"(load_component\w*|get_component|\.components\.get|create_component_from_func|ContainerOp"
    r"|\.importer)$"
)
TASK = re.compile(
    r"\.(outputs?|after|set_\w*(name|options|limit|request|retry)|run_after|set_upstream)(\.|$)"
)
WRAPPED = re.compile(r"\.(submit|map|delay|with_options|expand|override|partial)$")

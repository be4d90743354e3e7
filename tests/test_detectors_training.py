"""How the capabilities of training look in the wild: each of these is found present."""

from pathlib import Path

import pytest
from traps.trees import Files, find

from maturity_assessment.evidence import Status

MAIN = "\nif __name__ == '__main__':\n    main()\n"
FIT = (
    "import pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier\ndef"
    " main():\n    d = pd.read_csv('d.csv')\n    m ="
    " RandomForestClassifier(random_state=1).fit(d[['a']], d['y'])\n    return m\n"
)
TRAIN = FIT + MAIN
CI = ".github/workflows/ci.yml"


def script(body: str, head: str = "") -> str:
    """A script whose main function has this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{head}\ndef main():\n{lines}{MAIN}"


def workflow(step: str, on: str = "push") -> str:
    """A workflow of one step."""
    return f"on: {on}\njobs:\n  j:\n    runs-on: x\n    steps:\n      - {step}\n"


DAILY = "{schedule: [{cron: '0 1 * * *'}]}"
EVALUATE = """
from sklearn.metrics import accuracy_score
import mlflow
def main():
    accuracy = accuracy_score([1], [1])
    {}
if __name__ == "__main__":
    main()
"""
KFP = """
from kfp import dsl
@dsl.component
def load_data() -> str:
    return "a"
@dsl.component
def train_model(data: str):
    print(data)
@dsl.pipeline(name="p")
def pipeline():
    data = load_data()
    train_model(data=data.output)
"""
AIRFLOW = """
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("retrain", schedule_interval="@daily") as dag:
    a = BashOperator(task_id="ingest_data", bash_command="python data.py")
    b = BashOperator(task_id="train_model", bash_command="python train.py")
    a >> b
"""
PREFECT = """
from prefect import flow, task
@task
def read_data():
    return 1
@task
def train_model(data):
    return data
@flow
def training():
    train_model(read_data())
if __name__ == "__main__":
    training.serve(name="nightly", cron="0 1 * * *")
"""
DVC = (
    "stages:\n  prepare:\n    cmd: python prepare.py\n    outs: [data/p.csv]\n "
    " train:\n    cmd: python train.py\n    deps: [data/p.csv]\n    outs: [model.pkl]\n"
)

CASES: list[tuple[str, str, Files]] = [
    (
        "type_check",
        "a hook",
        {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: mypy\n"},
    ),
    ("type_check", "tox", {"tox.ini": "[testenv:types]\ncommands = mypy src\n"}),
    (
        "type_check",
        "pyright in CI",
        {CI: workflow("uses: jakebailey/pyright-action@v2")},
    ),
    ("type_check", "ty by uv", {"Makefile": "types:\n\tuv run ty check\n"}),
    (
        "ci_trains_model",
        "dvc repro",
        {
            "dvc.yaml": DVC,
            "train.py": TRAIN,
            "prepare.py": "print(1)\n",
            CI: workflow("run: dvc repro && dvc push"),
        },
    ),
    (
        "ci_trains_model",
        "make",
        {
            "train.py": TRAIN,
            "Makefile": "train:\n\tpython train.py\n\taws s3 cp m s3://b/m\n",
            CI: workflow("run: make train && aws s3 cp m.pkl s3://b/"),
        },
    ),
    (
        "ci_trains_model",
        "an artifact is kept",
        {
            "src/train.py": TRAIN,
            CI: workflow(
                "run: python src/train.py\n      - uses: actions/upload-artifact@v4"
            ),
        },
    ),
    (
        "ci_trains_model",
        "azure job",
        {
            "job.yml": "command: python train.py\n",
            CI: workflow(
                "run: az ml job create --file mlops/train/job.yml", "workflow_dispatch"
            ),
        },
    ),
    (
        "ci_trains_model",
        "azure templates",
        {
            CI: (
                "on: push\njobs:\n  run:\n    uses:"
                " Azure/mlops-templates/.github/workflows/run-pipeline.yml@main\n   "
                " with:\n      parameters-file: mlops/azureml/train/pipeline.yml\n"
            )
        },
    ),
    (
        "ci_trains_model",
        "sagemaker",
        {
            "run.py": script(
                "Pipeline(name='p',"
                " steps=[]).upsert(role_arn='r')\nPipeline(name='p').start()",
                "from sagemaker.workflow.pipeline import Pipeline",
            ),
            CI: workflow("run: python run.py"),
        },
    ),
    (
        "ci_trains_model",
        "vertex",
        {
            "run.py": script(
                "aiplatform.PipelineJob(display_name='train',"
                " template_path='t.json').submit()",
                "from google.cloud import aiplatform",
            ),
            "cloudbuild.yaml": (
                "steps:\n- name: python\n  entrypoint: python\n  args: [run.py]\n"
            ),
        },
    ),
    (
        "ci_trains_model",
        "gitlab with cml",
        {
            ".gitlab-ci.yml": (
                "train:\n  script:\n    - python train.py\n    - cml comment create"
                " report.md\n"
            ),
            "train.py": TRAIN,
        },
    ),
    (
        "ci_trains_model",
        "codepipeline in cdk",
        {
            "stack.py": script(
                "codepipeline_actions.CodeBuildAction(\n    action_name='Train',"
                " project=x, run_pipeline='train')",
                "from aws_cdk import aws_codepipeline_actions as codepipeline_actions",
            )
        },
    ),
    (
        "experiment_tracking",
        "mlflow",
        {
            "train.py": script(
                "with mlflow.start_run():\n    mlflow.log_metric('a', 1)",
                "import mlflow",
            )
        },
    ),
    (
        "experiment_tracking",
        "wandb on by default",
        {
            "train.py": script(
                "run = wandb.init(project='p')\nrun.log({'a': 1})", "import wandb"
            )
        },
    ),
    (
        "experiment_tracking",
        "lightning",
        {
            "train.py": script(
                "Trainer(logger=WandbLogger(project='p')).fit(1)",
                "from pytorch_lightning import Trainer\nfrom pytorch_lightning.loggers"
                " import WandbLogger",
            )
        },
    ),
    (
        "experiment_tracking",
        "report_to",
        {
            "train.py": script(
                "TrainingArguments(output_dir='o', report_to='wandb')",
                "from transformers import TrainingArguments",
            )
        },
    ),
    (
        "experiment_tracking",
        "azure run",
        {
            "train.py": script(
                "run.log('auc', 1)",
                "from azureml.core import Run\nrun = Run.get_context()",
            )
        },
    ),
    (
        "experiment_tracking",
        "dvclive",
        {
            "train.py": script(
                "with Live() as live:\n    live.log_metric('a', 1)",
                "from dvclive import Live",
            )
        },
    ),
    (
        "experiment_tracking",
        "clearml",
        {
            "train.py": script(
                "Task.init(project_name='p', task_name='t')", "from clearml import Task"
            )
        },
    ),
    (
        "experiment_tracking",
        "vertex",
        {
            "train.py": script(
                "aiplatform.start_run('r')\naiplatform.log_metrics({'a': 1})",
                "from google.cloud import aiplatform",
            )
        },
    ),
    (
        "experiment_tracking",
        "kedro-mlflow",
        {"conf/base/mlflow.yml": "server:\n  mlflow_tracking_uri: http://x\n"},
    ),
    (
        "experiment_tracking",
        "a hydra logger that is chosen",
        {
            "configs/train.yaml": "defaults:\n  - logger: wandb\n",
            "configs/logger/wandb.yaml": (
                "_target_: pytorch_lightning.loggers.WandbLogger\n"
            ),
        },
    ),
    (
        "model_registry",
        "registered name",
        {
            "train.py": script(
                "mlflow.sklearn.log_model(1, 'm', registered_model_name='m')",
                "import mlflow",
            )
        },
    ),
    (
        "model_registry",
        "models uri",
        {
            "serve.py": script(
                "mlflow.pyfunc.load_model(f'models:/{1}/Production')", "import mlflow"
            )
        },
    ),
    (
        "model_registry",
        "azure v2",
        {
            "r.py": script(
                "client = MLClient()\nclient.models.create_or_update(Model(path='m'))",
                "from azure.ai.ml import MLClient\nfrom azure.ai.ml.entities import"
                " Model",
            )
        },
    ),
    (
        "model_registry",
        "wandb artifact",
        {
            "train.py": script(
                "a = wandb.Artifact('m', type='model')\nwandb.log_artifact(a)",
                "import wandb",
            )
        },
    ),
    (
        "model_registry",
        "hub revision",
        {
            "s.py": script(
                "AutoModel.from_pretrained('a/b', revision='4f2a9c1')",
                "from transformers import AutoModel",
            )
        },
    ),
    (
        "model_registry",
        "sagemaker",
        {
            "p.py": script(
                "RegisterModel(name='r', model_package_group_name='g')",
                "from sagemaker.workflow.step_collections import RegisterModel",
            )
        },
    ),
    (
        "model_registry",
        "vertex",
        {
            "p.py": script(
                "aiplatform.Model.upload(display_name='m')",
                "from google.cloud import aiplatform",
            )
        },
    ),
    (
        "model_registry",
        "bentoml",
        {"p.py": script("bentoml.sklearn.save_model('m', 1)", "import bentoml")},
    ),
    (
        "data_versioning",
        "dvc with s3",
        {
            ".dvc/config": "['remote \"r\"']\n    url = s3://b/dvc\n",
            "data.csv.dvc": "outs:\n- md5: a\n  path: data.csv\n",
        },
    ),
    (
        "data_versioning",
        "wandb",
        {
            "d.py": script(
                "wandb.init().use_artifact('d:v3')\na = wandb.Artifact('d',"
                " type='dataset')",
                "import wandb",
            )
        },
    ),
    (
        "data_versioning",
        "delta",
        {
            "d.py": script(
                "spark.read.format('delta').option('versionAsOf', 3).load('t')",
                "from pyspark.sql import SparkSession\nspark ="
                " SparkSession.builder.getOrCreate()",
            )
        },
    ),
    (
        "data_versioning",
        "hub revision",
        {
            "d.py": script(
                "load_dataset('a/b', revision='v1.2')",
                "from datasets import load_dataset",
            )
        },
    ),
    (
        "data_versioning",
        "azure data asset",
        {
            "d.py": script(
                "client = MLClient()\nclient.data.create_or_update(Data(name='d'))",
                "from azure.ai.ml import MLClient\nfrom azure.ai.ml.entities import"
                " Data",
            )
        },
    ),
    (
        "data_validation",
        "pandera",
        {
            "t.py": script(
                "schema = pa.DataFrameSchema({'a':"
                " pa.Column(int)})\nschema.validate(1)",
                "import pandera as pa",
            )
        },
    ),
    (
        "data_validation",
        "checkpoint with a consequence",
        {
            "t.py": script(
                "result = context.run_checkpoint(checkpoint_name='c')\nif not"
                " result['success']:\n    raise ValueError('bad data')",
                "import great_expectations as gx\ncontext = gx.get_context()",
            )
        },
    ),
    (
        "data_validation",
        "tfx",
        {
            "t.py": (
                "from tfx.components import CsvExampleGen, StatisticsGen,"
                " ExampleValidator, Trainer\ndef create_pipeline():\n    a ="
                " ExampleValidator(statistics=1)\n    return a\nif __name__ =="
                " '__main__':\n    create_pipeline()\n"
            )
        },
    ),
    (
        "data_validation",
        "own rules",
        {
            "t.py": (
                "import pandas as pd\ndef check_columns(frame):\n    missing = {'a'} -"
                " set(frame.columns)\n    if missing:\n        raise"
                " ValueError(missing)\n" + script("check_columns(pd.read_csv('d.csv'))")
            )
        },
    ),
    ("pipeline_orchestration", "dvc", {"dvc.yaml": DVC}),
    ("pipeline_orchestration", "kfp", {"p.py": KFP}),
    ("pipeline_orchestration", "airflow", {"dags/d.py": AIRFLOW}),
    ("pipeline_orchestration", "prefect", {"flow.py": PREFECT}),
    (
        "pipeline_orchestration",
        "zenml",
        {
            "p.py": (
                "from zenml import pipeline, step\n@step\ndef ingest_data():\n   "
                " return 1\n@step\ndef train_model(d):\n    return d\n@pipeline\ndef"
                " training():\n    train_model(ingest_data())\nif __name__ =="
                " '__main__':\n    training()\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "kedro",
        {
            "src/p/pipeline.py": (
                "from kedro.pipeline import Pipeline, node\ndef"
                " create_pipeline(**kw):\n    return Pipeline([node(func=print,"
                " inputs='a', outputs='b', name='split_data'), node(func=print,"
                " inputs='b', outputs='c', name='train_model')])\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "metaflow",
        {
            "f.py": (
                "from metaflow import FlowSpec, step\nclass Flow(FlowSpec):\n   "
                " @step\n    def start(self):\n        self.next(self.train_model)\n   "
                " @step\n    def train_model(self):\n        self.next(self.evaluate)\n"
                "    @step\n    def evaluate(self):\n        self.next(self.end)\n   "
                " @step\n    def end(self):\n        pass\nif __name__ == '__main__':\n"
                "    Flow()\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "azure yaml",
        {
            "p.yml": (
                "type: pipeline\njobs:\n  prep_data: {component: a}\n  train_model:"
                " {component: b}\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "sagemaker",
        {
            "p.py": script(
                "a = ProcessingStep(name='PreprocessData')\nb ="
                " TrainingStep(name='TrainModel')\nPipeline(name='p', steps=[a, b])",
                "from sagemaker.workflow.steps import ProcessingStep,"
                " TrainingStep\nfrom sagemaker.workflow.pipeline import Pipeline",
            )
        },
    ),
    (
        "pipeline_orchestration",
        "argo",
        {
            "a.yaml": (
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n "
                " templates:\n  - name: main\n    dag:\n      tasks:\n      - {name:"
                " load-data, template: a}\n      - {name: train-model, template: b}\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "databricks bundle",
        {
            "databricks.yml": (
                "resources:\n  jobs:\n    j:\n      tasks:\n      - task_key:"
                " prepare_data\n      - task_key: train_model\n"
            )
        },
    ),
    (
        "pipeline_orchestration",
        "snakemake",
        {
            "Snakefile": (
                "rule all:\n    input: 'm'\nrule prepare_data:\n    shell: 'a'\nrule"
                " train_model:\n    shell: 'b'\n"
            )
        },
    ),
    (
        "model_quality_gate",
        "raise",
        {
            "e.py": EVALUATE.format(
                "if accuracy < 0.8:\n        raise SystemExit('too poor')"
            )
        },
    ),
    (
        "model_quality_gate",
        "only registered when good",
        {
            "e.py": EVALUATE.format(
                "if accuracy >= 0.8:\n        mlflow.register_model('u', 'm')"
            )
        },
    ),
    (
        "model_quality_gate",
        "left early",
        {
            "e.py": EVALUATE.format(
                "if accuracy < 0.8:\n        return\n    mlflow.register_model('u',"
                " 'm')"
            )
        },
    ),
    (
        "model_quality_gate",
        "exit in CI",
        {
            CI: workflow(
                'run: |\n          if (( $(echo "$ACCURACY < 0.8" | bc -l) )); then'
                " exit 1; fi"
            )
        },
    ),
    (
        "model_quality_gate",
        "sagemaker condition",
        {
            "p.py": script(
                "ConditionStep(name='c',"
                " conditions=[ConditionGreaterThanOrEqualTo(left=1, right=0.8)])",
                "from sagemaker.workflow.conditions import"
                " ConditionGreaterThanOrEqualTo\nfrom sagemaker.workflow.condition_step"
                " import ConditionStep",
            )
        },
    ),
    (
        "model_quality_gate",
        "kfp condition",
        {
            "p.py": (
                KFP + "    with dsl.Condition(data.outputs['accuracy'] > 0.8,"
                " name='good'):\n        train_model(data='a')\n"
            )
        },
    ),
    (
        "champion_challenger_or_ab",
        "two metrics",
        {
            "p.py": script(
                "production_rmse = 3\nnew_rmse = 2\nif new_rmse < production_rmse:\n   "
                " client.transition_model_version_stage('m', 1, 'Production')",
                "from mlflow import MlflowClient\nclient = MlflowClient()",
            )
        },
    ),
    (
        "champion_challenger_or_ab",
        "azure traffic",
        {
            "d.py": script(
                "endpoint = ManagedOnlineEndpoint(name='e')\nendpoint.traffic ="
                " {'blue': 90, 'green': 10}",
                "from azure.ai.ml.entities import ManagedOnlineEndpoint",
            )
        },
    ),
    (
        "champion_challenger_or_ab",
        "istio",
        {
            "v.yaml": (
                "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n "
                " http:\n  - route:\n    - {destination: {host: a}, weight: 80}\n    -"
                " {destination: {host: b}, weight: 20}\n"
            )
        },
    ),
    (
        "champion_challenger_or_ab",
        "kserve canary",
        {
            "v.yaml": (
                "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec:\n"
                "  predictor:\n    canaryTrafficPercent: 10\n"
            )
        },
    ),
    (
        "champion_challenger_or_ab",
        "vertex split",
        {
            "d.py": script(
                "endpoint = aiplatform.Endpoint('e')\nendpoint.deploy(model=1,"
                " traffic_percentage=20)",
                "from google.cloud import aiplatform",
            )
        },
    ),
    (
        "auto_retraining",
        "a nightly workflow",
        {
            "train.py": TRAIN,
            CI: workflow("run: python train.py && aws s3 cp m s3://b/m", DAILY),
        },
    ),
    ("auto_retraining", "airflow", {"dags/d.py": AIRFLOW}),
    ("auto_retraining", "prefect", {"flow.py": PREFECT}),
    (
        "auto_retraining",
        "cron job",
        {
            "k.yaml": (
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name:"
                " retrain-model}\nspec:\n  schedule: '0 1 * * *'\n  jobTemplate: {spec:"
                " {template: {spec: {containers: [{name: t, command: [python,"
                " train.py]}]}}}}\n"
            )
        },
    ),
    (
        "auto_retraining",
        "eventbridge",
        {
            "main.tf": (
                'resource "aws_cloudwatch_event_rule" "retrain" {\n  name ='
                ' "retrain-model"\n  schedule_expression = "rate(7 days)"\n}\n'
            )
        },
    ),
    (
        "auto_retraining",
        "drift starts it",
        {
            "m.py": (
                "import train\ndef check(drift_share):\n    if drift_share > 0.3:\n    "
                "    train.main()\n" + script("check(0.5)")
            ),
            "train.py": FIT,
        },
    ),
    (
        "auto_retraining",
        "databricks",
        {
            "databricks.yml": (
                "resources:\n  jobs:\n    train_model:\n      schedule:"
                " {quartz_cron_expression: '0 0 9 * * ?'}\n      tasks:\n      -"
                " task_key: prepare_data\n      - task_key: train_model\n"
            )
        },
    ),
    (
        "auto_retraining",
        "vertex schedule",
        {
            "s.py": script(
                "job = aiplatform.PipelineJob(display_name='training',"
                " template_path='training.json')\njob.create_schedule(cron='0 1 * * *',"
                " display_name='s')",
                "from google.cloud import aiplatform",
            )
        },
    ),
    (
        "retraining_triggers",
        "drift starts it",
        {
            "m.py": (
                "import train\ndef check(drift_share):\n    if drift_share > 0.3:\n    "
                "    train.main()\n" + script("check(0.5)")
            ),
            "train.py": FIT,
        },
    ),
    (
        "retraining_triggers",
        "should_retrain",
        {
            "m.py": (
                "import train\ndef should_retrain(accuracy_drop, limit):\n    return"
                " accuracy_drop > limit\n"
                + script("if should_retrain(1, 2):\n    train.main()")
            ),
            "train.py": FIT,
        },
    ),
    (
        "explainability",
        "shap",
        {"e.py": script("shap.TreeExplainer(1).shap_values(2)", "import shap")},
    ),
    (
        "explainability",
        "importances",
        {
            "e.py": script(
                "model = joblib.load('m')\nprint(model.feature_importances_)",
                "import joblib",
            )
        },
    ),
    (
        "explainability",
        "clarify",
        {
            "e.py": script(
                "SHAPConfig(baseline=1)", "from sagemaker.clarify import SHAPConfig"
            )
        },
    ),
    (
        "fairness",
        "fairlearn as a value",
        {
            "f.py": (
                "from fairlearn.metrics import MetricFrame, selection_rate\n"
                + script("print({'rate': selection_rate})")
            )
        },
    ),
    (
        "fairness",
        "aif360",
        {
            "f.py": script(
                "Reweighing([1], [2])",
                "from aif360.algorithms.preprocessing import Reweighing",
            )
        },
    ),
    (
        "fairness",
        "by sex",
        {
            "f.py": script(
                "d = pd.read_csv('y_pred.csv')\nfor g, part in d.groupby('sex'):\n   "
                " print(accuracy_score(part.y, part.y_pred))",
                "import pandas as pd\nfrom sklearn.metrics import accuracy_score",
            )
        },
    ),
    (
        "model_card",
        "a file",
        {
            "MODEL_CARD.md": (
                "# Model card\n\n## Intended use\n\n"
                + "Predicts delays for planners of an airline. " * 6
                + "\n\n## Training data\n\nFlights of 2013.\n\n## Metrics\n\nAUC 0.8\n"
            )
        },
    ),
    (
        "model_card",
        "the hub's",
        {
            "c.py": script(
                "ModelCard.from_template(1).save('README.md')",
                "from huggingface_hub import ModelCard",
            )
        },
    ),
    (
        "hyperparameter_search",
        "optuna",
        {
            "t.py": script(
                "optuna.create_study().optimize(print, n_trials=3)", "import optuna"
            )
        },
    ),
    (
        "hyperparameter_search",
        "grid",
        {
            "t.py": script(
                "GridSearchCV(1, {})",
                "from sklearn.model_selection import GridSearchCV",
            )
        },
    ),
    (
        "hyperparameter_search",
        "sweep",
        {
            "sweep.yaml": (
                "program: train.py\nmethod: bayes\nparameters:\n  lr: {min: 0.1, max:"
                " 1}\n"
            )
        },
    ),
    ("training_script", "a script", {"train.py": TRAIN}),
    (
        "training_script",
        "a loop of torch",
        {
            "train.py": script(
                "torch.manual_seed(1)\nloss = net(1)\nloss.backward()",
                "import torch\nfrom torch import nn\nnet = nn.Linear(1, 1)",
            )
        },
    ),
    (
        "evaluation_report",
        "a file of metrics",
        {
            "e.py": script(
                "json.dump({'a': accuracy_score([1], [1])}, open('m.json', 'w'))",
                "import json\nfrom sklearn.metrics import accuracy_score",
            )
        },
    ),
    (
        "exploration_notebook",
        "a notebook",
        {
            "n.ipynb": (
                '{"cells": [{"cell_type": "code", "source": ["import pandas as pd\\n",'
                " \"pd.read_csv('a').head()\"]}]}"
            )
        },
    ),
    (
        "own_table",
        "a schema that is read",
        {
            "config/schema.yaml": "columns: {a: int64, b: object}\ntarget_column: b\n",
            "d.py": "PATH = 'config/schema.yaml'\n",
        },
    ),
    (
        "reproducible_run",
        "a run that is rebuilt",
        {
            "reproduce.py": script(
                "before, after = 1.0, 2.0\nif abs(before - after) > tolerance:\n   "
                " raise ValueError('not reproduced')",
                "tolerance = 1e-9",
            )
        },
    ),
    (
        "feature_store",
        "feast",
        {
            "f.py": script(
                "FeatureStore(repo_path='.').get_historical_features(1, [])",
                "from feast import FeatureStore",
            )
        },
    ),
    (
        "tests_data",
        "a loader",
        {
            "src/data.py": "def load_data():\n    return [1]\n",
            "tests/test_d.py": (
                "from data import load_data\ndef test_load():\n    assert load_data()"
                " == [1]\n"
            ),
        },
    ),
    (
        "tests_data",
        "properties of a table",
        {
            "tests/test_d.py": (
                "import pandas as pd\ndef test_nothing_is_missing():\n    d ="
                " pd.read_csv('data.csv')\n    assert d.notna().all().all()\n"
            )
        },
    ),
    (
        "tests_model",
        "a training",
        {
            "train.py": FIT,
            "tests/test_t.py": (
                "from train import main\ndef test_it_learns():\n    assert"
                " main().predict([[1]]) is not None\n"
            ),
        },
    ),
    (
        "tests_model",
        "the shape of a network",
        {
            "src/net.py": (
                "import torch\nclass SmallNet(torch.nn.Module):\n    def forward(self,"
                " x):\n        return x\n"
            ),
            "tests/test_n.py": (
                "import torch\nfrom net import SmallNet\ndef test_shape():\n    assert"
                " SmallNet()(torch.zeros(1, 2)).shape == (1, 2)\n"
            ),
        },
    ),
    (
        "tests_model",
        "a service",
        {
            "app.py": "import fastapi\napp = fastapi.FastAPI()\n",
            "tests/test_s.py": (
                "from fastapi.testclient import TestClient\nfrom app import app\ndef"
                " test_predict():\n    assert TestClient(app).post('/predict',"
                " json={}).json()['prediction'] > 0\n"
            ),
        },
    ),
]

CASES += [
    (
        "experiment_tracking",
        "a notebook that a job runs",
        {
            "notebooks/train.py": "import mlflow\nmlflow.log_metric('a', 1)\n",
            "jobs.yml": "notebook_task:\n  notebook_path: ../notebooks/train.py\n",
        },
    ),
    (
        "ci_trains_model",
        "codebuild in cdk of typescript",
        {
            "lib/stack.ts": "import * as b from 'aws-cdk-lib/aws-codebuild';\n"
            "const commands = ['run-pipeline --module-name pipelines.a.pipeline'];\n"
        },
    ),
    (
        "data_validation",
        "a caller that heeds the answer",
        {
            "v.py": "import pandas as pd\ndef validate_data(frame):\n"
            "    return bool(len(frame.columns))\n",
            "train.py": script(
                "if not validate_data(pd.read_csv('d')):\n    raise ValueError('bad')",
                "import pandas as pd\nfrom v import validate_data",
            ),
        },
    ),
    (
        "champion_challenger_or_ab",
        "a gain over production",
        {
            "p.py": script(
                "gain = new_accuracy - production_accuracy\nif gain > 0:\n"
                "    client.set_registered_model_alias('m', 'prod', 1)",
                "from mlflow import MlflowClient\nclient = MlflowClient()\n"
                "new_accuracy, production_accuracy = 1, 2",
            )
        },
    ),
]


@pytest.mark.parametrize(
    ("capability", "name", "files"), CASES, ids=[f"{c}: {n}" for c, n, _ in CASES]
)
def test_it_is_found_where_it_is(
    tmp_path: Path, capability: str, name: str, files: Files
) -> None:
    found = find(tmp_path, capability, files)
    assert found.status == Status.PRESENT, (name, found.why, found.evidence)
    first = found.evidence[0]
    assert first.operative
    assert (tmp_path / first.path).is_file()

"""How training, its data and its records look in the wild: each is found present."""

from pathlib import Path

import pytest
from traps.scripts import AIRFLOW, CI, DVC, KFP, PREFECT, TRAIN, script, workflow
from traps.trees import Files, expect

from maturity_assessment.evidence import Status

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
        "for its own sake",
        {"train.py": TRAIN, CI: workflow("run: python train.py")},
    ),
    (
        "ci_trains_model",
        "a method of a class of one's own, which another one calls",
        {
            "model.py": (
                "class Model:\n    def train(self, x, y):\n        self.inner.fit(x, y)\n"
                "    def work(self):\n        self.train([1], [2])\n"
            ),
            "train.py": (
                "from model import Model\nif __name__ == '__main__':\n"
                "    Model().work()\n"
            ),
            CI: workflow("run: python train.py"),
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
    (
        "pipeline_orchestration",
        "components that Azure ML knows by name",
        {
            "p.py": "from azure.ai.ml import MLClient, dsl\nml_client = MLClient()\n"
            "@dsl.pipeline()\ndef pipeline(rows):\n"
            "    clean = ml_client.components.get('clean_data')\n"
            "    train = ml_client.components.get('train_model')\n"
            "    train(clean(rows).outputs.rows)\n"
        },
    ),
    (
        "pipeline_orchestration",
        "assets of Dagster, one in each module",
        {
            "assets/raw.py": "from dagster import asset\n@asset\ndef raw_data():\n"
            "    return 1\n",
            "assets/model.py": "from dagster import asset\n@asset\n"
            "def trained_model(raw_data):\n    return raw_data\n",
        },
    ),
    ("pipeline_orchestration", "kfp", {"p.py": KFP}),
    ("pipeline_orchestration", "airflow", {"dags/d.py": AIRFLOW}),
    ("pipeline_orchestration", "prefect", {"flow.py": PREFECT}),
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
        "data_validation",
        "columns that are missing stop a step without a name for it",
        {
            "prepare.py": script(
                "data = pd.read_csv('d.csv')\n"
                "missing = {'a', 'b'} - set(data.columns)\n"
                "if len(missing) > 0:\n    raise RuntimeError('missing columns')",
                "import pandas as pd",
            )
        },
    ),
    (
        "data_validation",
        "an answer that is passed on to who exits",
        {
            "checks.py": "import great_expectations as gx\n"
            "def run_checkpoint(checkpoint):\n    result = checkpoint.run()\n"
            "    return result\n",
            "bronze.py": "from checks import run_checkpoint\n"
            "def run_bronze(checkpoint):\n"
            "    result = run_checkpoint(checkpoint=checkpoint)\n"
            "    good = result.success and True\n    return good\n",
            "main.py": script(
                "fine = run_bronze(1)\nif not fine:\n    sys.exit(1)\nsys.exit(0)",
                "import sys\nfrom bronze import run_bronze",
            ),
        },
    ),
    (
        "champion_challenger_or_ab",
        "a decision that one module takes and another acts upon",
        {
            "validator.py": (
                "def decide(decision, challenger_auc, champion_auc):\n"
                "    decision.gate_passed = challenger_auc > champion_auc\n"
                "    if not champion_auc:\n        decision.gate_passed = True\n"
                "    decision.promoted = decision.gate_passed and decision.valid\n"
                "    return decision\n"
            ),
            "flow.py": script(
                "decision = decide(1, 2, 3)\nif decision.promoted:\n"
                "    registry.promote_challenger(1)",
                "from validator import decide\nimport registry",
            ),
        },
    ),
    (
        "champion_challenger_or_ab",
        "two models whose answers a threshold cuts",
        {
            "p.py": script(
                "champion_f1 = f1_score([1], cut(1, threshold=0.3))\n"
                "new_f1 = f1_score([1], cut(2, threshold=0.5))\n"
                "if new_f1 > champion_f1:\n"
                "    client.set_registered_model_alias('m', 'champion', 2)",
                "from mlflow import MlflowClient\n"
                "from sklearn.metrics import f1_score\nclient = MlflowClient()\n"
                "cut = print",
            )
        },
    ),
    (
        "model_quality_gate",
        "a judge of another module, called where no metric is named",
        {
            "rules.py": "def good(accuracy):\n    return accuracy > 0.8\n",
            "checks.py": script(
                "if not good(x):\n    raise ValueError('too poor')",
                "from rules import good\nx = 1",
            ),
        },
    ),
    (
        "model_quality_gate",
        "a judge that is written without spaces",
        {
            "model.py": script(
                "if not good(1):\n    raise ValueError('too poor')",
                "def good(accuracy):\n    return accuracy>0.8\n",
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
    ("capability", "files"),
    [(capability, files) for capability, _, files in CASES],
    ids=[f"{capability}: {name}" for capability, name, _ in CASES],
)
def test_it_is_found_where_it_is(tmp_path: Path, capability: str, files: Files) -> None:
    expect(tmp_path, capability, Status.PRESENT, files)

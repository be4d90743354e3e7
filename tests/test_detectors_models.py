"""How pipelines, gates and what is said of models look in the wild: each is found present."""

from pathlib import Path

import pytest
from traps.scripts import (
    AIRFLOW,
    CI,
    DAILY,
    EVALUATE,
    FIT,
    KFP,
    PREFECT,
    TRAIN,
    script,
    workflow,
)
from traps.trees import Files, expect

from maturity_assessment.evidence import Status

CASES: list[tuple[str, str, Files]] = [
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
        "model_quality_gate",
        "a test of a metric between training and release",
        {
            "train.py": TRAIN,
            "tests/test_model.py": (
                "from sklearn.metrics import accuracy_score\ndef test_it():\n"
                "    accuracy = accuracy_score([1], [1])\n    assert accuracy > 0.9\n"
            ),
            CI: workflow(
                "run: python train.py\n      - run: pytest\n"
                "      - run: ./publish_model.sh"
            ),
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


@pytest.mark.parametrize(
    ("capability", "files"),
    [(capability, files) for capability, _, files in CASES],
    ids=[f"{capability}: {name}" for capability, name, _ in CASES],
)
def test_it_is_found_where_it_is(tmp_path: Path, capability: str, files: Files) -> None:
    expect(tmp_path, capability, Status.PRESENT, files)

"""Things that look like a capability of training and are not: each is found not present."""

from pathlib import Path

import pytest
from traps.trees import Files, find

from maturity_assessment.evidence import Status

TRAIN = """
from sklearn.linear_model import LogisticRegression
import pandas as pd

def main():
    rows = pd.read_csv("data.csv")
    LogisticRegression(random_state=0).fit(rows[["a"]], rows["y"])

if __name__ == "__main__":
    main()
"""
CI = ".github/workflows/ci.yml"


def workflow(on: str, step: str) -> str:
    """A workflow of one step."""
    return f"on: {on}\njobs:\n  j:\n    runs-on: x\n    steps:\n      - {step}\n"


# The capability, what is there, and a word of the reason or of the sentence.
TRAPS: dict[str, tuple[str, Files, str]] = {
    "a training that is echoed": (
        "ci_trains_model",
        {"train.py": TRAIN, CI: workflow("push", "run: echo 'python train.py'")},
        "No workflow",
    ),
    "a training step that is switched off": (
        "ci_trains_model",
        {
            "train.py": TRAIN,
            CI: workflow("push", "run: python train.py && dvc push\n        if: false"),
        },
        "never runs",
    ),
    "a service that could train what it only loads": (
        "ci_trains_model",
        {
            "model.py": (
                "class Model:\n    def __init__(self, path):\n        self.path = path\n"
                "    def train(self, x, y):\n        self.inner.fit(x, y)\n"
                "    def predict(self, x):\n        return self.inner.predict(x)\n"
            ),
            "serve.py": (
                "from model import Model\nif __name__ == '__main__':\n"
                "    print(Model('m').predict([1]))\n"
            ),
            CI: workflow("push", "run: python serve.py"),
        },
        "No workflow",
    ),
    "tests of what else a class that trains can do": (
        "ci_trains_model",
        {
            "model.py": (
                "class Model:\n    def train(self, x, y):\n        self.inner.fit(x, y)\n"
                "    def name(self):\n        return 'm'\n"
            ),
            "tests/test_model.py": (
                "from model import Model\ndef test_name():\n"
                "    assert Model().name() == 'm'\n"
            ),
            CI: workflow("push", "run: pytest"),
        },
        "No workflow",
    ),
    "a stage that is called after the rows to train on": (
        "ci_trains_model",
        {
            "dvc.yaml": "stages:\n  get_training_dataset:\n    cmd: python clean.py\n",
            "clean.py": "print('clean')\n",
            CI: workflow("push", "run: dvc repro && dvc push"),
        },
        "No workflow",
    ),
    "stages of DVC that only shape data": (
        "ci_trains_model",
        {
            "dvc.yaml": "stages:\n  clean:\n    cmd: python clean.py\n    outs: [data]\n",
            "clean.py": "print('clean')\n",
            CI: workflow("push", "run: dvc repro && dvc push"),
        },
        "No workflow",
    ),
    "a module that trains only where it is the program": (
        "ci_trains_model",
        {
            "train.py": TRAIN,
            "serve.py": "import train\nprint(train.WORDS)\n",
            CI: workflow("push", "run: python serve.py"),
        },
        "No workflow",
    ),
    "a training that only feeds the smoke test of an image": (
        "ci_trains_model",
        {
            "train.py": TRAIN,
            CI: workflow(
                "push", "run: python train.py && docker build . && ./smoke.sh"
            ),
        },
        "thrown away",
    ),
    "a check of data whose answer only has the name of what stops elsewhere": (
        "data_validation",
        {
            "v.py": (
                "import pandas as pd\ndef validate_data(frame):\n"
                "    return len(frame)\n"
            ),
            "train.py": (
                "import pandas as pd\nfrom v import validate_data\n"
                "def main():\n    found = validate_data(pd.read_csv('d'))\n"
                "    print(found)\n"
                "def ask(found):\n    if not found:\n        raise ValueError('x')\n"
                "if __name__ == '__main__':\n    main()\n"
            ),
        },
        "nothing stops",
    ),
    "a model that is copied into a bucket": (
        "model_registry",
        {
            "train.py": TRAIN,
            CI: workflow("push", "run: aws s3 cp models/ s3://bucket/new --recursive"),
        },
        "not as versions",
    ),
    "metrics that a component only hands to its pipeline": (
        "experiment_tracking",
        {
            "parts.py": (
                "from kfp.dsl import Metrics, Output, component\n"
                "@component\ndef train(metrics: Output[Metrics]):\n"
                "    metrics.log_metric('auc', 0.5)\n"
            )
        },
        "only into files",
    ),
    "a report of results that were made elsewhere": (
        "ci_trains_model",
        {
            "train.py": TRAIN,
            CI: workflow("pull_request", "run: dvc pull && cml comment create r.md"),
        },
        "No workflow",
    ),
    "a training inside the tests": (
        "ci_trains_model",
        {
            "app.py": TRAIN,
            "tests/test_app.py": (
                "from app import main\ndef test_main():\n    assert main() is None\n"
            ),
            CI: workflow("push", "run: pytest"),
        },
        "smoke",
    ),
    "a logger that configuration leaves off": (
        "experiment_tracking",
        {
            "train.py": TRAIN,
            "configs/train.yaml": "defaults:\n  - logger: null\n",
            "configs/logger/wandb.yaml": (
                "_target_: pytorch_lightning.loggers.WandbLogger\n"
            ),
        },
        "not by default",
    ),
    "a switch of wandb that is off": (
        "experiment_tracking",
        {
            "train.py": (
                "import wandb\nwandb_log = False\nif wandb_log:\n   "
                " wandb.init(project='x')\nif __name__ == '__main__':\n    print(1)\n"
            )
        },
        "not by default",
    ),
    "a flag of wandb that nobody sets": (
        "experiment_tracking",
        {
            "train.py": (
                """
            import argparse
            import wandb
            def main():
                parser = argparse.ArgumentParser()
                parser.add_argument("--use-wandb", action="store_true")
                args = parser.parse_args()
                if args.use_wandb:
                    wandb.init(project="x")
            if __name__ == "__main__":
                main()
            """
            )
        },
        "not by default",
    ),
    "wandb in the requirements": (
        "experiment_tracking",
        {"requirements.txt": "wandb\nmlflow\n", "train.py": TRAIN},
        "No run",
    ),
    "a tracker in a notebook": (
        "experiment_tracking",
        {
            "n.ipynb": (
                '{"cells": [{"cell_type": "code", "source": ["import mlflow\\n",'
                " \"mlflow.log_metric('a', 1)\"]}]}"
            )
        },
        "notebook",
    ),
    "a folder that is called a registry": (
        "model_registry",
        {
            "config.py": (
                "from pathlib import Path\nMODEL_REGISTRY = Path('/mnt/registry')\n"
                "MODEL_REGISTRY.mkdir()\n"
            )
        },
        "No registry",
    ),
    "a model that is loaded from a branch that moves": (
        "model_registry",
        {
            "app.py": (
                "from transformers import AutoModel\nm ="
                " AutoModel.from_pretrained('x/y', revision='main')\nn ="
                " AutoModel.from_pretrained('x/y')\nif __name__ == '__main__':\n   "
                " print(m)\n"
            )
        },
        "No registry",
    ),
    "an empty configuration of DVC": (
        "data_versioning",
        {".dvc/config": "", ".dvc/.gitignore": "/cache\n"},
        "empty",
    ),
    "a remote on one machine": (
        "data_versioning",
        {
            ".dvc/config": (
                "[core]\n    remote = r\n['remote \"r\"']\n    url = /home/me/store\n"
            ),
            "data/a.csv.dvc": "outs:\n- md5: a\n  path: a.csv\n",
        },
        "cannot be brought back",
    ),
    "a lock without a remote": (
        "data_versioning",
        {
            "dvc.lock": "schema: '2.0'\n",
            "data/a.csv.dvc": "outs:\n- md5: a\n  path: a.csv\n",
        },
        "cannot be brought back",
    ),
    "large files for the tests": (
        "data_versioning",
        {".gitattributes": "tests/data/*.json filter=lfs diff=lfs merge=lfs -text\n"},
        "cannot be brought back",
    ),
    "stages of DVC where it was never set up": (
        "data_versioning",
        {"dvc.yaml": "stages:\n  a:\n    cmd: python train.py\n    outs: [data]\n"},
        "no versions",
    ),
    "a quality check that is skipped": (
        "data_validation",
        {
            "pipeline.py": (
                """
            from sagemaker.workflow.quality_check_step import QualityCheckStep
            def get_pipeline():
                return QualityCheckStep(name="DataQuality", skip_check=True)
            if __name__ == "__main__":
                get_pipeline()
            """
            )
        },
        "skipped",
    ),
    "a validator that only logs": (
        "data_validation",
        {
            "validate_data.py": (
                """
            import logging
            import pandas as pd
            def validate_columns(frame):
                if set(frame.columns) != {"a", "b"}:
                    logging.error("columns differ")
            if __name__ == "__main__":
                validate_columns(pd.read_csv("d.csv"))
            """
            )
        },
        "nothing stops",
    ),
    "one column that a plot needs": (
        "data_validation",
        {"plot.py": """
            import pandas as pd
            def main():
                data = pd.read_csv("d.csv")
                if "a" not in data.columns:
                    raise KeyError("a")
            if __name__ == "__main__":
                main()
            """},
        "Nothing checks",
    ),
    "a check of a switch, after which the program ends well": (
        "data_validation",
        {"score.py": """
            import sys
            import pandas as pd
            def check_feature_flag(flags):
                return bool(flags["is_enabled"].iloc[0])
            if __name__ == "__main__":
                if not check_feature_flag(pd.read_csv("flags.csv")):
                    sys.exit(1)
            """},
        "Nothing checks",
    ),
    "a check of the data, after which the program ends well": (
        "data_validation",
        {"score.py": """
            import sys
            import pandas as pd
            def check_columns(frame):
                return "a" in frame.columns
            if __name__ == "__main__":
                if not check_columns(pd.read_csv("d.csv")):
                    sys.exit(0)
            """},
        "nothing stops",
    ),
    "a validator that nothing calls": (
        "data_validation",
        {
            "src/checks.py": (
                """
            import pandas as pd
            def validate_schema(frame):
                if "a" not in frame.columns:
                    raise ValueError("a is missing")
            """
            ),
            "train.py": TRAIN,
        },
        "nothing stops",
    ),
    "expectations that only tests hold": (
        "data_validation",
        {
            "train.py": TRAIN,
            "tests/test_d.py": (
                "import great_expectations as ge\ndef test_d():\n    d ="
                " ge.read_csv('d.csv')\n    assert"
                " d.expect_column_values_to_not_be_null('a')\n"
            ),
        },
        "only tests",
    ),
    "names of validation in settings": (
        "data_validation",
        {
            "terraform/a.tfvars.example": 'tfdv_schema = "schema.pbtxt"\n',
            "train.py": TRAIN,
        },
        "Nothing checks",
    ),
    "an empty file called a pipeline": (
        "pipeline_orchestration",
        {"src/pipeline/train_pipeline.py": "", "train.py": TRAIN},
        "No pipeline",
    ),
    "a pipeline of scikit-learn": (
        "pipeline_orchestration",
        {
            "train.py": (
                "from sklearn.pipeline import Pipeline\np = Pipeline([('data', 1),"
                " ('model', 2)])\nif __name__ == '__main__':\n    p.fit([1], [2])\n"
            )
        },
        "No pipeline",
    ),
    "a script of one step after another": (
        "pipeline_orchestration",
        {
            "train.py": TRAIN,
            "data.py": TRAIN,
            "run.sh": "python data.py\npython train.py\n",
        },
        "one after another",
    ),
    "a queue of jobs": (
        "pipeline_orchestration",
        {
            "jobs.py": (
                "from rq import Queue\nq = Queue()\ndef run():\n   "
                " q.enqueue('refresh')\n    q.enqueue('export')\nif __name__ =="
                " '__main__':\n    run()\n"
            )
        },
        "No pipeline",
    ),
    "a gate that is switched off": (
        "model_quality_gate",
        {
            CI: workflow(
                "push",
                "name: gate\n        if: false # Disabled\n        run: |\n          if"
                ' (( $(echo "$accuracy < 0.8" | bc -l) )); then exit 1; fi\n      -'
                " run: echo Promoted",
            )
        },
        "never runs",
    ),
    "metrics in a comment only": (
        "model_quality_gate",
        {
            "train.py": TRAIN,
            CI: workflow("pull_request", "run: cml comment create report.md"),
        },
        "nothing stops",
    ),
    "the best epoch so far": (
        "model_quality_gate",
        {
            "train.py": (
                """
            import torch
            def train(model, epochs):
                best_val_loss = 1e9
                for epoch in range(epochs):
                    val_loss = model(epoch)
                    if val_loss < best_val_loss:
                        torch.save(model, "best.pt")
            if __name__ == "__main__":
                train(print, 3)
            """
            )
        },
        "Nothing stops",
    ),
    "a metric that is only printed": (
        "model_quality_gate",
        {
            "evaluate.py": (
                """
            from sklearn.metrics import accuracy_score
            def evaluate(y, p):
                accuracy = accuracy_score(y, p)
                if accuracy < 0.8:
                    print("the model is poor")
            if __name__ == "__main__":
                evaluate([1], [1])
            """
            )
        },
        "Nothing stops",
    ),
    "a task of checks that no other waits for": (
        "model_quality_gate",
        {
            "check_metrics.py": """
            def check_metrics(bleu):
                if bleu < 20:
                    raise ValueError("poor")
            if __name__ == "__main__":
                check_metrics(1)
            """,
            "kinds/check/kind.yml": "tasks: {c: {run: python check_metrics.py}}\n",
            "kinds/publish/kind.yml": "kind-dependencies: [train]\n",
        },
        "no other task waits",
    ),
    "a range of a parameter": (
        "model_quality_gate",
        {"model.py": """
            def train(quality, recall):
                if quality < 0 or recall > 1:
                    raise ValueError("out of range")
            if __name__ == "__main__":
                train(1, 1)
            """},
        "Nothing stops",
    ),
    "a poor score that is an error of one request": (
        "model_quality_gate",
        {"app.py": """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            @app.post("/predict")
            def predict_model(score: float):
                if score < 0.5:
                    raise HTTPException(422)
            """},
        "leaves this to another one",
    ),
    "an option that trains": (
        "auto_retraining",
        {
            "run.py": """
            import argparse
            import train
            if __name__ == "__main__":
                args = argparse.ArgumentParser().parse_args()
                if args.drift_training:
                    train.main()
            """,
            "train.py": TRAIN,
        },
        "somebody starts",
    ),
    "a revision that is an option": (
        "model_registry",
        {"train.py": """
            from transformers import AutoModel
            def main(args):
                AutoModel.from_pretrained("bert", revision=args.revision)
            if __name__ == "__main__":
                main(1)
            """},
        "No registry",
    ),
    "the bias of a forecast": (
        "fairness",
        {"metrics.py": """
            def compute_bias(y_true, y_pred):
                return y_true - y_pred
            if __name__ == "__main__":
                compute_bias(1, 2)
            """},
        "Nothing compares",
    ),
    "an alias without a comparison": (
        "champion_challenger_or_ab",
        {
            "promote.py": (
                """
            from mlflow import MlflowClient
            def main():
                MlflowClient().set_registered_model_alias("m", "Champion", 3)
            if __name__ == "__main__":
                main()
            """
            )
        },
        "against nothing",
    ),
    "a floor and no other model": (
        "champion_challenger_or_ab",
        {
            "evaluate.py": (
                """
            def evaluate(best_model_score):
                if best_model_score < 0.6:
                    raise ValueError("no best model found")
            if __name__ == "__main__":
                evaluate(0.5)
            """
            )
        },
        "against nothing",
    ),
    "a word like shadow": (
        "champion_challenger_or_ab",
        {"poems.py": "KINGS = ['shadow XVIII.', 'canary yellow', 'A/B']\n"},
        "against nothing",
    ),
    "the schedule of a learning rate": (
        "auto_retraining",
        {
            "train.py": TRAIN,
            "conf.yaml": "schedule: cosine\ntrain: {lr_schedule: linear}\n",
        },
        "somebody starts",
    ),
    "the schedule of a bot": (
        "auto_retraining",
        {
            "train.py": TRAIN,
            ".github/dependabot.yml": (
                "version: 2\nupdates:\n- package-ecosystem: pip\n"
                "  schedule: {interval: daily}\n"
            ),
        },
        "somebody starts",
    ),
    "a cleaning that is scheduled": (
        "auto_retraining",
        {
            "train.py": TRAIN,
            "clean.py": "print('clean')\n",
            CI: workflow("{schedule: [{cron: '0 1 * * *'}]}", "run: python clean.py"),
        },
        "somebody starts",
    ),
    "a retraining that a person starts": (
        "auto_retraining",
        {
            "train.py": TRAIN,
            ".github/workflows/retrain.yml": workflow(
                "workflow_dispatch", "run: python train.py && dvc push"
            ),
        },
        "somebody starts",
    ),
    "a schedule that is only an example": (
        "auto_retraining",
        {
            "k8s/cron.yaml.example": "kind: CronJob\napiVersion: batch/v1\n",
            "train.py": TRAIN,
        },
        "somebody starts",
    ),
    "a verdict that is only printed": (
        "model_quality_gate",
        {"train.py": """
            def check_readiness(accuracy):
                return accuracy > 0.8
            if __name__ == "__main__":
                print(check_readiness(0.7))
            """},
        "nothing stops",
    ),
    "a test of a metric without a training before the release": (
        "model_quality_gate",
        {
            "train.py": TRAIN,
            "tests/test_model.py": (
                "from sklearn.metrics import accuracy_score\ndef test_it():\n"
                "    accuracy = accuracy_score([1], [1])\n    assert accuracy > 0.9\n"
            ),
            CI: workflow("push", "run: pytest\n      - run: ./publish.sh"),
        },
        "Nothing stops",
    ),
    "a list of schedules that is empty": (
        "auto_retraining",
        {"prefect.yaml": """
            deployments:
            - name: train
              entrypoint: train.py:main
              schedules: []
            """},
        "somebody starts",
    ),
    "a schedule that is not active": (
        "auto_retraining",
        {"prefect.yaml": """
            deployments:
            - name: train
              entrypoint: train.py:main
              schedules: [{cron: "0 1 * * *", active: false}]
            """},
        "not active",
    ),
    "a DAG without a schedule": (
        "auto_retraining",
        {
            "dags/d.py": (
                """
            from airflow import DAG
            from airflow.operators.python import PythonOperator
            with DAG("train", schedule=None) as dag:
                a = PythonOperator(task_id="load_data", python_callable=print)
                b = PythonOperator(task_id="train_model", python_callable=print)
                a >> b
            """
            )
        },
        "somebody starts",
    ),
    "an alarm that only tells a person": (
        "retraining_triggers",
        {
            "train.py": TRAIN,
            "monitor.py": (
                """
            def check(drift_score):
                if drift_score > 0.2:
                    print("drift: think of retraining")
            if __name__ == "__main__":
                check(0.1)
            """
            ),
        },
        "No retraining",
    ),
    "words that only look like explainers": (
        "explainability",
        {
            "plot.py": (
                "import numpy as np\nCOLOURS = ['Lime']\ndef main():\n   "
                " print(np.zeros(3).shape)\nif __name__ == '__main__':\n    main()\n"
            )
        },
        "Nothing says",
    ),
    "the bias of a layer": (
        "fairness",
        {
            "net.py": (
                "import torch\ndef build():\n    layer = torch.nn.Linear(2, 2,"
                " bias=True)\n    layer.bias.data.zero_()\n    return layer\nif"
                " __name__ == '__main__':\n    build()\n"
            )
        },
        "Nothing compares",
    ),
    "slices that are no groups of people": (
        "fairness",
        {
            "evaluate.py": (
                """
            from snorkel.slicing import slicing_function
            @slicing_function()
            def short_text(x):
                return len(x.text) < 8
            if __name__ == "__main__":
                print(short_text)
            """
            )
        },
        "not by a sensitive attribute",
    ),
    "a card that says next to nothing": (
        "model_card",
        {"MODEL_CARD.md": "# Model card\n\nTODO\n"},
        "next to nothing",
    ),
    "a checker in the requirements": (
        "type_check",
        {"requirements.txt": "mypy\n", "LICENSE": "Copyright: pyright\n"},
        "Nothing checks",
    ),
    "a type check that a workflow switches off": (
        "type_check",
        {
            CI: (
                "on: push\njobs:\n  t:\n    uses:"
                " org/x/.github/workflows/python.yml@main\n    with:\n     "
                " enable_typechecking: false\n"
            )
        },
        "Nothing checks",
    ),
    "a type check whose failure is ignored": (
        "type_check",
        {CI: workflow("push", "run: mypy src || true")},
        "|| true",
    ),
    "a configuration of a checker that nothing runs": (
        "type_check",
        {"pyproject.toml": "[tool.mypy]\nstrict = true\n"},
        "nothing runs it",
    ),
    "a test of data that does nothing": (
        "tests_data",
        {
            "src/data.py": "def load_data():\n    return [1]\n",
            "tests/test_data.py": (
                "from data import load_data\ndef test_dummy():\n    load_data()\n   "
                " pass\n"
            ),
        },
        "No test",
    ),
    "a test of data that is always skipped": (
        "tests_data",
        {
            "src/data.py": "def load_data():\n    return [1]\n",
            "tests/test_data.py": (
                "import pytest\nfrom data import load_data\n@pytest.mark.skip\n"
                "def test_load():\n    assert load_data()\n"
            ),
        },
        "skipped",
    ),
    "a record that is called a model": (
        "tests_model",
        {
            "src/user.py": (
                "from pydantic import BaseModel\nclass UserModel(BaseModel):\n    name:"
                " str\n"
            ),
            "tests/test_user.py": (
                "from user import UserModel\ndef test_user():\n"
                "    assert UserModel(name='a').name == 'a'\n"
            ),
        },
        "No test",
    ),
    "a grid that is only in the documents": (
        "hyperparameter_search",
        {
            "docs/a.py": (
                "from sklearn.model_selection import GridSearchCV\nGridSearchCV(1,"
                " {})\n"
            )
        },
        "",
    ),
    "a training without a seed": (
        "training_script",
        {"train.py": TRAIN.replace("random_state=0", "")},
        "without a seed",
    ),
    "a metric that nobody keeps": (
        "evaluation_report",
        {
            "evaluate.py": (
                "from sklearn.metrics import accuracy_score\ndef main():\n   "
                " print(accuracy_score([1], [1]))\nif __name__ == '__main__':\n   "
                " main()\n"
            )
        },
        "only printed",
    ),
    "an empty notebook": (
        "exploration_notebook",
        {"a.ipynb": '{"cells": []}'},
        "no code that runs",
    ),
    "columns in a file that no code reads": (
        "own_table",
        {"schema.yaml": "columns: {a: int, b: str}\ntarget: b\n", "train.py": TRAIN},
        "no code reads it",
    ),
    "a seed and no proof": (
        "reproducible_run",
        {"train.py": TRAIN},
        "nothing proves",
    ),
    "a list called features": (
        "feature_store",
        {"train.py": TRAIN, "feature_store.yaml": ""},
        "no feature store",
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_only_looks_like_it_is_not_present(tmp_path: Path, name: str) -> None:
    capability, files, reason = TRAPS[name]
    found = find(tmp_path, capability, files)
    assert found.status != Status.PRESENT, found.evidence
    reasons = [why for one in found.evidence for why in one.reasons]
    assert reason in " ".join([found.why, *reasons])

"""Serving, batches, deployments and the platform: what counts, and what only looks like it."""

from pathlib import Path

import pytest
from traps.trees import Files, expect, find, read_tree

from maturity_assessment.detectors import cd_deploy
from maturity_assessment.evidence import Status

CI = ".github/workflows/ci.yml"
PRESENT, PARTIAL, ABSENT = Status.PRESENT, Status.PARTIAL, Status.ABSENT
TRAIN = (
    "from sklearn.linear_model import Ridge\n"
    "if __name__ == '__main__':\n"
    "    Ridge().fit(a, b)\n"
)


def ci(steps: str, on: str = "push", more: str = "") -> Files:
    """A project that trains, with a workflow of one job."""
    inner = "".join(
        f"{line}\n" if line[0] == " " else f"      - {line}\n"
        for line in steps.splitlines()
    )
    text = f"on: [{on}]\njobs:\n  go:\n    runs-on: x\n{more}    steps:\n{inner}"
    return {"train.py": TRAIN, CI: text}


def run(*commands: str) -> Files:
    """The same, whose steps run commands."""
    return ci("\n".join(f"run: {one}" for one in commands))


def code(text: str, path: str = "src/app.py") -> Files:
    """A project that trains, with one more file."""
    return {"train.py": TRAIN, path: text}


SERVE = "if __name__ == '__main__':\n    main()\n"
SERVING: dict[str, tuple[Status, Files]] = {
    "a route of FastAPI that asks the model": (
        PRESENT,
        code("""
            import joblib
            from fastapi import FastAPI
            app = FastAPI()
            model = joblib.load("m")
            @app.post("/ask")
            def ask(rows: list):
                return model.predict(rows).tolist()
            """),
    ),
    "a route of Flask that comes to the model in another file": (
        PRESENT,
        {
            **code("""
                from flask import Blueprint
                from src.core import answer
                pages = Blueprint("a", __name__)
                @pages.route("/x", methods=["POST"])
                def x():
                    return answer()
                """),
            "src/core.py": "def answer():\n    return load().predict_proba([1])\n",
        },
    ),
    "a view of Django": (
        PRESENT,
        {
            **code(
                "from src import views\nurlpatterns = [path('p', views.score)]\n".replace(
                    "from src", "from django.urls import path\nfrom src"
                ),
                "src/urls.py",
            ),
            "src/views.py": "def score(request):\n    return model.predict(request.rows)\n",
        },
    ),
    "a servicer of gRPC": (
        PRESENT,
        code("""
            import scoring_pb2_grpc
            class Scorer(scoring_pb2_grpc.ScoringServicer):
                def Score(self, request, context):
                    return self.model.predict(request.rows)
            """),
    ),
    "a function in the cloud": (
        PRESENT,
        code(
            "def lambda_handler(event, context):\n    return MODEL.predict(event['rows'])\n"
        ),
    ),
    "a class of LitServe": (
        PRESENT,
        code(
            "import litserve\n"
            "class A(litserve.LitAPI):\n"
            "    def predict(self, x):\n"
            "        return self.m(x)\n"
        ),
    ),
    "a service of BentoML": (
        PRESENT,
        code(
            "import bentoml\n"
            "@bentoml.service\n"
            "class S:\n"
            "    @bentoml.api\n"
            "    def predict(self, x):\n"
            "        return x\n"
        ),
    ),
    "an object of KServe": (
        PRESENT,
        {
            **code(""),
            "k8s/isvc.yaml": (
                "apiVersion: serving.kserve.io/v1beta1\n"
                "kind: InferenceService\n"
                "metadata: {name: a}\n"
                "spec: {predictor: {sklearn: {storageUri: gs://x}}}\n"
            ),
        },
    ),
    "an online deployment of AzureML in YAML": (
        PRESENT,
        {
            **code(""),
            "deploy/online.yml": (
                "$schema: https://azuremlschemas.net/managedOnlineDeployment.schema.json\n"
                "name: blue\n"
                "model: azureml:m@latest\n"
            ),
        },
    ),
    "an endpoint of SageMaker in a template": (
        PRESENT,
        {
            **code(""),
            "endpoint.yaml": (
                "Resources:\n"
                "  E:\n"
                "    Type: AWS::SageMaker::Endpoint\n"
                "    Properties: {EndpointConfigName: c}\n"
            ),
        },
    ),
    "an endpoint of Vertex in a script": (
        PRESENT,
        code(
            "from google.cloud import aiplatform\n"
            "if __name__ == '__main__':\n"
            "    aiplatform.Model('x').deploy()\n"
        ),
    ),
    "a command that serves a model": (
        PRESENT,
        {**code(""), "serve.sh": "mlflow models serve -m models:/a/1\n"},
    ),
    "a script that AzureML calls": (
        PRESENT,
        code(
            "import joblib\n"
            "def init():\n"
            "    global m\n"
            "    m = joblib.load('m')\n"
            "def run(data):\n"
            "    return m.predict(data)\n"
        ),
    ),
    "a page of Streamlit": (
        PARTIAL,
        code(
            "import streamlit as st\n"
            "import joblib\n"
            "m = joblib.load('m')\n"
            "st.write(m.predict(st.slider('x')))\n"
        ),
    ),
    "an example of a service": (
        PARTIAL,
        code(
            (
                "from flask import Flask\n"
                "app = Flask('a')\n"
                "@app.post('/predict')\n"
                "def p():\n"
                "    return m.predict(1)\n"
            ),
            "examples/app.py",
        ),
    ),
    "a web service that predicts nothing": (
        ABSENT,
        code(
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "@app.get('/health')\n"
            "def health():\n"
            "    return 1\n"
        ),
    ),
    "a command that predicts one row": (
        ABSENT,
        code(
            "import joblib\ndef main():\n    print(joblib.load('m').predict([1]))\n"
            + SERVE
        ),
    ),
    "a mock that patches": (
        ABSENT,
        code(
            "from unittest.mock import patch\n"
            "@patch('x.predict')\n"
            "def f(a):\n"
            "    return model.predict(a)\n"
        ),
    ),
    "a README that speaks of an endpoint": (
        ABSENT,
        {**code(""), "README.md": "We serve it at an endpoint with FastAPI.\n" * 9},
    ),
    "a service that imports what is not there": (
        ABSENT,
        {
            "train.py": TRAIN,
            "app/__init__.py": "",
            "app/api.py": (
                "from fastapi import FastAPI\n"
                "from .contract import Row\n"
                "app = FastAPI()\n"
                "@app.post('/predict')\n"
                "def predict(row: Row):\n"
                "    return model.predict(row)\n"
            ),
        },
    ),
}
BATCH: dict[str, tuple[Status, Files]] = {
    "a script that writes what the model gave": (
        PRESENT,
        code(
            (
                "import joblib, pandas as pd\n"
                "def main():\n"
                "    df = pd.read_csv('x')\n"
                "    df['p'] = joblib.load('m').predict(df)\n"
                "    df.to_parquet('out')\n"
            )
            + SERVE
        ),
    ),
    "through functions of its own": (
        PRESENT,
        code(
            (
                "def get_predictions(model, rows):\n"
                "    return [model.predict(r) for r in rows]\n"
                "def main():\n"
                "    found = get_predictions(load(), read())\n"
                "    save_results(found)\n"
            )
            + SERVE
        ),
    ),
    "a network that is called": (
        PRESENT,
        code(
            (
                "import torch, numpy as np\n"
                "def main():\n"
                "    out = []\n"
                "    for x in loader:\n"
                "        out.append(model(x))\n"
                "    np.save('p.npy', out)\n"
            )
            + SERVE
        ),
    ),
    "through a writer that is careful": (
        PRESENT,
        code(
            (
                "def main():\n"
                "    rows = read_rows()\n"
                "    rows['p'] = make_batch_predictions(rows)\n"
                "    safe_write_csv(rows, 'out.csv')\n"
            )
            + SERVE
        ),
    ),
    "a table that answers a request": (
        PARTIAL,
        code(
            "from fastapi import FastAPI\napp = FastAPI()\n"
            "@app.post('/export')\n"
            "def export(rows: list):\n"
            "    found = frame(model.predict(rows))\n"
            "    found.to_csv(buffer)\n"
            "    return buffer\n"
        ),
    ),
    "a document that a database is given": (
        ABSENT,
        code(
            "class Crawler:\n"
            "    def main(self):\n"
            "        found = self.model(content=1, link=2)\n"
            "        found.save()\n"
            "if __name__ == '__main__':\n"
            "    Crawler().main()\n"
        ),
    ),
    "events that go onto a stream": (
        ABSENT,
        code(
            "import boto3\n"
            "def lambda_handler(event, context):\n"
            "    for record in event['Records']:\n"
            "        found = model.predict(record)\n"
            "        boto3.client('kinesis').put_record(Data=found)\n"
        ),
    ),
    "a batch prediction of Vertex": (
        PRESENT,
        code(
            "from google.cloud import aiplatform\n"
            "if __name__ == '__main__':\n"
            "    aiplatform.Model('m').batch_predict(gcs_source='x')\n"
        ),
    ),
    "a transform job of SageMaker": (
        PRESENT,
        code(
            "import boto3\n"
            "if __name__ == '__main__':\n"
            "    boto3.client('sagemaker').create_transform_job()\n"
        ),
    ),
    "a script for parts of AzureML": (
        PRESENT,
        code(
            "def init():\n    pass\ndef run(mini_batch):\n    return m.predict(mini_batch)\n"
        ),
    ),
    "SQL that predicts": (
        PRESENT,
        {**code(""), "sql/score.sql": "SELECT * FROM ML.PREDICT(MODEL m, TABLE t)\n"},
    ),
    "a file for a competition": (
        PARTIAL,
        code(
            "model.fit(a, b)\n"
            "df['y'] = model.predict(t)\n"
            "df.to_csv('submission.csv')\n"
            "if __name__ == '__main__':\n"
            "    pass\n"
        ),
    ),
    "a backtest": (
        PARTIAL,
        code(
            "def main():\n    df['p'] = model.predict(df)\n    df.to_csv('p.csv')\n"
            + SERVE,
            "src/backtest.py",
        ),
    ),
    "an evaluation that writes its metrics": (
        ABSENT,
        code(
            (
                "from sklearn.metrics import accuracy_score\n"
                "def main():\n"
                "    p = model.predict(x)\n"
                "    found = {'a': accuracy_score(y, p)}\n"
                "    json.dump(found, open('m.json', 'w'))\n"
            )
            + SERVE
        ),
    ),
    "a model that is trained and saved": (
        ABSENT,
        code(
            (
                "import joblib\n"
                "def main():\n"
                "    model = train_model(rows)\n"
                "    joblib.dump(model, 'm')\n"
                "    save_model(model)\n"
            )
            + SERVE
        ),
    ),
    "a plot of predictions": (
        ABSENT,
        code(
            "def main():\n    fig = plot(model.predict(x))\n    fig.write_image('a.png')\n"
            + SERVE
        ),
    ),
    "one answer that is printed": (
        ABSENT,
        code("def main():\n    print(model.predict(x))\n" + SERVE),
    ),
}
DEPLOY: dict[str, tuple[Status, Files]] = {
    "kubectl": (PRESENT, run("kubectl -n prod apply -f k8s/")),
    "helm through make": (
        PRESENT,
        {
            **run("make deploy"),
            "Makefile": "deploy:\n\thelm upgrade --install a ./chart\n",
        },
    ),
    "an action": (
        PRESENT,
        ci(
            "uses: google-github-actions/deploy-cloudrun@v2\n        with: {service: a}"
        ),
    ),
    "AzureML": (PRESENT, run("az ml online-deployment create -f d.yml --all-traffic")),
    "compose over ssh": (
        PRESENT,
        {
            "train.py": TRAIN,
            CI: (
                "on: [push]\n"
                "jobs:\n"
                "  go:\n"
                "    steps:\n"
                "      - uses: appleboy/ssh-action@v1\n"
                "        with:\n"
                "          script: |\n"
                "            docker compose pull\n"
                "            docker compose up -d\n"
            ),
        },
    ),
    "a script that uses an SDK": (
        PRESENT,
        {
            **run("python scripts/release_model.py"),
            "scripts/release_model.py": (
                "import boto3\n"
                "def main():\n"
                "    boto3.client('sagemaker').update_endpoint(EndpointName='a')\n"
                "main()\n"
            ),
        },
    ),
    "an Argo CD application": (
        PRESENT,
        {
            "train.py": TRAIN,
            "argo/app.yaml": (
                "apiVersion: argoproj.io/v1alpha1\n"
                "kind: Application\n"
                "metadata: {name: a}\n"
                "spec: {syncPolicy: {automated: {prune: true}}}\n"
            ),
        },
    ),
    "a delivery pipeline in CDK": (
        PRESENT,
        code(
            "from aws_cdk import pipelines\npipelines.CodePipeline(self, 'p', synth=s)\n",
            "app.py",
        ),
    ),
    "pages": (PARTIAL, ci("uses: actions/deploy-pages@v4")),
    "an image that is published": (
        PARTIAL,
        ci("uses: docker/build-push-action@v6\n        with: {push: true}"),
    ),
    "a package that is published": (PARTIAL, run("twine upload dist/*")),
    "a script by hand": (
        PARTIAL,
        {"train.py": TRAIN, "Makefile": "deploy:\n\tgcloud run deploy a --image b\n"},
    ),
    "a cluster that ends with the job": (
        PARTIAL,
        ci("uses: helm/kind-action@v1\nrun: kubectl apply -f k8s/"),
    ),
    "cml publish": (ABSENT, run("cml publish plot.png --md >> report.md")),
    "words": (ABSENT, run("echo kubectl apply -f k8s/")),
    "a step that never runs": (
        ABSENT,
        ci("run: kubectl apply -f k8s/\n        if: false"),
    ),
    "a failure that nobody sees": (ABSENT, run("kubectl apply -f k8s/ || true")),
    "a dry run": (ABSENT, run("kubectl apply --dry-run=client -f k8s/")),
    "an action that only waits for a deployment": (
        ABSENT,
        ci("uses: bobheadxi/deployments@v1"),
    ),
}
PLATFORM: dict[str, tuple[str, Status, Files]] = {
    "a resource of Terraform": (
        "iac",
        PRESENT,
        {"infra/main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n}\n'},
    ),
    "Bicep": (
        "iac",
        PRESENT,
        {
            "infra/main.bicep": (
                "resource ws 'Microsoft.MachineLearningServices/workspaces@2023-04-01' "
                "= {\n"
                "}\n"
            )
        },
    ),
    "SAM": (
        "iac",
        PRESENT,
        {
            "template.yaml": (
                "Transform: AWS::Serverless-2016-10-31\n"
                "Resources:\n"
                "  F:\n"
                "    Type: AWS::Serverless::Function\n"
            )
        },
    ),
    "an ARM template": (
        "iac",
        PRESENT,
        {
            "arm/a.json": (
                '{"$schema": "https://x/2019-04-01/deploymentTemplate.json#", '
                '"resources": [{"type": "Microsoft.Storage/storageAccounts", "name": '
                '"a"}]}'
            )
        },
    ),
    "CDK": (
        "iac",
        PRESENT,
        {"stack.py": "from aws_cdk import aws_s3\naws_s3.Bucket(self, 'b')\n"},
    ),
    "a provider and no resource": (
        "iac",
        ABSENT,
        {"main.tf": 'provider "aws" {\n  region = "x"\n}\nvariable "a" {}\n'},
    ),
    "a size of a cluster": (
        "iac",
        PARTIAL,
        {"cluster.yaml": "cloud: a\nhead_node_type: {name: h, instance_type: m5}\n"},
    ),
    "a playbook": (
        "iac",
        PARTIAL,
        {"play.yml": "- hosts: all\n  tasks: [{name: a, ping: {}}]\n"},
    ),
    "an example of Terraform": (
        "iac",
        PARTIAL,
        {"examples/main.tf": 'resource "aws_s3_bucket" "a" {}\n'},
    ),
    "a deployment": (
        "k8s",
        PRESENT,
        {
            "k8s/d.yaml": (
                "apiVersion: apps/v1\n"
                "kind: Deployment\n"
                "metadata: {name: a}\n"
                "spec: {replicas: 1}\n"
            )
        },
    ),
    "a chart": (
        "k8s",
        PRESENT,
        {
            "chart/Chart.yaml": "apiVersion: v2\nname: a\n",
            "chart/templates/d.yaml": "kind: {{ .Values.a }}\n",
        },
    ),
    "an entry of a catalogue": (
        "k8s",
        ABSENT,
        {
            "catalog-info.yaml": (
                "apiVersion: backstage.io/v1alpha1\n"
                "kind: Component\n"
                "metadata: {name: a}\n"
                "spec: {type: service}\n"
            )
        },
    ),
    "a compiled pipeline": (
        "k8s",
        ABSENT,
        {
            "pipeline.yaml": (
                "apiVersion: argoproj.io/v1alpha1\n"
                "kind: Workflow\n"
                "metadata: {generateName: a}\n"
                "spec: {entrypoint: b}\n"
            )
        },
    ),
    "settings of a cluster to test on": (
        "k8s",
        ABSENT,
        {
            "kind.yaml": (
                "kind: Cluster\n"
                "apiVersion: kind.x-k8s.io/v1alpha4\n"
                "nodes: [{role: worker}]\n"
            )
        },
    ),
    "a service of compose": (
        "k8s",
        ABSENT,
        {"compose.yaml": "services: {a: {image: b}}\n"},
    ),
    "an overlay on nothing": (
        "k8s",
        ABSENT,
        {
            "k8s/prod/kustomization.yaml": (
                "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                "kind: Kustomization\n"
                "resources: [../base]\n"
            )
        },
    ),
}


@pytest.mark.parametrize("name", SERVING)
def test_serving(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "online_serving", *SERVING[name])


@pytest.mark.parametrize("name", BATCH)
def test_batches(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "batch_scoring", *BATCH[name])


@pytest.mark.parametrize("name", DEPLOY)
def test_deployments(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "cd_deploy", *DEPLOY[name])


@pytest.mark.parametrize("name", PLATFORM)
def test_the_platform(tmp_path: Path, name: str) -> None:
    expect(tmp_path, *PLATFORM[name])


TRIGGERS: dict[str, tuple[str, Files]] = {
    "a push": ("automatic", ci("run: kubectl apply -f a")),
    "a schedule": ("automatic", ci("run: kubectl apply -f a", on="schedule")),
    "a tag": (
        "tag",
        {
            "train.py": TRAIN,
            CI: (
                "on: {push: {tags: ['v*']}}\n"
                "jobs:\n"
                "  go:\n"
                "    steps:\n"
                "      - run: kubectl apply -f a\n"
            ),
        },
    ),
    "a release": ("tag", ci("run: kubectl apply -f a", on="release")),
    "a person": ("manual", ci("run: kubectl apply -f a", on="workflow_dispatch")),
    "a push after consent": (
        "approval",
        ci("uses: trstringer/manual-approval@v1\nrun: kubectl apply -f a"),
    ),
    "a manual job of GitLab": (
        "approval",
        {
            "train.py": TRAIN,
            ".gitlab-ci.yml": "deploy:\n  script: [kubectl apply -f a]\n  when: manual\n",
        },
    ),
}


def promotes(uri: str) -> Files:
    """A weekly workflow that moves an alias, and a service that loads a model by a URI."""
    promote = (
        "from mlflow import MlflowClient\n"
        "def main():\n"
        "    MlflowClient().set_registered_model_alias('m', 'champion', 2)\n"
    )
    serve = (
        "import mlflow\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@app.post('/predict')\ndef predict(row: dict):\n"
        f"    return mlflow.pyfunc.load_model('{uri}').predict([row])\n"
    )
    files = {"promote.py": promote + SERVE, "serve.py": serve}
    return {**ci("run: python promote.py", on="schedule"), **files}


def test_a_promotion_is_a_release_where_the_service_reads_the_alias(
    tmp_path: Path,
) -> None:
    found = find(tmp_path, "cd_deploy", promotes("models:/m@champion"))
    assert (found.status, found.attributes) == (PRESENT, {"trigger": "automatic"})


def test_a_promotion_is_no_release_where_the_service_pins_a_version(
    tmp_path: Path,
) -> None:
    assert find(tmp_path, "cd_deploy", promotes("models:/m/3")).status == ABSENT


@pytest.mark.parametrize(
    "command, status",
    [
        ("aws s3 cp dags/ s3://bucket/dags --recursive", PRESENT),
        ("aws s3 cp rows.csv s3://bucket/pipeline-output/", ABSENT),
        ("aws s3 cp s3://bucket/pipeline-output/ rows --recursive", ABSENT),
        ("aws s3 cp s3://bucket/pipeline-output/ $HOME/rows --recursive", ABSENT),
    ],
)
def test_only_pipelines_that_are_copied_out_are_deployed(
    tmp_path: Path, command: str, status: Status
) -> None:
    expect(tmp_path, "cd_deploy", status, run(command))


@pytest.mark.parametrize("name", TRIGGERS)
def test_what_starts_a_deployment_is_told(tmp_path: Path, name: str) -> None:
    trigger, files = TRIGGERS[name]
    found = cd_deploy.detect(read_tree(tmp_path, files))
    assert found.status == PRESENT, found.why
    assert found.attributes == {"trigger": trigger}


def test_an_idle_deployment_is_shown_with_its_reason(tmp_path: Path) -> None:
    found = find(tmp_path, "cd_deploy", DEPLOY["a failure that nobody sees"][1])
    assert "|| true" in found.why
    assert found.attributes == {}

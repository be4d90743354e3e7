"""Watching, security and the rest of operations: what counts, and what only looks like it."""

from pathlib import Path

import pytest
from traps.trees import Files, expect, find

from maturity_assessment.evidence import Status

CI = ".github/workflows/ci.yml"
PRESENT, PARTIAL, ABSENT = Status.PRESENT, Status.PARTIAL, Status.ABSENT
MAIN = "if __name__ == '__main__':\n    main()\n"
TRAIN: Files = {
    "train.py": "from sklearn.svm import SVC\nif __name__ == '__main__':\n    SVC().fit(a, b)\n"
}
LONG = "Sentences about what may go wrong, and what is done then. " * 9


def run(*commands: str, on: str = "push") -> Files:
    """A project that trains, with a workflow whose steps run commands."""
    steps = "".join(f"      - run: {one}\n" for one in commands)
    return {**TRAIN, CI: f"on: [{on}]\njobs:\n  go:\n    steps:\n{steps}"}


def uses(action: str, more: str = "") -> Files:
    """A project that trains, with a workflow of one action."""
    return {
        **TRAIN,
        CI: f"on: [push]\njobs:\n  go:\n    steps:\n      - uses: {action}\n{more}",
    }


def code(text: str, path: str = "src/watch.py") -> Files:
    """A project that trains, with one more file."""
    return {**TRAIN, path: text}


EVIDENTLY = """
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset
    REFERENCE = "{}"
    def main():
        reference = pd.read_csv(REFERENCE)
        current = pd.read_csv("{}")
        Report([DataDriftPreset()]).run(reference_data=reference, current_data=current)
    if __name__ == "__main__":
        main()
    """
KS = (
    "from scipy.stats import ks_2samp\n"
    "def check_drift(reference, current):\n"
    "    return ks_2samp({})\n"
    "def main():\n"
    "    check_drift(a, b)\n"
)
PSI = (
    "import numpy as np\n"
    "def psi(expected, actual):\n"
    "    return ((actual - expected) * np.log(actual / expected)).sum()\n"
    "def main():\n"
    "    psi(a, b)\n"
)
NOTEBOOK = (
    '{"cells": [{"cell_type": "code", "source": ["from evidently.presets '
    "import DataDriftPreset\\n"
    '", "DataDriftPreset()"]}], "metadata": {}, "nbformat": 4, '
    '"nbformat_minor": 5}'
)
DRIFT: dict[str, tuple[Status, Files]] = {
    "a report of evidently": (PRESENT, code(EVIDENTLY.format("train.csv", "now.csv"))),
    "a test of one's own": (PRESENT, code(KS.format("reference, current") + MAIN)),
    "a PSI of one's own": (PRESENT, code(PSI + MAIN)),
    "a calculator of nannyml": (
        PRESENT,
        code(
            (
                "import nannyml as nml\n"
                "def main():\n"
                "    nml.UnivariateDriftCalculator(column_names=c).fit(r)\n"
            )
            + MAIN
        ),
    ),
    "skew of a batch prediction": (
        PRESENT,
        code(
            "from kfp import dsl\n"
            "@dsl.pipeline(name='a')\n"
            "def p():\n"
            "    predict(monitoring_skew_config={'a': 1})\n"
        ),
    ),
    "a monitor of SageMaker": (
        PRESENT,
        code(
            (
                "from sagemaker.model_monitor import DefaultModelMonitor\n"
                "def main():\n"
                "    DefaultModelMonitor(role=r)\n"
            )
            + MAIN
        ),
    ),
    "a monitor of AzureML in YAML": (
        PRESENT,
        {
            **TRAIN,
            "monitor.yaml": (
                "$schema: https://azuremlschemas.azureedge.net/latest/monitorSchedule.schema.json\n"
                "name: a\n"
            ),
        },
    ),
    "a schedule of a template": (
        PRESENT,
        {
            **TRAIN,
            "m.yaml": "Resources:\n  M:\n    Type: AWS::SageMaker::MonitoringSchedule\n",
        },
    ),
    "a notebook": (PARTIAL, code(NOTEBOOK, "notebooks/drift.ipynb")),
    "code that nothing runs": (
        PARTIAL,
        code(PSI.partition("def main")[0], "src/measures.py"),
    ),
    "a file against itself": (ABSENT, code(EVIDENTLY.format("x.csv", "x.csv"))),
    "a sample against itself": (
        ABSENT,
        code(
            (
                "from scipy.stats import ks_2samp\n"
                "def check_drift(a):\n"
                "    return ks_2samp(a, a)\n"
                "def main():\n"
                "    check_drift(1)\n"
            )
            + MAIN
        ),
    ),
    "a job that is given one file twice": (
        ABSENT,
        {
            **run(
                "python src/watch.py --reference data/x.csv --current data/x.csv",
                on="schedule",
            ),
            **code(KS.format("reference, current") + MAIN),
        },
    ),
    "a folder of prose": (
        ABSENT,
        {
            **TRAIN,
            "data-drift-monitoring/README.md": "We use Evidently to monitor drift.\n"
            * 20,
        },
    ),
    "names in an example of settings": (
        ABSENT,
        {**TRAIN, "a.tfvars.example": 'tfdv_schema = "x"\nmonitoring_skew = 1\n'},
    ),
    "a library in the requirements": (
        ABSENT,
        {**TRAIN, "requirements.txt": "evidently==0.4\n"},
    ),
    "the angle of a page and the skewness of a column": (
        ABSENT,
        code(
            "import numpy as np\ndef detect_skew_angle(page):\n"
            "    return np.histogram(page)\ndef calculate_skewness(x):\n"
            "    return np.log(x).std()\ndef main():\n"
            "    detect_skew_angle(1)\n    calculate_skewness(2)\n" + MAIN
        ),
    ),
    "a test in an exploration": (
        ABSENT,
        code(
            (
                "from scipy.stats import chi2_contingency\n"
                "def explore(t):\n"
                "    return chi2_contingency(t)\n"
                "explore(1)\n"
            ),
            "src/eda.py",
        ),
    ),
}
METRICS: dict[str, tuple[Status, Files]] = {
    "a counter": (
        PRESENT,
        code(
            "from prometheus_client import Counter\n"
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "COUNT = Counter('a', 'b')\n"
        ),
    ),
    "an instrumentator": (
        PRESENT,
        code(
            "from fastapi import FastAPI\n"
            "from prometheus_fastapi_instrumentator import Instrumentator\n"
            "app = FastAPI()\n"
            "Instrumentator().instrument(app).expose(app)\n"
        ),
    ),
    "statsd of gunicorn": (
        PRESENT,
        {**TRAIN, "Procfile": "web: gunicorn app:app --statsd-host=s:8125\n"},
    ),
    "an alarm of CloudWatch": (
        PRESENT,
        {
            **TRAIN,
            "a.tf": 'resource "aws_cloudwatch_metric_alarm" "errors" {\n  metric_name = "5xx"\n}\n',
        },
    ),
    "insights of an endpoint": (
        PRESENT,
        {**TRAIN, "deployment.yml": "name: a\napp_insights_enabled: true\n"},
    ),
    "Prometheus that asks the service": (
        PRESENT,
        {
            **TRAIN,
            "prometheus.yml": (
                "scrape_configs:\n"
                "  - job_name: api\n"
                "    static_configs: [{targets: ['api:8000']}]\n"
            ),
        },
    ),
    "a report of errors": (PARTIAL, code("import sentry_sdk\nsentry_sdk.init('x')\n")),
    "one alarm on drift": (
        PARTIAL,
        {
            **TRAIN,
            "a.tf": (
                'resource "aws_cloudwatch_metric_alarm" "drift" {\n'
                '  metric_name = "data_drift"\n'
                "}\n"
            ),
        },
    ),
    "what a workspace brings along": (
        PARTIAL,
        {
            **TRAIN,
            "a.tf": 'resource "azurerm_application_insights" "ai" {\n  name = "x"\n}\n',
        },
    ),
    "insights that are off": (
        ABSENT,
        {**TRAIN, "deployment.yml": "name: a\napp_insights_enabled: false\n"},
    ),
    "Prometheus that asks itself": (
        ABSENT,
        {
            **TRAIN,
            "prometheus.yml": (
                "scrape_configs:\n"
                "  - job_name: prometheus\n"
                "    static_configs: [{targets: ['localhost:9090']}]\n"
            ),
        },
    ),
    "metrics of a model": (
        ABSENT,
        code("from sklearn import metrics\nprint(metrics.f1_score(a, b))\n"),
    ),
}
SECURITY: dict[str, tuple[Status, Files]] = {
    "bandit": (PRESENT, run("bandit -r src")),
    "an audit behind make": (
        PRESENT,
        {**run("make audit"), "Makefile": "audit:\n\tpython -m pip_audit\n"},
    ),
    "a hook": (
        PRESENT,
        {
            **TRAIN,
            ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks: [{id: gitleaks}]\n",
        },
    ),
    "CodeQL": (PRESENT, uses("github/codeql-action/analyze@v3")),
    "trivy that may fail": (
        PRESENT,
        uses("aquasecurity/trivy-action@v1", "        with: {exit-code: '1'}\n"),
    ),
    "a template of GitLab": (
        PRESENT,
        {
            **TRAIN,
            ".gitlab-ci.yml": "include:\n  - template: Security/SAST.gitlab-ci.yml\n",
        },
    ),
    "trivy that may not": (PARTIAL, uses("aquasecurity/trivy-action@v1")),
    "bandit whose failure is ignored": (PARTIAL, run("bandit -r src || true")),
    "a step that may fail": (
        PARTIAL,
        uses("snyk/actions/python@v1", "        continue-on-error: true\n"),
    ),
    "a bot": (
        PARTIAL,
        {
            **TRAIN,
            ".github/dependabot.yml": (
                "version: 2\n" "updates: [{package-ecosystem: pip, directory: /}]\n"
            ),
        },
    ),
    "a hook that knows keys": (
        PARTIAL,
        {
            **TRAIN,
            ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks: [{id: detect-private-key}]\n",
        },
    ),
    "a page": (ABSENT, {**TRAIN, "SECURITY.md": LONG}),
    "a step that never runs": (
        ABSENT,
        uses("github/codeql-action/analyze@v3", "        if: false\n"),
    ),
    "an installation": (ABSENT, run("pip install bandit safety")),
    "words": (ABSENT, run("echo bandit -r src")),
}
DEPENDABOT = "version: 2\nupdates:\n  - {{package-ecosystem: {}, directory: /{}}}\n"
OTHERS: dict[str, tuple[str, Status, Files]] = {
    "Dependabot": (
        "dependency_updates",
        PRESENT,
        {".github/dependabot.yml": DEPENDABOT.format("uv", "")},
    ),
    "Renovate": (
        "dependency_updates",
        PRESENT,
        {"renovate.json": '{"extends": ["config:recommended"]}'},
    ),
    "a scheduled update": (
        "dependency_updates",
        PRESENT,
        run("uv lock --upgrade", on="schedule"),
    ),
    "Dependabot for actions": (
        "dependency_updates",
        PARTIAL,
        {".github/dependabot.yml": DEPENDABOT.format("github-actions", "")},
    ),
    "Renovate that is off": (
        "dependency_updates",
        ABSENT,
        {"renovate.json": '{"enabled": false}'},
    ),
    "Dependabot without an entry": (
        "dependency_updates",
        ABSENT,
        {".github/dependabot.yml": "version: 2\nupdates: []\n"},
    ),
    "Dependabot that may propose nothing": (
        "dependency_updates",
        ABSENT,
        {
            ".github/dependabot.yml": DEPENDABOT.format(
                "pip", ", open-pull-requests-limit: 0"
            )
        },
    ),
    "a development container": (
        "dev_environment",
        PRESENT,
        {".devcontainer/devcontainer.json": '{"image": "python"}'},
    ),
    "Nix": ("dev_environment", PRESENT, {"flake.nix": "{ outputs = _: { }; }\n"}),
    "an empty container": (
        "dev_environment",
        ABSENT,
        {".devcontainer/devcontainer.json": "{}"},
    ),
    "conda": (
        "dev_environment",
        PARTIAL,
        {"environment.yml": "dependencies: [python]\n"},
    ),
    "an exported graph": (
        "model_packaging",
        PRESENT,
        code("import torch\ndef main():\n    torch.onnx.export(m, x, 'a')\n" + MAIN),
    ),
    "an archive": (
        "model_packaging",
        PRESENT,
        {"Makefile": "pack:\n\ttorch-model-archiver --model-name a\n"},
    ),
    "a pickle": (
        "model_packaging",
        PARTIAL,
        code("import joblib\njoblib.dump(m, 'a')\n"),
    ),
    "a capture": (
        "prediction_logging",
        PRESENT,
        code(
            (
                "from sagemaker.model_monitor import DataCaptureConfig\n"
                "def main():\n"
                "    m.deploy(data_capture_config=DataCaptureConfig(enable_capture=True))\n"
            )
            + MAIN
        ),
    ),
    "a handler that keeps": (
        "prediction_logging",
        PRESENT,
        code(
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "@app.post('/p')\n"
            "def p(x):\n"
            "    y = model.predict(x)\n"
            "    db.rows.insert_one({'x': x, 'y': y})\n"
            "    return y\n"
        ),
    ),
    "a handler that prints": (
        "prediction_logging",
        ABSENT,
        code(
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "@app.post('/p')\n"
            "def p(x):\n"
            "    y = model.predict(x)\n"
            "    logger.info(y)\n"
            "    return y\n"
        ),
    ),
    "a canary of KServe": (
        "release_strategies",
        PRESENT,
        {
            "i.yaml": (
                "apiVersion: serving.kserve.io/v1beta1\n"
                "kind: InferenceService\n"
                "metadata: {name: a}\n"
                "spec: {predictor: {canaryTrafficPercent: 10}}\n"
            )
        },
    ),
    "a rollout": (
        "release_strategies",
        PRESENT,
        {
            "r.yaml": (
                "apiVersion: argoproj.io/v1alpha1\n"
                "kind: Rollout\n"
                "metadata: {name: a}\n"
                "spec: {strategy: {canary: {steps: [{setWeight: 10}]}}}\n"
            )
        },
    ),
    "all traffic at once": (
        "release_strategies",
        ABSENT,
        code(
            (
                "from google.cloud import aiplatform\n"
                "def main():\n"
                "    m.deploy(traffic_percentage=100)\n"
            )
            + MAIN
        ),
    ),
    "a style with a shadow": (
        "release_strategies",
        ABSENT,
        {**TRAIN, "style.css": ".a {box-shadow: 1px}\n"},
    ),
    "a runtime in the service": (
        "fast_serving",
        PRESENT,
        code(
            "import onnxruntime\n"
            "from fastapi import FastAPI\n"
            "app = FastAPI()\n"
            "s = onnxruntime.InferenceSession('a')\n"
            "@app.post('/p')\n"
            "def p(x):\n"
            "    return s.run(None, x)\n"
        ),
    ),
    "a load test": (
        "fast_serving",
        PARTIAL,
        {**TRAIN, "locustfile.py": "import locust\n"},
    ),
    "Spark that asks the model": (
        "batch_at_scale",
        PRESENT,
        code(
            (
                "import mlflow\n"
                "def main():\n"
                "    p = mlflow.pyfunc.spark_udf(spark, 'm')\n"
                "    df.withColumn('p', p('x')).write.parquet('o')\n"
            )
            + MAIN
        ),
    ),
    "a table in chunks": (
        "batch_at_scale",
        PRESENT,
        code(
            (
                "import pandas as pd\n"
                "def main():\n"
                "    for part in pd.read_csv('x', chunksize=100):\n"
                "        part['p'] = model.predict(part)\n"
                "        part.to_csv('o', mode='a')\n"
            )
            + MAIN
        ),
    ),
    "chunks of an exploration": (
        "batch_at_scale",
        ABSENT,
        code(
            (
                "import pandas as pd\n"
                "def main():\n"
                "    for part in pd.read_csv('x', chunksize=100):\n"
                "        print(part)\n"
            )
            + MAIN
        ),
    ),
    "a command that goes back": (
        "rollback",
        PRESENT,
        {"Makefile": "back:\n\tkubectl rollout undo deployment/a\n"},
    ),
    "a script that goes back": (
        "rollback",
        PRESENT,
        code(
            "def main():\n    client.set_registered_model_alias('m', 'champion', 1)\n"
            + MAIN,
            "src/rollback.py",
        ),
    ),
    "a transaction that goes back": (
        "rollback",
        ABSENT,
        code("def main():\n    session.rollback()\n" + MAIN, "src/db.py"),
    ),
    "a release that is taken back by itself": (
        "rollback",
        PARTIAL,
        run("helm upgrade a ./c --atomic"),
    ),
    "overlays": (
        "environments",
        PRESENT,
        {
            f"k8s/overlays/{one}/kustomization.yaml": (
                "kind: Kustomization\n"
                "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                "namespace: a\n"
            )
            for one in ("staging", "production")
        },
    ),
    "variables of Terraform": (
        "environments",
        PRESENT,
        {f"terraform/envs/{one}.tfvars": 'a = "b"\n' for one in ("dev", "prod")},
    ),
    "one environment": (
        "environments",
        ABSENT,
        {"terraform/envs/prod.tfvars": 'a = "b"\n'},
    ),
    "names in a workflow": (
        "environments",
        PARTIAL,
        {
            CI: (
                "on: [push]\n"
                "jobs:\n"
                "  a: {environment: staging, steps: [{run: x}]}\n"
                "  b: {environment: production, steps: [{run: x}]}\n"
            )
        },
    ),
    "tests and a product": (
        "environments",
        ABSENT,
        {"conf/test.yaml": "a: 1\n", "conf/product.yaml": "a: 1\n"},
    ),
    "an estimator": (
        "performance_estimation",
        PRESENT,
        code(
            "import nannyml\ndef main():\n    nannyml.CBPE(y_pred='p').fit(r)\n" + MAIN
        ),
    ),
    "an evaluation": (
        "performance_estimation",
        ABSENT,
        code(
            "from sklearn.metrics import accuracy_score\n"
            "def estimate(a, b):\n"
            "    return accuracy_score(a, b)\n"
            "estimate(1, 2)\n"
        ),
    ),
    "labels that come later": (
        "performance_monitoring",
        PRESENT,
        code(
            (
                "from sklearn.metrics import f1_score\n"
                "def measure_by_week(log, labels):\n"
                "    joined = log.merge(labels, on='id')\n"
                "    return joined.groupby('week').apply(lambda g: f1_score(g.label, "
                "g.prediction))\n"
                "def main():\n"
                "    measure_by_week(a, b)\n"
            )
            + MAIN,
            "src/monitoring/performance.py",
        ),
    ),
    "an evaluation once": (
        "performance_monitoring",
        ABSENT,
        code(
            "from sklearn.metrics import f1_score\ndef main():\n    print(f1_score(y, p))\n"
            + MAIN,
            "src/evaluate.py",
        ),
    ),
    "a runbook": (
        "incident_process",
        PRESENT,
        {"docs/runbooks/down.md": f"# Down\n\n{LONG}\n\n1. Look\n2. Do\n3. Tell\n"},
    ),
    "a runbook without a word": (
        "incident_process",
        ABSENT,
        {"docs/runbooks/down.md": "TODO\n"},
    ),
    "models with versions": (
        "model_inventory",
        PRESENT,
        {
            "models.yaml": "models:\n  - {name: a, version: 1}\n  - {name: b, version: 2}\n"
        },
    ),
    "one model": (
        "model_inventory",
        ABSENT,
        {"models.yaml": "model: {name: a, depth: 1}\n"},
    ),
    "a list of risks": (
        "risk_assessment",
        PRESENT,
        {
            "conf/governance.yaml": (
                "risks:\n"
                "  - {risk: a, likelihood: low, severity: high, mitigation: b}\n"
            )
        },
    ),
    "a page of risks": (
        "risk_assessment",
        PRESENT,
        {
            "docs/risk_assessment.md": f"# Risks\n\nLikelihood, severity, mitigation. {LONG}"
        },
    ),
    "a title": ("risk_assessment", ABSENT, {"docs/risk_assessment.md": "# Risks\n"}),
    "decisions with reasons": (
        "audit_trail",
        PRESENT,
        code(
            (
                "def record(decision, reason, by):\n"
                "    with open('t', 'a') as f:\n"
                "        f.write(reason)\n"
                "def main():\n"
                "    record('promote', 'better', 'me')\n"
            )
            + MAIN,
            "src/audit.py",
        ),
    ),
    "a log": (
        "audit_trail",
        ABSENT,
        code(
            "import logging\ndef main():\n    logging.info('a')\n" + MAIN, "src/log.py"
        ),
    ),
    "a replay of the loop": (
        "simulated_year",
        PRESENT,
        code(
            (
                "def check_drift(m):\n"
                "    return m\n"
                "def promote(m):\n"
                "    m.alias()\n"
                "def main():\n"
                "    for month in months:\n"
                "        model.fit(a, b)\n"
                "        model.predict(c)\n"
                "        check_drift(month)\n"
                "        promote(model)\n"
            )
            + MAIN,
            "src/simulate.py",
        ),
    ),
    "a backtest": (
        "simulated_year",
        PARTIAL,
        code(
            "def main():\n    model.fit(a, b)\n    model.predict(c)\n" + MAIN,
            "src/backtest.py",
        ),
    ),
    "a simulation of a game": (
        "simulated_year",
        ABSENT,
        code("def main():\n    env.step(1)\n" + MAIN, "src/simulate.py"),
    ),
    "a page of the model": (
        "status_page",
        PRESENT,
        code(
            (
                "import streamlit as st\n"
                "def show_drift():\n"
                "    st.write(1)\n"
                "def show_latency():\n"
                "    st.write(2)\n"
                "def main():\n"
                "    show_drift()\n"
                "    show_latency()\n"
            )
            + MAIN,
            "monitor/dashboard.py",
        ),
    ),
    "a page of the data": (
        "status_page",
        ABSENT,
        code(
            "import streamlit as st\ndef main():\n    st.write('rows')\n" + MAIN,
            "app/dashboard.py",
        ),
    ),
    "a budget": (
        "cost",
        PRESENT,
        {"a.tf": 'resource "aws_budgets_budget" "b" {\n  limit_amount = "9"\n}\n'},
    ),
    "energy": (
        "cost",
        PARTIAL,
        code("from codecarbon import EmissionsTracker\nEmissionsTracker()\n"),
    ),
    "a loss that is called cost": (
        "cost",
        ABSENT,
        code("def cost(a):\n    return a\ncost(1)\n"),
    ),
}


@pytest.mark.parametrize("name", DRIFT)
def test_drift(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "drift_monitoring", *DRIFT[name])


@pytest.mark.parametrize("name", METRICS)
def test_metrics_of_the_service(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "service_metrics", *METRICS[name])


@pytest.mark.parametrize("name", SECURITY)
def test_security_scans(tmp_path: Path, name: str) -> None:
    expect(tmp_path, "security_scanning", *SECURITY[name])


@pytest.mark.parametrize("name", OTHERS)
def test_the_rest_of_operations(tmp_path: Path, name: str) -> None:
    capability, status, files = OTHERS[name]
    expect(tmp_path, capability, status, {**TRAIN, **files})


def test_drift_of_a_file_against_itself_says_so(tmp_path: Path) -> None:
    found = find(tmp_path, "drift_monitoring", DRIFT["a file against itself"][1])
    assert "with itself" in found.why

"""The workflows of every CI system come out in one shape."""

from pathlib import Path

import pytest
from traps.trees import Files, read_tree

SYSTEMS: dict[str, tuple[Files, str, set[str]]] = {
    "github": (
        {".github/workflows/a.yml": """
                on:
                  push: {branches: [main]}
                  pull_request:
                  schedule: [{cron: "0 1 * * *"}]
                  workflow_dispatch:
                jobs:
                  t:
                    steps: [{run: pytest}]
                """},
        "github",
        {"push", "pull_request", "schedule", "manual"},
    ),
    "gitlab": (
        {
            ".gitlab-ci.yml": """
                include: [{local: /ci/test.yml}]
                .base: {before_script: [ls]}
                """,
            "ci/test.yml": """
                t:
                  extends: .base
                  script:
                    - pytest
                  rules:
                    - if: $CI_PIPELINE_SOURCE == "schedule"
                    - if: $CI_COMMIT_TAG
                """,
        },
        "gitlab",
        {"schedule", "tag"},
    ),
    "azure": (
        {
            "pipes/main.yml": """
                trigger: [main]
                schedules: [{cron: "0 1 * * *"}]
                stages:
                - stage: a
                  jobs:
                  - job: b
                    steps:
                    - template: steps.yml
                """,
            "pipes/steps.yml": "steps:\n- script: |\n    pytest\n",
        },
        "azure",
        {"push", "schedule"},
    ),
    "circleci": (
        {".circleci/config.yml": """
                commands: {t: {steps: [{run: {command: pytest}}]}}
                jobs: {a: {steps: [checkout, t]}}
                workflows:
                  w: {jobs: [a]}
                """},
        "circleci",
        {"push", "pull_request"},
    ),
    "cloudbuild": (
        {"cloudbuild.yaml": """
                steps:
                - name: python:3.11
                  entrypoint: bash
                  args: [-c, "pip install . && pytest"]
                """},
        "cloudbuild",
        {"external"},
    ),
    "jenkins": (
        {"Jenkinsfile": """
                pipeline {
                  triggers { cron('H 4 * * *') }
                  stages { stage('Test') { steps { sh 'pytest -q' } } }
                }
                """},
        "jenkins",
        {"external", "schedule"},
    ),
    "bitbucket": (
        {"bitbucket-pipelines.yml": """
                pipelines:
                  default:
                    - parallel: [{step: {script: [pytest]}}]
                """},
        "bitbucket",
        {"push"},
    ),
    "travis": (
        {".travis.yml": "script:\n  - pytest\n"},
        "travis",
        {"push", "pull_request"},
    ),
    "taskcluster": (
        {"taskcluster/kinds/tests/kind.yml": """
                tasks:
                  unit:
                    run: {using: run-task, command: [bash, -c, "pytest tests"]}
                """},
        "taskcluster",
        {"push", "pull_request"},
    ),
    "codebuild": (
        {"buildspec.yml": "phases: {build: {commands: [pytest]}}\n"},
        "codebuild",
        {"external"},
    ),
    "woodpecker": (
        {".woodpecker.yml": "steps: {t: {commands: [pytest]}}\n"},
        "drone",
        {"push", "pull_request"},
    ),
    "blubber": (
        {
            ".pipeline/blubber.yaml": "variants: {test: {entrypoint: [tox]}}\n",
            "tox.ini": "[testenv]\ncommands = pytest\n",
        },
        "blubber",
        {"external"},
    ),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_workflow_is_read_to_its_tests_and_triggers(
    tmp_path: Path, name: str
) -> None:
    files, system, kinds = SYSTEMS[name]
    found = read_tree(tmp_path, files).commands.ci
    (leaf,) = [one for one in found if one.tool == "pytest"]
    assert leaf.workflow is not None
    assert leaf.workflow.system == system
    assert leaf.operative
    assert {trigger.kind for trigger in leaf.triggers} == kinds


OFF: dict[str, Files] = {
    "gitlab": {".gitlab-ci.yml": "t: {script: [pytest], allow_failure: true}\n"},
    "azure": {
        "azure-pipelines.yml": "steps: [{script: pytest, continueOnError: true}]\n"
    },
    "azure enabled": {
        "azure-pipelines.yml": "steps: [{script: pytest, enabled: false}]\n"
    },
    "azure condition": {
        "azure-pipelines.yml": "steps: [{script: pytest, condition: false}]\n"
    },
    "circleci": {
        ".circleci/config.yml": (
            "jobs: {a: {steps: [{when: {condition: false, steps: [{run: pytest}]}}]}}\n"
            "workflows: {w: {jobs: [a]}}\n"
        )
    },
    "cloudbuild": {
        "cloudbuild.yaml": "steps: [{name: python, args: [pytest], allowFailure: true}]\n"
    },
    "jenkins": {
        "Jenkinsfile": "pipeline { stage('a') { steps { catchError { sh 'pytest' } } } }\n"
    },
    "jenkins when": {
        "Jenkinsfile": (
            "pipeline { stage('a') { when { expression { false } }\n"
            "steps { sh 'pytest' } } }\n"
        )
    },
}


@pytest.mark.parametrize("name", OFF)
def test_a_job_that_is_off_or_may_fail_says_so(tmp_path: Path, name: str) -> None:
    found = read_tree(tmp_path, OFF[name]).commands.ci
    (leaf,) = [one for one in found if one.tool == "pytest"]
    assert leaf.reasons


def test_a_job_of_circleci_runs_in_its_own_folder(tmp_path: Path) -> None:
    files: Files = {
        "model/tox.ini": "[testenv]\ncommands = pytest\n",
        ".circleci/config.yml": """
            jobs:
              a:
                working_directory: ~/project/model
                steps: [{run: tox}]
            workflows: {w: {jobs: [a]}}
            """,
    }
    (leaf,) = read_tree(tmp_path, files).commands.ci
    assert (leaf.tool, leaf.cwd) == ("pytest", "model")


def test_a_workflow_that_nothing_calls_says_so(tmp_path: Path) -> None:
    text = "on: {workflow_call: }\njobs: {a: {steps: [{run: pytest}]}}\n"
    (leaf,) = read_tree(tmp_path, {".github/workflows/a.yml": text}).commands.ci
    assert leaf.reasons == ("nothing calls this workflow",)


def test_the_step_of_an_action_is_a_leaf_with_its_inputs(tmp_path: Path) -> None:
    text = """
        on: [push]
        jobs:
          a:
            environment: {name: production}
            steps:
              - uses: azure/webapps-deploy@v2
                with: {app-name: shop}
        """
    (leaf,) = read_tree(tmp_path, {".github/workflows/a.yml": text}).commands.ci
    assert (leaf.tool, leaf.args) == ("azure/webapps-deploy", ("app-name=shop",))
    assert leaf.job is not None
    assert leaf.job.environment == "production"
    assert leaf.line == 6

"""The calls, commands and words that train a model or hand a training on."""

import re

FITS = (
    "*.fit",
    "*.fit_generator",
    "*.partial_fit",
    "*.train_on_batch",
    "*.backward",
    "*.GradientTape.gradient",
    "*.fit_one_cycle",
    "*.fine_tune",
    "*.train",
    "*.train_and_evaluate",
    "*.fit_predict",
    "pycaret.*.create_model",
    "pycaret.*.compare_models",
)
# Objects whose `fit` only prepares data, and explainers, which learn no model.
PREPARES = re.compile(
    r"(scaler|encoder|imputer|vectorizer|tokenizer|transformer|pca|binarizer|discretizer"
    r"|preprocess\w*|explainer|selector|normalizer|word2vec|featuri[sz]er|processor)\w*$",
    re.I,
)
# `model.train()` of PyTorch only sets a mode; these train.
TRAINERS = re.compile(
    r"(trainer|yolo|ultralytics|xgboost|lightgbm|lgb|xgb|catboost|h2o|ludwig|rasa|spacy"
    r"|autogluon"
    r"|fasttext|estimator|learner)",
    re.I,
)
# Calls that hand training, or a pipeline that trains, to something else that runs it.
SUBMITS = (
    "*.PipelineJob.submit",
    "*.PipelineJob.run",
    "*.CustomTrainingJob.run",
    "*.CustomContainerTrainingJob.run",
    "*.CustomPythonPackageTrainingJob.run",
    "*.CustomJob.run",
    "*.CustomJob.submit",
    "*.HyperparameterTuningJob.run",
    "*.AutoML*TrainingJob.run",
    "kfp.Client.*run*",
    "kfp.*.Client.*run*",
    "*.create_run_from_pipeline_func",
    "*.create_run_from_pipeline_package",
    "*.Experiment.submit",
    "azureml.*.submit",
    "*.PublishedPipeline.submit",
    "*.jobs.create_or_update",
    "sagemaker.*.fit",
    "sagemaker.*Pipeline.start",
    "sagemaker.*Pipeline.upsert",
    "*.create_training_job",
    "*.start_pipeline_execution",
    "*.create_hyper_parameter_tuning_job",
    "*.JobSubmissionClient.submit_job",
    "dvc.repo.Repo.reproduce",
    "dvc.api.exp_*",
    "mlflow.projects.run",
    "mlflow.run",
    "prefect.deployments.run_deployment",
    "*.jobs.run_now",
    "*.jobs.submit",
    "metaflow.Runner.run",
    "tfx.*DagRunner.run",
    "*.LocalDagRunner.run",
    "*.KubeflowV2DagRunner.run",
)
OF_DVC = ("dvc repro", "dvc exp run", "dvc experiments run")
COMMANDS = (
    "mlflow run",
    "kedro run",
    "yolo train",
    "yolo detect train",
    "rasa train",
    "spacy train",
    "ludwig train",
    "ludwig experiment",
    "autotrain",
    "allennlp train",
    "fairseq-train",
    "tune run",
    "mlflow recipes run",
    "az ml job create",
    "az ml run submit-pipeline",
    "az ml run submit-script",
    "aws sagemaker create-training-job",
    "aws sagemaker start-pipeline-execution",
    "gcloud ai custom-jobs create",
    "gcloud ai-platform jobs submit",
    "gcloud ml-engine jobs submit",
    "run-pipeline",
    "zenml pipeline run",
    "dagster job execute",
    "snakemake",
)
# Commands that run whatever they are told: it is training where their words say so.
CARRIERS = frozenset(
    "az aws gcloud kfp argo kubectl oc sky ray anyscale databricks prefect dagster"
    " airflow zenml flytectl pyflyte curl gh papermill jupyter Rscript julia sbatch"
    " modal dstack lightning luigi metaflow bash sh http runpodctl accelerate torchrun"
    " deepspeed dbx spark-submit polyaxon clearml-task wandb nvflare".split()
)
# In `TrainModel` a capital ends the word, in `constraint` nothing does.
WORD = re.compile(
    r"(?<![a-z])(?:(?:re)?[_-]?train(?:ing|er)?|RE[_-]?TRAIN(?:ING)?|TRAIN(?:ING|ER)?"
    r"|(?:Re)?[_-]?Train(?:ing|er)?)"
    r"(?![a-z])|[a-z](?:Re)?[Tt]rain(?=[A-Z])|(?<=[a-z])(?:Re)?Train(?:ing)?(?![a-z])"
)
# What is trained on, and how it is split off, is no training.
OF_ROWS = re.compile(
    r"(?<![a-z])train(ing)?[-_ ]?(test[-_ ]split|data|dataset|set|split|rows|csv)s?(?![a-z])",
    re.I,
)
NOT_RUN = re.compile(
    r"(?<![a-z])(pretrained|constraint|--help|--version|--dry-run|delete|describe|list|get|logs"
    r"|download|install|upload|rm|cp|mkdir|cat|ls|builds?"
    r"|artifacts|secrets|storage|functions|scale|rollout)(?![a-z])",
    re.I,
)
ACTION = re.compile(
    r"(aml|azureml|sagemaker|vertex|mlpublishedpipeline|databricks|kubeflow|dvc-repro|mlops)",
    re.I,
)

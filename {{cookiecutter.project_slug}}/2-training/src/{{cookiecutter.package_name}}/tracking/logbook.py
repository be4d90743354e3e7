"""Keep what was found out about a model with its run."""

from mlflow import MlflowClient
from mlflow.entities import Metric

from .. import tracking
from ..evaluate import Score
from ..files import METRICS, REPORTS, read_json


def log_reports(client: MlflowClient, run: tracking.Run, found: Score) -> None:
    """Log the reports as files, and the metrics of the validation part and of each period."""
    client.log_artifacts(run.run_id, str(REPORTS), "reports")
    for name, value in tracking.read_metrics(found).items():
        client.log_metric(
            run.run_id, f"validation_{name}", value, model_id=run.model_id
        )
    periods = read_json(METRICS, "run `make evaluate`")["live"]
    points = [
        Metric(f"live_{name}", value, timestamp=0, step=place)
        for place, period in enumerate(periods)
        for name, value in tracking.read_metrics(period).items()
    ]
    client.log_batch(run.run_id, metrics=points[:1000])

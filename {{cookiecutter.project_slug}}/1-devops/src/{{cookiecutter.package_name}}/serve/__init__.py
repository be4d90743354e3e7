"""Answer predictions over HTTP on this machine, or with --host 0.0.0.0 on the network."""

import argparse
import os
from dataclasses import dataclass
from typing import Any

import uvicorn
from sklearn.pipeline import Pipeline

from .. import data, predict
from ..contract import ModelName
from ..files import ABOUT, MODEL, hash_file, read_json
from ..ports import listen
from ..progress import say, step
from ..table import Table, read_table
from ..train import read_model
from . import api
from .reader import Reader

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Predictor:
    """A model, the table it was made for and what is known of both."""

    table: Table
    fitted: Pipeline
    name: ModelName
    about: dict[str, Any]
    reader: Reader

    def answer(self, body: bytes) -> dict[str, Any]:
        """Predict the rows of a body exactly as `make predict` does; see `contract.Answer`."""
        rows = self.reader.read(body)
        inputs = data.conform(rows, self.table)[self.table.features]
        found = predict.predict(self.fitted, inputs, self.table)
        names = rows.get(self.table.id, [None] * len(rows))
        answers: list[dict[str, Any]] = [
            ({} if name is None else {"id": name}) | {"prediction": value}
            for name, value in zip(names, found.pop("prediction").tolist(), strict=True)
        ]
        if self.table.task == "classification":
            found.columns = self.fitted.classes_
            for item, chances in zip(answers, found.to_dict("records"), strict=True):
                item["chances"] = chances
        return {"model": self.name.model_dump(), "predictions": answers}


def load() -> Predictor:
    """Load the model that `make train` left for the table of today."""
    fitted, table = read_model(), read_table()
    about = read_json(ABOUT, "run `make train`")
    version = hash_file(MODEL)[:12]
    name = ModelName(name=__name__.partition(".")[0], version=version)
    return Predictor(table, fitted, name, about, Reader(table))


def main(arguments: list[str]) -> None:
    """Serve until stopped; requests under way are answered first."""
    parser = argparse.ArgumentParser(prog="serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
    chosen = parser.parse_args(arguments)
    with step("serve: loading the model"):
        predictor = load()
    taken = listen(chosen.host, chosen.port)
    port = taken.getsockname()[1]
    say(f"  http://{chosen.host}:{port}/docs shows how to ask; Ctrl-C stops it")
    config = uvicorn.Config(
        api.make(predictor), timeout_graceful_shutdown=PATIENCE_SECONDS
    )
    try:
        uvicorn.Server(config).run(sockets=[taken])
    except KeyboardInterrupt:
        say("serve: stopped")

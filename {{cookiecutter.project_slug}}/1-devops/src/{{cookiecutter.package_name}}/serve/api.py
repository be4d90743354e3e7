"""The HTTP side of the service: /predict, /model, /ready, /health."""

import json
from typing import Any, Protocol

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from ..contract import (
    MOST_BYTES,
    MOST_ROWS,
    ModelName,
    Problem,
    Unreadable,
    make_example_row,
)
from ..openapi import describe_prediction, describe_rows
from ..table import Table


class Predicts(Protocol):
    """What answers a request."""

    @property
    def table(self) -> Table:
        """The table whose rows are asked for."""

    @property
    def name(self) -> ModelName:
        """The model that answers."""

    @property
    def about(self) -> dict[str, Any]:
        """What is known of that model."""

    def answer(self, body: bytes) -> dict[str, Any]:
        """Predict the rows of a body, or raise `Unreadable`."""


def make(predictor: Predicts) -> FastAPI:
    """Make the application around a model."""
    app = FastAPI(
        title=predictor.name.name,
        version=predictor.name.version,
        description=f"Predicts {predictor.table.target!r}.",
    )
    _add_predictions(app, predictor)
    _add_state(app, predictor)
    app.add_exception_handler(Unreadable, _say_faults)
    app.add_exception_handler(Exception, _say_sorry)
    describe_rows(app.openapi(), predictor.table)
    return app


def _add_predictions(app: FastAPI, predictor: Predicts) -> None:
    @app.post("/predict", **describe_prediction(predictor.table))
    async def predict(request: Request) -> JSONResponse:
        """Predict one row, or a list of rows in their order."""
        body = await _read_body(request)
        # In a thread, so that /health answers while a large request is computed.
        return JSONResponse(await run_in_threadpool(predictor.answer, body))


def _add_state(app: FastAPI, predictor: Predicts) -> None:
    example = json.dumps(make_example_row(predictor.table)).encode()

    @app.get("/health")
    async def health() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @app.get("/ready", responses={503: {"model": Problem}})
    def ready() -> dict[str, str]:
        """Say that the model answers, by asking it."""
        try:
            predictor.answer(example)
        except Exception as error:
            raise HTTPException(503, "The model does not answer.") from error
        return {"status": "ready"}

    @app.get("/model")
    async def model() -> dict[str, Any]:
        """Give the model's name, version, inputs and origin."""
        return predictor.name.model_dump() | predictor.about


async def _read_body(request: Request) -> bytes:
    """Read JSON, but no more of it than is allowed."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Send JSON, with Content-Type: application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(
                413, f"Send at most {MOST_BYTES:,} bytes and {MOST_ROWS:,} rows."
            )
    return bytes(body)


async def _say_faults(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Unreadable)
    return JSONResponse(error.faults.model_dump(), status_code=422)


async def _say_sorry(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "The service failed; see its log."}, 500)

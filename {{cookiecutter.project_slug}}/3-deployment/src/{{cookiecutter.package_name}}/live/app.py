"""The HTTP side of the fast service: level 1's addresses and documentation, a shorter way."""

import time
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.requests import Request

from ..contract import ModelName, Problem
from ..openapi import describe_body, describe_prediction, describe_rows
from ..scoring import Scorer
from .door import SORRY, Door, Names, Send, log_request
from .intake import Message, Receive
from .state import Service

PREDICT = "/predict"


class Application(FastAPI):
    """FastAPI for people, probes and documentation; predictions go through a `Door`."""

    def __init__(self, service: Service) -> None:
        champion = service.champion
        super().__init__(
            title=champion.name, description=f"Predicts {champion.table.target!r}."
        )
        self._service = service
        self._described: Scorer | None = None
        self._names = Names()
        self._door = Door(service, self._names)
        self._log_all = service.settings.log.requests

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send each request its way, with an id."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif scope["path"] == PREDICT and scope["method"] == "POST":
            await self._door(scope, receive, send)
        else:
            await self._answer_others(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Describe the rows of the champion of now, which may have new columns."""
        champion = self._service.champion
        if champion is not self._described:
            self.version, self.openapi_schema = champion.version, None
            described = super().openapi()
            describe_rows(described, champion.table)
            most = self._service.settings.limits.most_rows
            body = describe_body(champion.table, most)
            described["paths"][PREDICT]["post"]["requestBody"] = body
            self._described = champion
        return super().openapi()

    async def _answer_others(
        self, scope: Message, receive: Receive, send: Send
    ) -> None:
        began, request = time.perf_counter(), self._names.name(dict(scope["headers"]))

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-request-id", request.encode()))
                if message["status"] >= 400 or self._log_all:
                    log_request(scope, request, message["status"], began)
            await send(message)

        await super().__call__(scope, receive, send_named)


def make(service: Service) -> FastAPI:
    """Make the application around a service that has a champion."""
    app = Application(service)
    _document_predictions(app, service)
    _add_state(app, service)
    app.add_exception_handler(Exception, _say_sorry)
    return app


def _document_predictions(app: FastAPI, service: Service) -> None:
    """Describe /predict as level 1 does; other methods than POST are refused here."""
    most = service.settings.limits.most_rows

    @app.post(PREDICT, **describe_prediction(service.champion.table, most))
    async def predict() -> None:
        """Predict one row, or a list of rows in their order."""
        raise AssertionError("the door answers")


def _add_state(app: FastAPI, service: Service) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "alive"}

    @app.get("/ready", responses={503: {"model": Problem}})
    def ready() -> dict[str, str]:
        """Say that the model answers, by asking it, and whether events were lost."""
        try:
            service.probe()
        except Exception as error:
            raise HTTPException(503, "The model does not answer.") from error
        if service.log and (service.log.lost or not service.log.healthy):
            return {"status": "ready", "events": f"{service.log.lost} lost"}
        return {"status": "ready"}

    @app.get("/model")
    async def model() -> dict[str, Any]:
        """Give the model's name, version, inputs and origin."""
        champion = service.champion
        named = ModelName(name=champion.name, version=champion.version)
        return named.model_dump() | champion.about


async def _say_sorry(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": SORRY}, 500)

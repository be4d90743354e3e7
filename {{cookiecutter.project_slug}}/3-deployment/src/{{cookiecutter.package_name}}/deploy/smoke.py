"""Ask a service what it must know: that it is ready, who answers, one row, many, and faults."""

import math
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from ..events.store import TRIAL
from ..refusal import Refusal

PAUSE_SECONDS = 0.05
# One name for all our requests, by which the event log tells them apart.
REQUEST = {"x-request-id": TRIAL}


def connect(url: str) -> httpx.Client:
    """Make a client; what is on this machine is asked directly, past any proxy."""
    parts = urlsplit(url)
    return httpx.Client(
        base_url=url,
        headers=REQUEST,
        timeout=10,
        trust_env=parts.hostname not in {"127.0.0.1", "localhost"},
        verify=parts.scheme == "https",  # else reading certificates would take its time
    )


def wait(client: httpx.Client, seconds: float) -> None:
    """Wait until /ready says yes; raises `Refusal` with what it said last."""
    deadline, said = time.monotonic() + seconds, "nothing"
    while time.monotonic() < deadline:
        try:
            answer = client.get("/ready")
            if answer.status_code == 200:
                return
            said = f"{answer.status_code} {answer.text[:200]}"
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
        time.sleep(PAUSE_SECONDS)
    raise Refusal(f"/ready does not say yes within {seconds:g} s; it said {said}")


def fetch_example(client: httpx.Client) -> dict[str, Any]:
    """Give the row that the service's own documentation shows."""
    described = _read(client.get("/openapi.json"), 200)
    try:
        body = described["paths"]["/predict"]["post"]["requestBody"]
        row = body["content"]["application/json"]["examples"]["one row"]["value"]
    except (KeyError, TypeError) as error:
        raise Refusal("/openapi.json shows no example of a row") from error
    return dict(row)


def check(client: httpx.Client, version: str | None) -> dict[str, Any]:
    """Run the smoke test and give the row it asked with; raises `Refusal`.

    `version` is the one that must answer; None lets any.
    """
    row = fetch_example(client)
    one = _read(client.post("/predict", json=row), 200)
    many = _read(client.post("/predict", json=[row, row]), 200)
    answered = one["model"]["version"]
    if version is not None and answered != version:
        raise Refusal(f"version {answered} answers where {version} should")
    if len(one["predictions"]) != 1 or len(many["predictions"]) != 2:
        raise Refusal("/predict does not give one answer a row")
    check_prediction(one["predictions"][0])
    _read(client.post("/predict", content=b"{", headers=JSON), 422)
    _read(client.post("/predict", json=row | {"no such column": 1}), 422)
    _read(client.get("/no-such-page"), 404)
    return row


JSON = {"Content-Type": "application/json"}


def check_prediction(answer: dict[str, Any]) -> None:
    """Refuse what is no prediction: nothing, no finite number, chances that do not add up."""
    value, chances = answer.get("prediction"), answer.get("chances")
    finite = isinstance(value, str) or (
        isinstance(value, int | float) and math.isfinite(value)
    )
    whole = chances is None or math.isclose(sum(chances.values()), 1, abs_tol=1e-3)
    if not finite or not whole:
        raise Refusal(f"/predict answers {answer}, which is no prediction")


def _read(answer: httpx.Response, status: int) -> Any:
    """Read JSON that came with this status; a fault must be JSON, too."""
    asked = f"{answer.request.method} {answer.request.url.path}"
    if answer.status_code != status:
        raise Refusal(
            f"{asked} answers {answer.status_code} instead of {status}: {answer.text[:200]}"
        )
    try:
        return answer.json()
    except ValueError as error:
        raise Refusal(f"{asked} answers {status} with what is no JSON") from error

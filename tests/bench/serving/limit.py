"""The least that a prediction costs over HTTP: no framework, no checks beside pydantic's.

`python limit.py PACKAGE FOLDER PORT`, with the project's own interpreter.
"""

import importlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn  # pylint: disable=import-error
from pydantic_core import to_json

KIND = (b"content-type", b"application/json")


def make(package: str, folder: str) -> Callable[..., Awaitable[None]]:
    """Make the application."""
    scorer = importlib.import_module(f"{package}.scoring").load(Path(folder))
    reader = importlib.import_module(f"{package}.live.reader").Reader(scorer.table)
    model = {"name": scorer.name, "version": scorer.version}

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        found = scorer.answer(reader.read(body))
        said = to_json({"model": model, "predictions": found})
        headers = [KIND, (b"content-length", b"%d" % len(said))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    return answer


if __name__ == "__main__":
    uvicorn.run(
        make(*sys.argv[1:3]),
        port=int(sys.argv[3]),
        access_log=False,
        lifespan="off",
        log_level="warning",
        proxy_headers=False,
    )

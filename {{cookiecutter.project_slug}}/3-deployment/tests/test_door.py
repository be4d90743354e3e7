"""What the service does when it is asked too much at once, or when a model fails."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import (
    contract,
)
from {{ cookiecutter.package_name }}.live import (
    app,
    logs,
)
from {{ cookiecutter.package_name }}.live.batching import (
    Batches,
)
from {{ cookiecutter.package_name }}.live.settings import (
    Limits,
    Serving,
    read_serving,
)
from {{ cookiecutter.package_name }}.live.state import (
    Service,
)
from {{ cookiecutter.package_name }}.refusal import (
    Refusal,
)
from {{ cookiecutter.package_name }}.scoring import (
    Scorer,
)
from {{ cookiecutter.package_name }}.table import (
    Table,
)

Row = dict[str, Any]
Pieces = list[tuple[bytes, bool]]


@dataclass(frozen=True, kw_only=True)
class Stub(Scorer):
    """A model that gives each row the same, or fails as it is told to."""

    kind: ClassVar[str] = "onnx"
    fails: list[BaseException] = field(default_factory=list)
    scores: float = 0.5
    sizes: list[int] = field(default_factory=list)

    def score_rows(self, rows: Sequence[Any]) -> np.ndarray:
        self.sizes.append(len(rows))
        if self.fails:
            raise self.fails.pop()
        if any(row.get("poison") for row in rows):
            raise ValueError("poison")
        shape = (len(rows), len(self.classes)) if self.classes else (len(rows),)
        return np.full(shape, self.scores)


class Slow(Stub):
    """The same, said to be run by scikit-learn."""

    kind: ClassVar[str] = "sklearn"


def make_stub(table: Table, version: str = "1", **more: Any) -> Stub:
    """Make a model of the table."""
    return Stub(
        name="stub",
        version=version,
        table=table,
        classes=table.classes,
        about={},
        **more,
    )


def make_service(table: Table, **limits: Any) -> Service:
    """Make a service with a model that never fails."""
    service = Service(Serving(limits=Limits(**limits)))
    service.crown(make_stub(table))
    return service


@pytest.fixture(name="body")
def fixture_body(table: Table) -> bytes:
    """One row as JSON."""
    return json.dumps(contract.make_example_row(table)).encode()


async def ask(
    application: Any, body: bytes, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Send a body at once and give the status and the answer."""
    return await send(application, lambda: _give(body), headers)


async def _give(body: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": False}


async def send(
    application: Any,
    receive: Callable[[], Awaitable[dict[str, Any]]],
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Ask for a prediction, as uvicorn does."""
    said = {"content-type": "application/json", **(headers or {})}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/predict",
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
    }
    sent: list[Any] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, keep)
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_a_model_that_fails_or_answers_nonsense_is_a_500_and_the_next_is_answered(
    table: Table, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    service = make_service(table)
    application = app.make(service)
    failing = make_stub(table)
    service.crown(failing)
    failing.fails.append(RuntimeError("a secret of ours"))
    status, answer = asyncio.run(ask(application, body, {"x-request-id": "mine"}))
    assert (status, list(answer)) == (500, ["detail"])
    assert "secret" not in str(answer)
    assert "a secret of ours" in caplog.text
    assert caplog.records[0].__dict__["request"] == "mine"
    with pytest.raises(Exception, match="no number"):
        service.crown(make_stub(table, scores=np.nan))
    assert asyncio.run(ask(application, body))[0] == 200


def test_more_requests_than_may_be_in_work_get_a_503(table: Table, body: bytes) -> None:
    application = app.make(make_service(table, most_requests=2))

    async def overload() -> list[int]:
        never: asyncio.Future[dict[str, Any]] = asyncio.Future()
        waiting = [
            asyncio.ensure_future(send(application, lambda: asyncio.shield(never)))
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        refused = (await ask(application, body))[0]
        never.set_result(await _give(body))
        answered = [(await one)[0] for one in waiting]
        return [refused, *answered, (await ask(application, body))[0]]

    assert asyncio.run(overload()) == [503, 200, 200, 200]


def test_more_bytes_than_may_be_held_get_a_503_and_are_let_go(
    table: Table, body: bytes
) -> None:
    size = len(body)
    application = app.make(make_service(table, most_held=2 * size - 1))

    async def overload() -> list[int]:
        begun = asyncio.Event()
        end = asyncio.Event()
        pieces = iter([True, False])

        async def receive() -> dict[str, Any]:
            first = next(pieces)
            if not first:
                begun.set()
                await end.wait()
            piece = body if first else b""
            return {"type": "http.request", "body": piece, "more_body": first}

        waiting = asyncio.ensure_future(send(application, receive))
        await begun.wait()
        refused = (await ask(application, body))[0]
        end.set()
        return [refused, (await waiting)[0], (await ask(application, body))[0]]

    assert asyncio.run(overload()) == [503, 200, 200]


def test_a_client_that_is_too_slow_gets_a_408(table: Table) -> None:
    application = app.make(make_service(table, slow=0.01))
    pieces = iter([{"type": "http.request", "body": b"[", "more_body": True}])

    async def receive() -> dict[str, Any]:
        for piece in pieces:
            return piece
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    assert asyncio.run(send(application, receive))[0] == 408


class ByKey:
    """Sends the keys that begin with "new" to another model."""

    def __init__(self, challenger: Scorer) -> None:
        self.challenger = challenger
        self.keys: list[str] = []

    def choose(self, key: str, champion: Scorer) -> tuple[str, Scorer]:
        self.keys.append(key)
        if key.startswith("new"):
            return "challenger", self.challenger
        return "champion", champion


def fail(_events: list[Row]) -> None:
    """Observe nothing."""
    raise RuntimeError("an observer of the test")


def test_a_strategy_chooses_by_key_and_the_champion_answers_for_one_that_fails(
    table: Table, body: bytes
) -> None:
    service = make_service(table)
    challenger = make_stub(table, "2")
    strategy = service.strategy = ByKey(challenger)
    seen: list[Any] = []
    service.observers.append(seen.extend)
    service.observers.insert(0, fail)  # harms nobody
    application = app.make(service)
    own = json.dumps({**json.loads(body), table.id: "row 7"} if table.id else {})
    versions = []
    for key, failure in (("old", None), ("new", None), ("new", ValueError("no"))):
        challenger.fails.extend([failure] if failure else [])
        asked = ask(application, body, {"x-key": key, "x-request-id": f"r-{key}"})
        versions.append(asyncio.run(asked)[1]["model"]["version"])
    assert versions == ["1", "2", "1"]
    assert [event["arm"] for event in seen] == ["champion", "challenger", "fallback"]
    assert [event["model"] for event in seen] == versions
    assert [event["id"] for event in seen] == ["r-old-0", "r-new-0", "r-new-0"]
    asyncio.run(ask(application, body, {"x-request-id": "new-request"}))
    if table.id:
        asyncio.run(ask(application, own.encode()))
        assert seen[-1]["id"] == strategy.keys[-1] == "row 7"
    assert strategy.keys[3] == "new-request"


def test_requests_that_wait_are_scored_together_and_a_bad_one_fails_alone(
    table: Table,
) -> None:
    slow = Slow(name="slow", version="1", table=table, classes=table.classes, about={})

    async def ask_all() -> list[Any]:
        batches = Batches(most_rows=1000)
        rows: list[list[Row]] = [[{"poison": at == 20}] for at in range(50)]
        asked = [batches.score(slow, each) for each in rows]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    found = asyncio.run(ask_all())
    assert [isinstance(one, ValueError) for one in found] == [
        at == 20 for at in range(50)
    ]
    assert len(found[0]) == 1
    # The first alone or all together, then each by itself because of the bad one.
    assert max(slow.sizes) >= 49


def test_a_batch_is_no_larger_than_one_request_may_be(table: Table) -> None:
    slow = Slow(name="slow", version="1", table=table, classes=table.classes, about={})

    async def ask_all() -> None:
        batches = Batches(most_rows=10)
        await asyncio.gather(*(batches.score(slow, [{}] * 4) for _ in range(9)))

    asyncio.run(ask_all())
    assert max(slow.sizes) <= 10
    assert sum(slow.sizes) == 36


def test_the_log_is_json_with_the_request_and_the_traceback() -> None:
    error = ValueError("why")
    record = logging.makeLogRecord(
        {"msg": "it %s", "args": ("fails",), "request": "r-1"}
        | {"exc_info": (ValueError, error, None)}
    )
    said = json.loads(logs.Lines().format(record))
    assert (said["message"], said["request"]) == ("it fails", "r-1")
    assert "ValueError: why" in said["traceback"]


@pytest.mark.parametrize("text", ["limits: {most_rows: 0}", "limits: {no_such: 1}"])
def test_settings_that_let_nothing_through_are_refused(
    tmp_path: Any, text: str
) -> None:
    (tmp_path / "serving.yaml").write_text(text, "utf-8")
    with pytest.raises(Refusal, match="limits"):
        read_serving(tmp_path / "serving.yaml")

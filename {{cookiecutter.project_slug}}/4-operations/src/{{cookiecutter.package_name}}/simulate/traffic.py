"""Send rows to a running service over HTTP, as callers do, and keep what they would see."""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from .. import clocked, events
from ..events import store
from ..names import name_class
from ..refusal import Refusal
from ..table import Table

LOG = Path("service.log")
PATIENCE_SECONDS = 600.0
KIND = {"Content-Type": "application/json"}

Answer = dict[str, Any]


@contextmanager
def start() -> Iterator[tuple[str, int]]:
    """Run the service as a process on a free port until the end; gives its address."""
    command = [sys.executable, "-m", clocked.__name__, "--port", "0"]
    with (
        LOG.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=out, stderr=out) as process,
    ):
        try:
            yield _wait_for_address(process)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_address(process: subprocess.Popen[bytes]) -> tuple[str, int]:
    """Wait until the service says where it listens, and answers there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://([\d.]+):(\d+)", LOG.read_text("utf-8"))
        if found and _answers(found[1], int(found[2])):
            return found[1], int(found[2])
        time.sleep(0.1)
    said = LOG.read_text("utf-8").strip().splitlines() or ["it said nothing"]
    raise Refusal(f"The service does not start: {said[-1]}")


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Caller:
    """Asks one service; every row gets an id under which its label will come."""

    def __init__(self, address: tuple[str, int], table: Table) -> None:
        self.sent = self.refused = 0
        self._table = table
        self._connection = http.client.HTTPConnection(*address, timeout=60)

    def _ask(
        self, method: str, path: str, body: bytes = b"", request: str = ""
    ) -> tuple[int, Any]:
        headers = KIND | ({"X-Request-Id": request} if request else {})
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content)

    def predict(self, rows: pd.DataFrame, at: float) -> dict[Any, Answer]:
        """Ask about rows at a time of the simulated clock; gives answers by the rows' index.

        A row that the service refuses is counted, and the others are asked again.
        """
        request = clocked.name_request(at, self.sent + self.refused)
        body = json.dumps(write_rows(rows, self._table)).encode()
        status, said = self._ask("POST", "/predict", body, request)
        if status == 422 and len(rows) > 1:
            parts = (rows.iloc[[place]] for place in range(len(rows)))
            return {
                key: a for part in parts for key, a in self.predict(part, at).items()
            }
        if status == 422:
            self.refused += 1
            return {}
        if status != 200:
            raise Refusal(f"The service answered {status}: {said}; see {LOG}.")
        self.sent += len(rows)
        return {
            key: answer | {"id": self._name(answer, request, place)}
            for place, (key, answer) in enumerate(zip(rows.index, said["predictions"]))
        }

    def _name(self, answer: Answer, request: str, place: int) -> str:
        own = answer.get("id")
        return f"{request}-{place}" if own is None else name_class(own)

    def wait_for(self, champion: str | None, challenger: str | None) -> None:
        """Wait until these versions answer."""
        # The service has closed a connection that was idle during a turn.
        self._connection.close()
        wanted = {"champion": champion, "challenger": challenger}
        end = time.monotonic() + PATIENCE_SECONDS
        while (said := self._ask("GET", clocked.STATE)[1]) != wanted:
            if time.monotonic() > end:
                raise Refusal(
                    f"The service answers with {said}, not {wanted}; see {LOG}."
                )
            time.sleep(0.1)


def write_rows(rows: pd.DataFrame, table: Table) -> list[dict[str, Any]]:
    """Give rows as JSON knows them, in the table's own words."""
    names = [table.id, table.time]
    extra = [name for name in names if name in rows and name not in table.features]
    found = rows[[*table.features, *extra]].astype(object)
    for name in rows.select_dtypes("datetime").columns.intersection(found.columns):
        found[name] = [None if pd.isna(at) else at.isoformat() for at in rows[name]]
    for name in table.of_kind("boolean"):
        found[name] = found[name].map(bool, na_action="ignore")
    known = found.where(found.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in known]


def wait_until_kept(predictions: int, shadows: int) -> None:
    """Wait until the log holds so many predictions and unseen answers."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (kept := _count()) < (predictions, shadows) or kept[1] < shadows:
        if time.monotonic() > end:
            wanted = (predictions, shadows)
            raise Refusal(f"The log holds {kept} events, not {wanted}; see {LOG}.")
        time.sleep(0.1)


def _count() -> tuple[int, int]:
    with store.reading(events.FOLDER) as connection:
        first, second = (
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("predictions", "shadows")
        )
    return int(first), int(second)

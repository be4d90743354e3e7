"""Ask the registry which version an alias names, and point it elsewhere, without mlflow.

To import mlflow takes seconds and 400 MB; a service asks once a second. Locally the registry
is a table of mlflow.db, on a server it is mlflow's REST API:
https://mlflow.org/docs/latest/api_reference/rest-api.html#set-registered-model-alias
"""

import base64
import json
import os
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .refusal import Refusal

NAME = __name__.partition(".")[0]
DATABASE = "sqlite:///mlflow.db"
# For a lock on the file, and for a server under load.
PATIENCE_SECONDS = 5.0
PATIENCE_WITH_SERVER_SECONDS = 20.0
CHAMPION = "champion"
ALIAS, VERSION = "registered-models/alias", "model-versions/get"
FIND = "SELECT version FROM registered_model_aliases WHERE name = ? AND alias = ?"
KNOWN = """SELECT count(*) FROM model_versions
WHERE name = ? AND version = ? AND current_stage <> 'Deleted_Internal'"""
POINT = "INSERT OR REPLACE INTO registered_model_aliases (name, alias, version) VALUES (?, ?, ?)"
REGISTERED = "SELECT creation_time FROM model_versions WHERE name = ? AND version = ?"
REMOVE = "DELETE FROM registered_model_aliases WHERE name = ? AND alias = ?"


def find(alias: str) -> str | None:
    """Give the version that an alias names, None when it names none."""
    if _is_remote():
        said = _ask("GET", ALIAS, alias=alias)
        return None if said is None else str(said["model_version"]["version"])
    if not _find_database().is_file():
        return None
    with _open("ro") as database:
        found = database.execute(FIND, (NAME, alias)).fetchone()
    return str(found[0]) if found else None


def point(alias: str, version: str) -> None:
    """Let an alias name a registered version, whatever it named before."""
    if _is_remote():
        if _ask("POST", ALIAS, alias=alias, version=version) is None:
            raise Refusal(f"There is no version {version} of {NAME} in {_read_uri()}.")
        return
    with _open("rw") as database:
        known = database.execute(KNOWN, (NAME, version)).fetchone()[0]
        if not known or not version.isdecimal():
            raise Refusal(f"There is no version {version} of {NAME} in {_read_uri()}.")
        database.execute(POINT, (NAME, alias, int(version)))


def remove(alias: str) -> None:
    """Let an alias name nothing; the version stays registered."""
    if _is_remote():
        _ask("DELETE", ALIAS, alias=alias)
        return
    with _open("rw") as database:
        database.execute(REMOVE, (NAME, alias))


def find_registration(version: str) -> float | None:
    """Give when a version was registered, in s since 1970; None where it is not known."""
    if _is_remote():
        said = _ask("GET", VERSION, version=version) or {"model_version": {}}
        made = said["model_version"].get("creation_timestamp")
    elif _find_database().is_file():
        with _open("ro") as database:
            found = database.execute(REGISTERED, (NAME, version)).fetchone()
        made = found[0] if found else None
    else:
        return None
    return None if made is None else float(made) / 1000


def store_is_reachable() -> bool:
    """Tell whether the registry answers."""
    try:
        if not _is_remote() and not _find_database().is_file():
            return False
        find(CHAMPION)
    except Refusal:
        return False
    return True


def _read_uri() -> str:
    return os.environ.get("MLFLOW_TRACKING_URI") or DATABASE


def _is_remote() -> bool:
    return _read_uri().startswith(("http://", "https://"))


def _find_database() -> Path:
    """Give the file of a local registry; other databases are reached through a server."""
    scheme, _, path = _read_uri().partition(":///")
    if scheme != "sqlite" or not path:
        raise Refusal(
            f"MLFLOW_TRACKING_URI is {_read_uri()!r}; name a server (http://...) or a file "
            "(sqlite:///mlflow.db)."
        )
    return Path(path)


@contextmanager
def _open(mode: str) -> Iterator[sqlite3.Connection]:
    """Open the database for one transaction; a lock is waited for, but not for ever."""
    path = _find_database()
    if not path.is_file():
        raise Refusal(f"There is no registry {path} yet; run `make pipeline`.")
    try:
        database = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", PATIENCE_SECONDS, uri=True
        )
        try:
            with database:
                yield database
        finally:
            database.close()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Refusal(
                f"The registry is busy: {path} stayed locked for {PATIENCE_SECONDS:.0f} s; "
                "end what holds it and try again."
            ) from error
        raise Refusal(f"The registry {path} cannot be used: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise Refusal(f"The registry {path} cannot be used: {error}.") from error


def _ask(method: str, place: str, **said: str) -> dict[str, Any] | None:
    """Ask the server; None when it knows no such alias, model or version."""
    content = {"name": NAME, **said}
    address = f"{_read_uri().rstrip('/')}/api/2.0/mlflow/{place}"
    body = None
    if method == "GET":
        address += f"?{urlencode(content)}"
    else:
        body = json.dumps(content).encode()
    headers = {"Content-Type": "application/json", **_sign_in()}
    request = urllib.request.Request(address, body, headers, method=method)
    try:
        with urllib.request.urlopen(
            request, timeout=PATIENCE_WITH_SERVER_SECONDS
        ) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        if _is_absent(error):
            return None
        raise Refusal(
            f"The registry {_read_uri()} refuses: {error.code} {error.reason}."
        ) from error
    except (OSError, ValueError) as error:
        raise Refusal(
            f"The registry {_read_uri()} does not answer ({error}); start it, or correct "
            "MLFLOW_TRACKING_URI."
        ) from error


def _is_absent(error: urllib.error.HTTPError) -> bool:
    """Tell an alias that is not there from a server that fails."""
    try:
        code = json.load(error).get("error_code")
    except (ValueError, AttributeError):
        return False
    return code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}


def _sign_in() -> dict[str, str]:
    """Give the header that says who asks, as mlflow's own client does."""
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user = os.environ.get("MLFLOW_TRACKING_USERNAME")
    if not user:
        return {}
    words = f"{user}:{os.environ.get('MLFLOW_TRACKING_PASSWORD', '')}"
    return {"Authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}

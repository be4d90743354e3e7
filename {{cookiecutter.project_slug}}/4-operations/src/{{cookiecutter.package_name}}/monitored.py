"""Serve the champion as level 3 does, and show what is measured: /metrics and /status."""

from pathlib import Path
from typing import cast

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

from . import live, streams, telemetry
from .live import app as application
from .live.state import Service
from .telemetry.middleware import Watch

# What `make status` writes; drawing it here would hold up the answers.
PAGE = Path("reports/status.html")
RUNBOOKS = Path("docs/runbooks")
NO_PAGE = "There is no status page yet; run <code>make status</code>."


def make(service: Service) -> FastAPI:
    """Make the application of level 3 with a tally of what it does."""
    table = service.champion.table
    tally = telemetry.Tally(table.positive if table.binary else None)
    service.observers.append(tally.observe)
    app = application.make(service)
    _add_pages(app, service, tally)
    # It must see every request, also those that no route or middleware gets to see.
    return cast(FastAPI, Watch(app, tally))


def _add_pages(app: FastAPI, service: Service, tally: telemetry.Tally) -> None:
    registry = telemetry.make_registry(tally, service, service.champion.table.headline)

    @app.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Give what was measured, for Prometheus."""
        text = telemetry.render(registry)
        return Response(text, media_type=telemetry.CONTENT_TYPE_LATEST)

    @app.get("/status", response_class=HTMLResponse)
    def status() -> HTMLResponse:
        """Show the page that `make status` wrote last."""
        if not PAGE.is_file():
            return HTMLResponse(NO_PAGE, 404)
        return HTMLResponse(PAGE.read_text("utf-8"))

    @app.get("/docs/runbooks/{alert}.md", response_class=FileResponse)
    def runbook(alert: str) -> FileResponse:
        """Show the page of an alert, to which the status page points."""
        path = RUNBOOKS / f"{alert}.md"
        if not alert.isalnum() or not path.is_file():
            raise HTTPException(404, f"There is no page of an alert {alert!r}.")
        return FileResponse(path, media_type="text/plain; charset=utf-8")


def main(arguments: list[str]) -> None:
    """Serve until stopped; requests under way are answered first."""
    live.serve(arguments, make, streams.open_log)

"""Serve the champion as level 3 does, and show what is measured: /metrics and /status."""

from pathlib import Path
from typing import cast

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from . import live, telemetry
from .live import app as application
from .live.state import Service
from .telemetry.middleware import Watch

# What `make status` writes; drawing it here would hold up the answers.
PAGE = Path("reports/status.html")
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


def main(arguments: list[str]) -> None:
    """Serve until stopped; requests under way are answered first."""
    live.serve(arguments, make)

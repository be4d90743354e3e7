"""Write the log to stderr as one JSON object a line, for machines that collect it."""

import json
import logging
from datetime import UTC, datetime

# What every record has, or uvicorn adds; the rest was given with `extra`.
USUAL = {*vars(logging.makeLogRecord({})), "message", "color_message"}


class Lines(logging.Formatter):
    """A record as JSON: time (UTC), level, source, message and what was given with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line, a traceback included."""
        time = datetime.fromtimestamp(record.created, UTC)
        said = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
        }
        said |= {
            name: value for name, value in vars(record).items() if name not in USUAL
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str, ensure_ascii=False)


def start() -> None:
    """Let everything that logs write such lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)

"""An assessment for its readers: one document as plain values, and what is drawn from it."""

from typing import Any

# What the JSON report holds, as `schema/report.schema.json` describes it.
Document = dict[str, Any]

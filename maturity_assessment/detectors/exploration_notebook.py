"""A notebook, or a report of that kind, that looks at the data with code that can run.

A Jupyter notebook whose cells read or plot data, marimo, R Markdown or Quarto count. A
notebook that is empty, or broken, is nothing.
"""

import re
from collections.abc import Iterator

from maturity_assessment.evidence import Evidence, Finding, Strength
from maturity_assessment.scan.repository import Repository

from ._findings import conclude

ADVICE = (
    "Keep one notebook that reads the table, shows what is in it, and runs from top to"
    " bottom."
)
PRONE = "Low. Notebooks that live on a platform are not seen."

READS = re.compile(
    r"^(pandas|polars|datasets|seaborn|plotly|matplotlib|altair|ydata_profiling"
    r"|pandas_profiling|sweetviz|pyspark|numpy|duckdb|sklearn|torch|tensorflow)"
)
LOOKS = re.compile(
    r"\.(read_\w+|describe|head|hist|plot|info|value_counts|show|scatter|histplot|heatmap"
    r"|load_dataset|sample|imshow|isnull|isna)$"
)


def detect(repository: Repository) -> Finding:
    """Look at notebooks, and at documents with code."""
    return conclude(
        "exploration_notebook",
        [*notebooks(repository), *documents(repository)],
        present="A notebook looks at the data.",
        partial="There are notebooks, but none that reads or shows data.",
        absent="No notebook looks at the data.",
    )


def notebooks(repository: Repository) -> Iterator[Evidence]:
    """Give the notebooks by what their cells do."""
    for path, module in repository.python.modules.items():
        marimo = any(name == "marimo" for name in module.imports)
        if not module.notebook and not marimo:
            continue
        reasons = ["it is broken"] if module.broken else []
        if not module.broken and not module.calls:
            reasons = ["it has no code that runs"]
        looks = any(LOOKS.search(f".{call.name}") for call in module.calls)
        known = any(READS.match(name) for name in module.imports)
        strength = Strength.STRONG if looks or known else Strength.WEAK
        yield repository.cite(
            path, 0, "notebook", strength, reasons, f"{len(module.calls)} calls"
        )


def documents(repository: Repository) -> Iterator[Evidence]:
    """Give documents in which code stands: of R, or of Quarto."""
    for path in repository.find("*.Rmd", "*.qmd"):
        if re.search(r"```\{(r|python)", repository.read(path)):
            yield repository.cite(path, 1, "notebook", Strength.STRONG)

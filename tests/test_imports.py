"""Every part of the package can be the first one that is imported."""

import subprocess
import sys

from maturity_assessment.render import TEMPLATE

# One process for all: between two imports it forgets what the first brought of ours.
IMPORT_EACH = """
import importlib, pkgutil, sys
import maturity_assessment
found = pkgutil.iter_modules(maturity_assessment.__path__, "maturity_assessment.")
for name in sorted(one.name for one in found):
    for known in [one for one in sys.modules if one.startswith("maturity_assessment")]:
        del sys.modules[known]
    try:
        importlib.import_module(name)
    except ImportError as error:
        print(f"{name}: {error}")
"""


def test_every_part_can_be_imported_before_the_others() -> None:
    command = [sys.executable, "-c", IMPORT_EACH]
    done = subprocess.run(
        command, cwd=TEMPLATE, capture_output=True, text=True, check=True
    )
    assert not done.stdout

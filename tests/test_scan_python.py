"""Python is read by its syntax: names are resolved, and what cannot be reached is known."""

import ast
from pathlib import Path

import pytest
from traps.trees import Files, read_tree

from maturity_assessment.scan.python import UNKNOWN, Name

ALIASES = {
    "import mlflow as m\nm.log_metric('a', 1)": "mlflow.log_metric",
    "from mlflow import log_metric as lm\nlm('a', 1)": "mlflow.log_metric",
    "import mlflow.sklearn\nmlflow.sklearn.log_model(1)": "mlflow.sklearn.log_model",
    (
        "from mlflow import MlflowClient\nc = MlflowClient()\n" "c.log_metric(1)"
    ): "mlflow.MlflowClient.log_metric",
    "import mlflow\nmlflow.MlflowClient().log_metric(1)": "mlflow.MlflowClient.log_metric",
    (
        "from dvclive import Live\nwith Live(x=1) as live:\n" "    live.log_metric(1)"
    ): "dvclive.Live.log_metric",
    (
        "from azureml.core import Run\nrun = Run.get_context()\n"
        "run.parent.log('a', 1)"
    ): "azureml.core.Run.get_context.parent.log",
    (
        "import mlflow as m\ndef f(c: m.MlflowClient):\n" "    c.log_metric(1)"
    ): "mlflow.MlflowClient.log_metric",
    (
        "import mlflow as m\ndef f(c: 'm.MlflowClient | None'):\n" "    c.log_metric(1)"
    ): "mlflow.MlflowClient.log_metric",
    (
        "import mlflow\nclass A:\n    def f(self):\n"
        "        self.c.log_metric(1)\n    def __init__(self):\n"
        "        self.c = mlflow.MlflowClient()"
    ): "mlflow.MlflowClient.log_metric",
    "import wandb\ndef f():\n    import wandb as w\n    w.init(project='x')": "wandb.init",
    "def f():\n    run.log(1)\nfrom wandb import init\nrun = init()": "wandb.init.log",
}


@pytest.mark.parametrize("text", ALIASES)
def test_a_call_goes_by_the_name_of_its_library(tmp_path: Path, text: str) -> None:
    repository = read_tree(tmp_path, {"a.py": text})
    assert ALIASES[text] in {call.name for call in repository.python.calls("*")}


def test_a_name_is_followed_through_the_functions_of_the_repository(
    tmp_path: Path,
) -> None:
    files: Files = {
        "src/p/__init__.py": "",
        "src/p/services.py": """
            import mlflow.tracking as mt
            class Service:
                def client(self) -> mt.MlflowClient:
                    return mt.MlflowClient()
            """,
        "src/p/jobs.py": """
            from p import services
            class Job:
                service: services.Service = services.Service()
                def run(self):
                    client = self.service.client()
                    client.create_model_version(name="x")
            """,
    }
    repository = read_tree(tmp_path, files)
    (call,) = repository.python.calls("mlflow.*.create_model_version")
    assert (call.path, call.line, call.function) == ("src/p/jobs.py", 6, "Job.run")
    assert call.keywords == {"name": "x"}


def test_words_in_strings_comments_and_names_are_no_calls(tmp_path: Path) -> None:
    text = (
        '# mlflow.log_metric(1)\n"""mlflow.log_metric(1)"""\n'
        'MODEL_REGISTRY = "mlflow.register_model"\n'
        "my_mlflow_log_metric = 1\n"
    )
    assert not read_tree(tmp_path, {"a.py": text}).python.calls("mlflow*")


def test_arguments_are_plain_values_and_variables_are_followed(tmp_path: Path) -> None:
    text = """
        import pandas as pd
        from conf import FOLDER
        NAME = "ref.csv"
        def f(x):
            ref = pd.read_csv(NAME)
            report(ref, FOLDER, [1, -2], {"a": True}, f"m-{x}", x)
        """
    repository = read_tree(tmp_path, {"a.py": text, "conf.py": "FOLDER = 'data'\n"})
    (call,) = repository.python.calls("report")
    ref, folder, *others = call.args
    followed = repository.python.value(call, ref)
    assert followed.name == "pandas.read_csv"
    assert repository.python.value(call, followed.args[0]) == "ref.csv"
    assert repository.python.value(call, folder) == "data"
    assert others == [[1, -2], {"a": True}, "m-{}", Name("x", "x")]
    assert call.argument(9) is UNKNOWN


def test_only_what_an_entry_point_reaches_is_operational(tmp_path: Path) -> None:
    files: Files = {
        "train.py": """
            from lib.steps import fit
            import lib.other
            if __name__ == "__main__":
                fit()
            """,
        "lib/__init__.py": "",
        "lib/steps.py": """
            from . import deep
            def fit():
                start(deep.Model, callback)
            def callback():
                pass
            def validate():
                pass
            """,
        "lib/deep.py": """
            class Base:
                def go(self):
                    self.inner()
                def inner(self):
                    pass
            class Model(Base):
                pass
            """,
        "lib/other.py": "def unused():\n    pass\n",
        "tests/test_a.py": "from lib.steps import validate\ndef test_a():\n    validate()\n",
        "n.ipynb": (
            '{"cells": [{"cell_type": "code", "source": ["import lib.other as o\\n'
            '", "o.unused()"]}]}'
        ),
    }
    python = read_tree(tmp_path, files).python
    for path, name in [
        ("lib/steps.py", "fit"),
        ("lib/steps.py", "callback"),
        ("lib/deep.py", "Base.inner"),
        ("lib/other.py", ""),
    ]:
        assert python.operational(path, name), name
    assert python.reached("lib/steps.py", "validate") == {"test"}
    assert python.reached("lib/other.py", "unused") == {"notebook"}


def test_a_decorated_function_of_a_service_or_a_dag_is_reached(tmp_path: Path) -> None:
    files: Files = {
        "app.py": (
            "from fastapi import FastAPI\napp = FastAPI()\n"
            "@app.post('/p')\ndef predict():\n    pass\ndef idle():\n"
            "    pass\n"
        ),
        "dag.py": "from prefect import flow\n@flow\ndef train():\n    pass\n",
    }
    python = read_tree(tmp_path, files).python
    assert python.reached("app.py", "predict") == {"service"}
    assert python.reached("dag.py", "train") == {"dag"}
    assert not python.reached("app.py", "idle")


def test_what_a_command_names_is_reached(tmp_path: Path) -> None:
    files: Files = {
        "Dockerfile": 'FROM python\nCOPY . .\nCMD ["uvicorn", "app.main:make"]\n',
        "app/main.py": "def make():\n    pass\ndef idle():\n    pass\n",
        "dvc.yaml": "stages: {t: {cmd: python -m steps.train}}\n",
        "steps/train.py": "def go():\n    pass\ngo()\n",
    }
    python = read_tree(tmp_path, files).python
    assert python.reached("app/main.py", "make") == {"command"}
    assert python.reached("steps/train.py", "go") == {"command"}
    assert not python.reached("app/main.py", "idle")


def test_the_cells_of_a_notebook_are_python_with_their_lines(tmp_path: Path) -> None:
    text = """
        {"cells": [
          {"cell_type": "markdown", "source": ["shap.summary_plot(1)"]},
          {"cell_type": "code", "source": [
            "!pip install shap\\n",
            "import shap\\n",
            "shap.summary_plot(1)"
          ]},
          {"cell_type": "code", "source": "%%bash\\nls"},
          {"cell_type": "code", "source": "this is not python"}
        ]}
        """
    repository = read_tree(tmp_path, {"n.ipynb": text})
    (call,) = repository.python.calls("shap.*")
    assert repository.python.line(call.path, call.line) == 6
    assert repository.python.reached("n.ipynb") == {"notebook"}


def test_a_folder_named_after_a_library_does_not_hide_it(tmp_path: Path) -> None:
    files: Files = {
        "mlflow/docker.py": "x = 1\n",
        "tracking/__init__.py": "",
        "tracking/wandb.py": "def log():\n    pass\n",
        "tracking/train.py": "import mlflow, wandb\nmlflow.log(1)\nwandb.log(1)\n",
    }
    python = read_tree(tmp_path, files).python
    assert len(python.calls("mlflow.log", "wandb.log")) == 2
    assert python.resolver.definition("wandb.log", "tracking") is None


def test_checks_that_check_nothing_are_not_counted(tmp_path: Path) -> None:
    text = "def test_a():\n    assert True\ndef test_b():\n    assert 1 == x\n"
    module = read_tree(tmp_path, {"test_a.py": text}).python.modules["test_a.py"]
    assert module.asserts == {"test_b": [4]}


def test_libraries_are_declared_in_whichever_file(tmp_path: Path) -> None:
    files: Files = {
        "requirements.txt": "A.b==1.0 ; python_version > '3'\nc>=2 # x\n-r other.txt\n",
        "pyproject.toml": (
            '[project]\ndependencies = ["d[x]~=1"]\n[dependency-groups]\n'
            'dev = ["e"]\n[tool.poetry.dependencies]\npython = "3"\n'
            'f = {version = "1.2"}\n'
        ),
        "setup.py": "from setuptools import setup\nsetup(install_requires=['g==2'])\n",
        "environment.yml": "dependencies:\n- h=1.0\n- pip:\n  - i==3\n",
    }
    found = read_tree(tmp_path, files).requirements
    assert {one.name for one in found} == {"a-b", "c", "d", "e", "f", "g", "h", "i"}
    assert {one.name for one in found if one.exact} >= {"a-b", "g", "h", "i"}
    assert next(one for one in found if one.name == "d").line == 2


def test_a_script_without_a_guard_that_nothing_imports_is_a_script(
    tmp_path: Path,
) -> None:
    files: Files = {
        "score.py": "def work():\n    pass\ndef idle():\n    pass\nwork()\n",
        "used.py": "def lost():\n    pass\nprint(1)\n",
        "user.py": "import used\n",
    }
    python = read_tree(tmp_path, files).python
    assert python.reached("score.py", "work") == {"script"}
    assert not python.reached("score.py", "idle")
    assert not python.reached("used.py", "lost")


def test_a_package_names_its_function_before_the_module_of_the_same_name(
    tmp_path: Path,
) -> None:
    files: Files = {
        "steps/__init__.py": "from .train import train\n",
        "steps/train.py": "def train():\n    return 1\n",
        "flow.py": "from steps import train\ntrain()\n",
    }
    resolver = read_tree(tmp_path, files).python.resolver
    found = resolver.definition("steps.train", "")
    assert found is not None
    assert (found.path, found.name) == ("steps/train.py", "train")


def test_every_kind_of_pattern_of_match_is_read(tmp_path: Path) -> None:
    text = """
        import mlflow
        match value:
            case True | None | 1 | "a" | -1:
                mlflow.log_metric("a", 1)
            case {"k": [first, *_], **rest} if first:
                mlflow.log_param("b", rest)
            case Point(x=0) as point:
                mlflow.log_text(point)
        """
    repository = read_tree(tmp_path, {"a.py": text})
    assert [one.line for one in repository.python.calls("mlflow.*")] == [4, 6, 8]
    assert not repository.notes.all()


FUNCTIONS = """
    import x

    class Service:
        @x.cached
        @x.traced(
            "name"
        )
        def ask(self, rows):
            '''Say something.

            accuracy of it
            '''
            def inner():
                return '''two
        lines'''
            return inner()

    async def wait(): return 1
    if x.old:
        def wait(): return 2
    """


def test_one_function_is_parsed_as_it_stands_in_its_file(tmp_path: Path) -> None:
    python = read_tree(tmp_path, {"a.py": FUNCTIONS}).python
    whole = {
        node.lineno: ast.dump(node, include_attributes=True)
        for node in ast.walk(python.tree("a.py"))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    alone = [python.trees.function(one) for one in python.modules["a.py"].functions]
    assert len(alone) == 4
    for node in alone:
        assert ast.dump(node, include_attributes=True) == whole[node.lineno]


def test_the_text_of_a_function_has_its_decorators_and_no_docstring(
    tmp_path: Path,
) -> None:
    python = read_tree(tmp_path, {"a.py": FUNCTIONS}).python
    functions = {one.name: one for one in python.modules["a.py"].functions}
    text = python.trees.text(functions["Service.ask"])
    assert text.lstrip().startswith("@x.cached")
    assert "accuracy" not in text and "return inner()" in text
    assert "return 2" in python.trees.text(functions["wait"])


def test_a_function_of_a_template_is_parsed_filled_in(tmp_path: Path) -> None:
    text = (
        "def f(x):\n    return {{ cookiecutter.value }}\n\n"
        "def g():\n    {% if a %}\n    return 1\n    {% endif %}\n"
    )
    python = read_tree(tmp_path, {"a.py": text}).python
    trees = [python.trees.function(one) for one in python.modules["a.py"].functions]
    assert [(one.name, one.lineno) for one in trees] == [("f", 1), ("g", 4)]
    assert "cookiecutter" not in ast.unparse(trees[0])


def test_functions_that_ask_which_is_larger_are_known(tmp_path: Path) -> None:
    text = "def f(a, b):\n    return a>b\ndef g(a):\n    return a == 1 or a is None\nx = 1 < 2\n"
    module = read_tree(tmp_path, {"a.py": text}).python.modules["a.py"]
    assert module.compares == {"f", ""}


def test_calls_are_found_by_what_is_passed_under_a_name(tmp_path: Path) -> None:
    files: Files = {
        "b.py": "f(1, deep=True)\nf(deep=2, flat=3)\nf(4)\n",
        "tests/test_b.py": "f(deep=5)\n",
    }
    python = read_tree(tmp_path, files).python
    assert [one.line for one in python.calls_with({"deep"}, without=("test",))] == [
        1,
        2,
    ]

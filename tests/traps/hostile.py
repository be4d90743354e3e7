"""Repositories made to hang, to blow up or to lead astray whoever reads them.

Each function gives the files of one; the names say what is in them.
"""

from collections.abc import Callable

from .trees import Files

WORKFLOW = ".github/workflows/ci.yml"
DEEP = 10_000
LONG = 1_400_000  # characters, just below what is read of one file
SHELL = 140_000


def deep_json() -> Files:
    opened = '{"a": ' * DEEP + "[" * DEEP
    return {"package.json": opened, "closed.json": "[" * DEEP + "]" * DEEP}


def deep_yaml() -> Files:
    block = "\n".join(" " * depth + "a:" for depth in range(1_000))
    return {
        WORKFLOW: "jobs: " + "[" * 200_000 + "]" * 200_000,
        "dvc.yaml": block,
        "Taskfile.yml": "{a: " * 100_000,
        "lists.yaml": "- " * 200_000,
        "keys.yaml": "? " * 200_000,
        "deep.yaml": "a: [" + "[" * DEEP + "]" * DEEP + "]",
    }


def deep_python() -> Files:
    blocks = "\n".join(" " * depth + "if x:" for depth in range(DEEP // 4))
    return {
        "lists.py": "x = " + "[" * DEEP + "]" * DEEP,
        "sum.py": "x = " + " + ".join(["1"] * DEEP),
        "chain.py": "x = a" + ".b()" * DEEP,
        "attributes.py": "x = a" + ".b" * DEEP,
        "minus.py": "x = " + "-" * DEEP + "1",
        "blocks.py": blocks,
        "branches.py": "if a: b\n" + "elif a: b\n" * DEEP,
        "dicts.py": "x = " + "{1: " * 150,
        "calls.py": "f(a=" * 150,
        "lambdas.py": "x = " + "lambda: (" * 150,
        "text.py": "x = " + 'f"{' * 150,
    }


def deep_tables() -> Files:
    return {
        "pyproject.toml": "x = " + "[" * DEEP + "]" * DEEP,
        "pixi.toml": "x = " + "{a = " * DEEP,
        "poe_tasks.toml": ".".join(["a"] * DEEP) + " = 1",
        "mise.toml": "".join(f"[{'a.' * n}a]\n" for n in range(400)),
    }


def deep_terraform() -> Files:
    return {
        "lists.tf": "locals {\n  x = " + "[" * DEEP + "]" * DEEP + "\n}\n",
        "blocks.tf": "a {\n" * DEEP + "}\n" * DEEP,
        "marks.tf": 'x = "' + "${" * DEEP,
        "brackets.tf": "x = " + "(" * DEEP,
    }


def deep_commands() -> Files:
    shell, many = "$(" * (SHELL // 2), SHELL // 2 - 10
    return {
        "a.sh": shell,
        "b.sh": "echo $((" + "(" * many + "1" + ")" * many + "))",
        "z.sh": '"$(' * DEEP + "pytest" + ')"' * DEEP,
        "c.sh": "if true; then\n" * DEEP,
        "d.sh": " && ".join(["pytest"] * DEEP),
        "e.sh": "f() {\n" * DEEP + "f",
        "Makefile": "all: " + "$(a " * DEEP + "\n\techo " + "$(shell " * DEEP,
        "justfile": "all: " + "(" * 5 * SHELL + "\n  echo\n",
        "Jenkinsfile": "stage('a') {\n" * DEEP + "sh 'pytest'" + "}" * DEEP,
        "Dockerfile": "FROM a\nRUN " + "(" * SHELL,
        WORKFLOW: "on: push\njobs: {a: {steps: [{run: '" + shell + "'}]}}",
    }


def laughing_yaml() -> Files:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for place in range(1, 12):
        names = ", ".join([f"*a{place - 1}"] * 10)
        lines.append(f"a{place}: &a{place} [{names}]")
    text = "\n".join([*lines, "tasks: *a11", "jobs: *a11", "steps: *a11", ""])
    paths = (WORKFLOW, "Taskfile.yml", "dvc.yaml", ".gitlab-ci.yml", "k.yaml")
    return {path: text for path in (*paths, "azure-pipelines.yml")}


def merging_yaml() -> Files:
    lines = ["a0: &a0 {x: 1}"]
    for place in range(1, 40):
        names = ", ".join([f"*a{place - 1}"] * 10)
        lines.append(f"a{place}: &a{place} {{<<: [{names}], k{place}: 1}}")
    text = "\n".join([*lines, "jobs: *a39", "tasks: *a39"])
    return {WORKFLOW: text, "Taskfile.yml": text, ".circleci/config.yml": text}


def endless_yaml() -> Files:
    text = "on: push\njobs: &a {b: *a, steps: &c [*c, *a], <<: *a}\ntasks: *a\n"
    return {WORKFLOW: text, "Taskfile.yml": text, "docker-compose.yml": text}


def huge_anchors() -> Files:
    steps = "s: &s [" + ", ".join(["{run: a}"] * 20_000) + "]\n"
    jobs = "jobs: {" + ", ".join(f"j{n}: {{steps: *s}}" for n in range(10_000)) + "}"
    env = "env: {" + ", ".join(f"v{n}: 1" for n in range(20_000)) + "}\n"
    own = ", ".join("{run: a, env: {b: 1}}" for _ in range(10_000))
    return {
        WORKFLOW: steps + jobs,
        ".github/workflows/env.yml": f"{env}jobs: {{a: {{steps: [{own}]}}}}",
        ".gitlab-ci.yml": "x: &x [" + "a, " * 50_000 + "]\nj: {script: [*x, *x, *x]}",
    }


def thousands_of_steps() -> Files:
    step = "      - run: make all && pytest -q && python train.py\n"
    text = "on: push\njobs:\n  a:\n    steps:\n" + step * 9_000
    make = "all: a b c\na b c:\n\tpytest\n\tbash run.sh\n"
    shell = "python train.py\n" * 50
    python = "import subprocess\n" + "subprocess.run(['dvc', 'repro'])\n" * 50
    return {WORKFLOW: text, "Makefile": make, "run.sh": shell, "train.py": python}


def growing_makefile() -> Files:
    targets = [f"t{n}:\n" + f"\t$(MAKE) t{n + 1}\n" * 10 for n in range(20)]
    variables = ["A0 = " + "x" * 1000]
    variables += [f"A{n} = " + f"$(A{n - 1})" * 50 for n in range(1, 12)]
    chain = [f"n{n}: n{n + 1}\n\techo\n" for n in range(5_000)]
    just = [f"n{n}: n{n + 1}\n  echo\n" for n in range(5_000)]
    text = "\n".join([*variables, *targets, "say:\n\techo $(A11)", *chain])
    return {
        "Makefile": text,
        "justfile": "\n".join(just),
        WORKFLOW: "jobs: {a: {steps: [{run: just n0}, {run: make t0 n0 say}]}}",
    }


def makefiles_that_include_themselves() -> Files:
    text = "include Makefile\ninclude *.mk\ninclude " + "*a" * 50 + ".mk\n"
    files: Files = {f"{n}.mk": text + f"t{n}:\n\tpytest\n" for n in range(20)}
    imports = "".join(f"import '{n}.just'\n" for n in range(10))
    files |= {f"{n}.just": imports for n in range(10)}
    return {**files, "a" * 200 + ".mk": "", "Makefile": text, "justfile": imports}


def workflows_that_call_each_other() -> Files:
    calls = "".join(
        f"  j{n}: {{uses: ./.github/workflows/w{n % 3}.yml}}\n" for n in range(30)
    )
    files: Files = {
        f".github/workflows/w{n}.yml": f"on: [push, workflow_call]\njobs:\n{calls}"
        for n in range(3)
    }
    for name in ("a", "b", "c"):
        uses = "".join(f"  - uses: ./actions/{one}\n" for one in "abc" * 10)
        files[f"actions/{name}/action.yml"] = (
            f"runs:\n  using: composite\n  steps:\n{uses}"
        )
    uses = "{uses: ./actions/a}"
    files[WORKFLOW] = f"on: push\njobs: {{a: {{steps: [{uses}]}}}}"
    return files


def pipelines_that_take_themselves() -> Files:
    template = "steps:\n" + "- template: t.yml\n" * 50
    command = "- c\n" * 50
    include = "".join(f"- local: {n}.yml\n" for n in range(10))
    extends = ", ".join(f"j{n}" for n in range(30))
    gitlab = "".join(f"j{n}: {{extends: [{extends}], script: a}}\n" for n in range(30))
    files: Files = {f"{n}.yml": f"include:\n{include}" for n in range(10)}
    return {
        **files,
        "azure-pipelines.yml": template,
        "t.yml": template,
        ".circleci/config.yml": f"jobs:\n  a:\n    steps:\n    - c\n"
        f"commands:\n  c:\n    steps:\n{indent(command)}",
        ".gitlab-ci.yml": f"include:\n{include}{gitlab}",
    }


def indent(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def texts_against_patterns() -> Files:
    spaces = " " * SHELL
    steps = ", ".join(
        [
            f'{{run: a, if: "{spaces}x"}}',
            '{run: "' + "${{ " * 20_000 + '"}',
            '{run: "${{' + spaces + '"}',
        ]
    )
    return {
        WORKFLOW: f"on: push\njobs: {{a: {{steps: [{steps}]}}}}",
        "requirements.txt": "a x" + " " * LONG + "b\n",
        "package.json": "{" + "\n" * LONG,
        "tags.yaml": "a: [" + "{%\n" * (LONG // 3),
        "values.yaml": "a: [" + "{{ " * (200_000),
        "tags.py": "x = (" + "{%" * (LONG // 2),
        "justfile": "all" + " " * 700_000 + "\nx := '" + " " * 700_000 + "'a\n",
        "Makefile": "all:\n\techo " + "${a " * (SHELL // 4),
        "main.tf": "\n" * 100_000 + "x = {",
        "tox.ini": "[testenv]\ncommands = " + "{env" * (LONG // 4),
        ".gitignore": "*a*a*a*a*a*a*a*a*a*a*a*b\n" + "**/a/" * 40 + "b\n",
        "a" * 240: "",
        "_target_.yaml": "_target_: " + "a" * LONG,
        "Dockerfile": "FROM a\nRUN " + " --a " * 20_000 + "x\n" + "RUN a \\\n" * 20_000,
        "Jenkinsfile": "stage('a') {\n" + "sh 'pytest'\n" * 5_000 + "}",
        "pyproject.toml": "[project]\ndependencies = ["
        + ", ".join(f'"name{n}"' for n in range(60_000))
        + "]\n",
        "setup.cfg": "[options]\ninstall_requires =\n" + "  a\n" * 300_000,
    }


def many_names() -> Files:
    stars = "".join(f"from pkg.m{n} import *\n" for n in range(80))
    main = "if __name__ == '__main__':\n"
    calls = "".join(f"    m{n}.unknown{n}()\n" for n in range(80))
    files: Files = {
        f"pkg/m{n}.py": stars + f"import pkg.m{n} as m{n}\n{main}{calls}"
        for n in range(80)
    }
    functions = "".join(f"def f{n}(): pass\n" for n in range(60_000))
    return {**files, "pkg/__init__.py": stars, "tests/test_a.py": functions}


def huge_book() -> Files:
    cells = ", ".join(
        '{"cell_type": "code", "source": ["x = \\"\\u00e9\\"\\n", "print(1)"]}'
        for _ in range(20_000)
    )
    outputs = "a" * 8_000_000
    return {"book.ipynb": f'{{"cells": [{cells}], "outputs": "{outputs}"}}'}


HOSTILE: dict[str, Callable[[], Files]] = {
    name.replace("_", " "): one
    for name, one in list(globals().items())
    if callable(one) and getattr(one, "__module__", "") == __name__ and name != "indent"
}

"""What a command line comes to once `sudo`, `uv run`, `timeout 60` and their kind are off it."""

import posixpath
import re

ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
# Prefixes that run the rest: the words that must follow, the options that take a value, and
# how many words stand before the command.
PREFIXES: dict[str, list[tuple[tuple[str, ...], str, int]]] = {
    "sudo": [((), "-u -g -h", 0)],
    "env": [((), "-u -C", 0)],
    "time": [((), "", 0)],
    "nice": [((), "-n", 0)],
    "ionice": [((), "-c -n", 0)],
    "nohup": [((), "", 0)],
    "exec": [((), "-a", 0)],
    "command": [((), "", 0)],
    "stdbuf": [((), "-i -o -e", 0)],
    "setsid": [((), "", 0)],
    "timeout": [((), "-k -s --signal --kill-after", 1)],
    "retry": [((), "-t -d --times --delay", 0)],
    "xvfb-run": [((), "-n -s --server-args -e -f", 0)],
    "unbuffer": [((), "", 0)],
    "poetry": [(("run",), "-C --directory", 0)],
    "pipenv": [(("run",), "", 0)],
    "uv": [
        (
            ("run",),
            "--with --with-editable --with-requirements --extra --no-extra --group --no-group"
            " --only-group -p --python --env-file --directory --project --index-url --package"
            " --index --default-index --config-file",
            0,
        ),
        (("tool", "run"), "--from --with -p --python", 0),
    ],
    "uvx": [((), "--from --with --with-editable -p --python", 0)],
    "pipx": [(("run",), "--spec --python", 0)],
    "rye": [(("run",), "", 0)],
    "conda": [(("run",), "-n --name -p --prefix --cwd", 0)],
    "mamba": [(("run",), "-n --name -p --prefix", 0)],
    "micromamba": [(("run",), "-n --name -p --prefix", 0)],
    "npx": [((), "-p --package", 0)],
    "bunx": [((), "", 0)],
    "bundle": [(("exec",), "", 0)],
    "doppler": [(("run",), "-p -c", 0)],
    "dotenv": [(("run",), "-f", 0), ((), "-f", 0)],
    "aws-vault": [(("exec",), "", 1)],
    "direnv": [(("exec",), "", 1)],
    "op": [(("run",), "--env-file", 0)],
    "nix": [(("develop",), "-c --command", 0), (("shell",), "-c", 0)],
    "mise": [(("exec",), "", 0), (("x",), "", 0)],
    "coverage": [
        (("run",), "--source --rcfile --omit --include --context --data-file", 0)
    ],
    "accelerate": [
        (
            ("launch",),
            "--config_file --num_processes --mixed_precision --main_process_port",
            0,
        )
    ],
    "torchrun": [
        (
            (),
            "--nproc_per_node --nnodes --node_rank --master_addr --master_port --nproc-per-node",
            0,
        )
    ],
    "deepspeed": [((), "--num_gpus --include --master_port", 0)],
    "srun": [((), "-n -N -p -c --gres --partition --time", 0)],
    "mpirun": [((), "-np -n -H --host", 0)],
    "ddtrace-run": [((), "", 0)],
    "opentelemetry-instrument": [((), "--service_name --traces_exporter", 0)],
    "newrelic-admin": [(("run-program",), "", 0)],
    "tini": [((), "", 0)],
    "dumb-init": [((), "", 0)],
    "xargs": [((), "-n -P -I -L -d", 0)],
    "ray": [
        (
            ("job", "submit"),
            "--address --working-dir --runtime-env-json --runtime-env",
            0,
        )
    ],
    "spark-submit": [
        (
            (),
            "--master --conf --packages --jars --py-files --deploy-mode --name --num-executors",
            0,
        )
    ],
    "streamlit": [],
}
SCRIPTS_AFTER = ("coverage", "accelerate", "torchrun", "deepspeed", "spark-submit")
ENDS = re.compile(r"\.(exe|cmd|bat)$", re.I)


def base(word: str) -> str:
    """Give the name of a program without its folder."""
    return ENDS.sub("", posixpath.basename(word.replace("\\", "/")))


def unwrap(words: list[str]) -> list[str]:
    """Take every prefix off a command; the variables set before it are left out."""
    for _ in range(12):
        while words and ASSIGNMENT.match(words[0]):
            words = words[1:]
        shorter = strip(words)
        if shorter is None:
            return words
        words = shorter
    return words


def strip(words: list[str]) -> list[str] | None:
    """Take one prefix off, or give None where there is none."""
    name = base(words[0]) if words else ""
    for following, options, places in PREFIXES.get(name, []):
        rest = skip_options(words[1:], options.split(), following)
        if rest is not None and len(rest) > places:
            rest = skip_options(rest[places:], options.split(), ()) or []
            return interpret(name, rest) if rest else None
    return None


def interpret(name: str, words: list[str]) -> list[str]:
    """Put `python` before what the runner runs with it."""
    if name in SCRIPTS_AFTER and (words[0] == "-m" or words[0].endswith(".py")):
        return ["python", *words]
    return words


def skip_options(
    words: list[str], options: list[str], following: tuple[str, ...]
) -> list[str] | None:
    """Skip options with their values, and the words that must follow, in their order."""
    wanted = list(following)
    place = 0
    while place < len(words):
        word = words[place]
        if word == "--":
            place += 1
            break
        if word == "-m" and not wanted:
            break
        if word.startswith("-") and len(word) > 1:
            place += 2 if word in options and word not in ("-c", "--command") else 1
        elif wanted and word == wanted[0]:
            wanted.pop(0)
            place += 1
        elif ASSIGNMENT.match(word) and not wanted:
            place += 1
        else:
            break
    return None if wanted else words[place:]

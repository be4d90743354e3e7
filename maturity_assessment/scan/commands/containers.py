"""What runs in a container: docker run, docker build, compose, kubectl exec."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..config.yamls import Value
from .shell import Script, join

if TYPE_CHECKING:
    from ..repository import Repository

COMPOSE = (
    "docker-compose*.y*ml",
    "compose*.y*ml",
    "*.compose.y*ml",
    "**/docker/*.y*ml",
)
DOCKERFILES = ("Dockerfile*", "*.Dockerfile", "Containerfile*", "*.dockerfile")
# Options of `docker run` and `docker compose run` that take a value in the next word.
VALUED = frozenset(
    "-v --volume -e --env -p --publish --name --network --net -w --workdir --entrypoint -u --user"
    " --env-file --mount --gpus --shm-size -m --memory --cpus --ipc --label -l --platform --device"
    " -f --file --project-name --profile --project-directory --add-host --cap-add -c --context"
    " --restart --ulimit --runtime --hostname -h --index -n --namespace --target -t --tag"
    " --build-arg --cache-from --cache-to --output -o --secret --ssh --progress --push-tag".split()
)


def positional(
    words: list[str], limit: int = 1
) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Give the first words that are no options, the words after them, and the options."""
    options: dict[str, list[str]] = {}
    found: list[str] = []
    place = 0
    while place < len(words) and len(found) < limit:
        word = words[place]
        name, mark, value = word.partition("=")
        if word.startswith("-") and len(word) > 1:
            if not mark and name in VALUED and place + 1 < len(words):
                place += 1
                value = words[place]
            options.setdefault(name, []).append(value)
        else:
            found.append(word)
        place += 1
    return found, words[place:], options


def expand_docker(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give what a call of docker (or podman) runs."""
    if words[0] in ("docker-compose", "podman-compose"):
        return expand_compose(repository, words[1:], cwd)
    rest = words[1:]
    if rest[:1] in (["buildx"], ["container"], ["image"]):
        rest = rest[1:]
    if rest[:1] == ["compose"]:
        return expand_compose(repository, rest[1:], cwd)
    if rest[:1] in (["run"], ["exec"]):
        _, after, options = positional(rest[1:])
        entry = options.get("--entrypoint", [])
        text = shlex.join([*entry[:1], *after])
        return [Script(text, "", 0, cwd)] if text else []
    if rest[:1] == ["build"]:
        return expand_build(repository, rest[1:], cwd)
    return []


def expand_build(repository: "Repository", words: list[str], cwd: str) -> list[Script]:
    """Give what the build of an image runs."""
    contexts, _, options = positional(words)
    name = next(iter(options.get("-f", []) + options.get("--file", [])), "")
    folder = join(cwd, contexts[0]) if contexts else cwd
    path = (
        repository.has(join(cwd, name))
        if name
        else repository.has(join(folder, "Dockerfile"))
    )
    return list(image_scripts(repository, path, folder)) if path else []


def image_scripts(repository: "Repository", path: str, folder: str) -> Iterator[Script]:
    """Give the RUN instructions of a Dockerfile."""
    for one in repository.dockerfile(path):
        if one.name == "RUN":
            yield Script(one.shell, path, one.line, folder)


def services(
    repository: "Repository", cwd: str, files: list[str]
) -> dict[str, tuple[Value, str]]:
    """Give the services of the compose files that are named, or of those that there are."""
    paths = [repository.has(join(cwd, name)) for name in files]
    paths = [path for path in paths if path] or repository.find(*COMPOSE)
    found: dict[str, tuple[Value, str]] = {}
    for path in paths:
        for name, service in repository.yaml(path).get("services").items():
            found.setdefault(name, (service, path))
    return found


def expand_compose(
    repository: "Repository", words: list[str], cwd: str
) -> list[Script]:
    """Give what a call of docker compose runs."""
    verb, rest, options = positional(words)
    known = services(repository, cwd, options.get("-f", []) + options.get("--file", []))
    if verb in (["run"], ["exec"]):
        name, after, _ = positional(rest)
        if after:
            return [Script(shlex.join(after), "", 0, cwd)]
        return list(service_scripts(repository, known, name))
    if verb in (["up"], ["build"]):
        names = [word for word in rest if not word.startswith("-")]
        return list(
            service_scripts(repository, known, names or list(known), verb == ["build"])
        )
    return []


def service_scripts(
    repository: "Repository",
    known: dict[str, tuple[Value, str]],
    names: list[str],
    building: bool = False,
) -> Iterator[Script]:
    """Give the commands of services, and what the builds of their images run."""
    for name in names:
        service, path = known.get(name, (Value(), ""))
        folder = path.rpartition("/")[0]
        command = service.get("command")
        text = command.text or shlex.join(one.text for one in command.texts())
        if text and not building:
            yield Script(text, path, command.line, "")
        build = service.get("build")
        context = build.text or build.get("context").text
        if context:
            inner = join(folder, context)
            file = repository.has(
                join(inner, build.get("dockerfile").text or "Dockerfile")
            )
            yield from image_scripts(repository, file, inner) if file else ()
            if not text and file and not building:
                yield from start_scripts(repository, file, inner)


def start_scripts(repository: "Repository", path: str, folder: str) -> Iterator[Script]:
    """Give what a container of an image starts: the last CMD or ENTRYPOINT."""
    instructions = repository.dockerfile(path)
    final = instructions[-1].stage if instructions else ""
    last = {one.name: one for one in instructions if one.stage == final}
    parts = [last[name] for name in ("ENTRYPOINT", "CMD") if name in last]
    if parts:
        yield Script(
            " ".join(one.shell for one in parts), path, parts[-1].line, folder, False
        )

"""From a dotted name to the file of the repository that it names."""

from typing import TYPE_CHECKING

from .records import Definition, Module

if TYPE_CHECKING:
    from ..repository import Repository

MARKS = ("pyproject.toml", "setup.py", "setup.cfg", "pipfile", "requirements.txt")
HOPS = 6
PARTS = 60  # of a dotted name
# Folders and files are often named after the library that they use.
LIBRARIES = frozenset(
    "aim airflow azureml bentoml boto3 clearml comet_ml dagster docker dvc dvclive evidently"
    " fastapi feast flask great_expectations hydra kedro kfp kubernetes lime metaflow mlflow"
    " neptune optuna pandas pandera prefect prometheus_client pytest ray sagemaker seldon shap"
    " sklearn tensorflow torch transformers wandb xgboost zenml".split()
)


class Resolver:  # pylint: disable=too-many-instance-attributes
    """Finds modules and definitions by the names that imports give them."""

    def __init__(self, repository: "Repository", modules: dict[str, Module]) -> None:
        self.repository = repository
        self.modules = modules
        self.roots = self._find_roots()
        self._packages = {
            path.rpartition("/")[0] for path in modules if not path.endswith(".ipynb")
        }
        for folder in list(self._packages):
            while folder and (folder := folder.rpartition("/")[0]):
                self._packages.add(folder)
        # Most names are those of libraries, and no part of a path is called like them.
        self._parts = {part for path in modules for part in path.split("/")}
        self._parts |= {part.removesuffix(".py") for part in self._parts}
        self._bases: dict[str, tuple[list[str], list[str]]] = {}
        self._found: dict[tuple[str, str], tuple[str, str]] = {}
        self._defined: dict[tuple[str, str, int], Definition | None] = {}

    def _find_roots(self) -> list[str]:
        """Give the folders that code is imported from: the root, `src`, every project's own."""
        roots = {"", "src", "lib", "app"}
        for path in self.repository.files:
            folder, _, name = path.rpartition("/")
            if name.lower() in MARKS:
                roots |= {folder, f"{folder}/src".strip("/")}
        return sorted(roots, key=len)

    def _bases_of(self, folder: str) -> tuple[list[str], list[str]]:
        """Give the folders that an import in a folder looks in, and those it looks in last."""
        if folder not in self._bases:
            near = [folder]
            while near[-1]:
                near.append(near[-1].rpartition("/")[0])
            # Inside a package an absolute import does not start at the file's own folder,
            # unless the file is run as a script.
            last = [
                base
                for base in near
                if f"{base}/__init__.py".lstrip("/") in self.modules
            ]
            first = [base for base in near if base not in last]
            self._bases[folder] = [*first, *self.roots], last
        return self._bases[folder]

    def module_of(self, dotted: str, folder: str) -> str:
        """Give the path of a module or package as it is imported in a folder, or nothing."""
        path, inside = self.split(dotted, folder)
        return "" if inside else path

    def _module_of(self, inner: str, folder: str, library: bool) -> str:
        """Give the same of a name with slashes; one of a library is looked for less far."""
        first, last = self._bases_of(folder)
        for base in first if library else [*first, *last]:
            path = f"{base}/{inner}" if base else inner
            for candidate in (f"{path}.py", f"{path}/__init__.py"):
                if candidate in self.modules:
                    return candidate
            if path in self._packages and path:
                return f"{path}/"
        return ""

    def split(self, dotted: str, folder: str) -> tuple[str, str]:
        """Split a dotted name into the path of a module and what is asked for in it."""
        start = dotted.partition(".")[0]
        if not self._is_part(start):
            return "", dotted
        key = (dotted, folder)
        if key not in self._found:
            self._found[key] = self._split(dotted, folder, start in LIBRARIES)
        return self._found[key]

    def _is_part(self, name: str) -> bool:
        """Whether a part of some path is called so; commands name folders with slashes."""
        return name in self._parts or (
            "/" in name and self._parts.issuperset(name.split("/"))
        )

    def _split(self, dotted: str, folder: str, library: bool) -> tuple[str, str]:
        parts = dotted.split(".")
        # What no part of a path is called like is asked for in a module, and so is the rest.
        known = next(
            (n for n, part in enumerate(parts) if not self._is_part(part)), len(parts)
        )
        for count in range(min(known, PARTS), 0, -1):
            path = self._module_of("/".join(parts[:count]), folder, library)
            if path:
                return path, ".".join(parts[count:])
        return "", dotted

    def definition(
        self, dotted: str, folder: str, hops: int = HOPS
    ) -> Definition | None:
        """Give the function or class that a dotted name means, through re-exports."""
        path, inside = self.split(dotted, folder)
        module = self.modules.get(path)
        if module is None:
            return None
        if not inside:
            return self._namesake(dotted, folder, hops)
        # Modules that take everything from each other are gone through once for each name.
        key = (path, inside, hops)
        if key not in self._defined:
            self._defined[key] = self.within(module, inside, hops)
        return self._defined[key]

    def _namesake(self, dotted: str, folder: str, hops: int) -> Definition | None:
        """Give the definition that a package takes out of a module of the same name.

        After `from .train import train` in a package its name `train` is the function.
        """
        package, _, last = dotted.rpartition(".")
        parent = self.modules.get(self.module_of(package, folder))
        alias = parent.aliases.get(last, "") if parent is not None else ""
        if parent is None or not alias.endswith(f"{last}.{last}") or hops <= 0:
            return None
        return self.definition(alias, parent.path.rpartition("/")[0], hops - 1)

    def within(
        self, module: Module, inside: str, hops: int = HOPS
    ) -> Definition | None:
        """Give the definition that a name means in one module."""
        parts = inside.split(".")
        for count in range(len(parts), 0, -1):
            found = module.definitions.get(".".join(parts[:count]))
            if found is not None:
                return self._follow(found, parts[count:], module, hops)
        folder = module.path.rpartition("/")[0]
        alias = module.aliases.get(parts[0])
        if hops > 0 and alias is not None and alias != inside:
            return self.definition(".".join([alias, *parts[1:]]), folder, hops - 1)
        for name, base in module.aliases.items() if hops > 0 else []:
            if name.startswith("*"):
                found = self.definition(f"{base}.{inside}", folder, hops - 2)
                if found is not None:
                    return found
        return None

    def _follow(
        self, found: Definition, rest: list[str], module: Module, hops: int
    ) -> Definition | None:
        """Follow what is left of a name: a method of a base, or of what a function returns."""
        if not rest or hops <= 0:
            return found
        folder = module.path.rpartition("/")[0]
        wanted = [*found.bases] if found.kind == "class" else [found.returns]
        for base in filter(None, wanted):
            inner = self.definition(f"{base}.{'.'.join(rest)}", folder, hops - 1)
            if inner is not None:
                return inner
        return found

    def canonical(self, dotted: str, folder: str, hops: int = HOPS) -> str:
        """Give the name outside the repository that a name inside it comes to, else the same.

        After `def client() -> MlflowClient` the name `client.log_metric` comes to
        `mlflow.MlflowClient.log_metric`.
        """
        path, inside = self.split(dotted, folder)
        module = self.modules.get(path)
        if module is None or not inside or hops <= 0:
            return dotted
        parts = inside.split(".")
        for count in range(len(parts), 0, -1):
            found = module.definitions.get(".".join(parts[:count]))
            if found is not None:
                return self._outside(found, parts[count:], module, hops) or dotted
        alias = module.aliases.get(parts[0])
        if alias is None or alias == dotted:
            return dotted
        inner = ".".join([alias, *parts[1:]])
        return self.canonical(inner, module.path.rpartition("/")[0], hops - 1)

    def _outside(
        self, found: Definition, rest: list[str], module: Module, hops: int
    ) -> str:
        if not rest:
            return ""
        folder = module.path.rpartition("/")[0]
        for base in filter(None, [found.returns, *found.bases]):
            inner = self.canonical(f"{base}.{'.'.join(rest)}", folder, hops - 1)
            if not self.split(inner, folder)[0]:
                return inner
        return ""

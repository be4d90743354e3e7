"""The import-alias table of a module."""

import ast

from .records import Module, Relative


def package_of(module: Module) -> list[str]:
    """Give the parts of the package that relative imports start from."""
    parts = module.name.split(".")
    return parts if module.path.endswith("__init__.py") else parts[:-1]


def base_of(node: ast.ImportFrom, module: Module) -> str:
    """Give the dotted name of the module that an import takes from."""
    if not node.level:
        return node.module or ""
    package = package_of(module)
    kept = package[: len(package) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def read_import(node: ast.Import, module: Module) -> None:
    """Remember `import a.b as c`; without a name of its own it binds the first part."""
    for one in node.names:
        module.imports.setdefault(one.name, node.lineno)
        if one.asname:
            module.aliases[one.asname] = one.name
        else:
            first = one.name.split(".")[0]
            module.aliases.setdefault(first, first)


def read_import_from(node: ast.ImportFrom, module: Module) -> None:
    """Remember `from a import b as c`."""
    base = base_of(node, module)
    module.imports.setdefault(base, node.lineno)
    if node.level:
        names = tuple(one.name for one in node.names)
        module.relative.append(Relative(node.level, node.module or "", names))
    for one in node.names:
        dotted = f"{base}.{one.name}" if base else one.name
        if one.name == "*":
            module.aliases[f"*{base}"] = base
            continue
        module.imports.setdefault(dotted, node.lineno)
        module.aliases[one.asname or one.name] = dotted

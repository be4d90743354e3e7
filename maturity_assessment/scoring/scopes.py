"""What the scope of a repository means for the level that is reported of it."""

READY = ("library", "template")
SEVERAL = ("course", "monorepo")


def is_ready_for(scope: str) -> bool:
    """Tell whether a level is one that others reach with it, as with a library."""
    return scope in READY


def holds_several(scope: str) -> bool:
    """Tell whether the repository holds several projects, to be assessed one by one."""
    return scope in SEVERAL

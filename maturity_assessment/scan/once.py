"""Answers about a repository that are worked out once, and go away with it."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from .repository import Repository

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def once(
    work_out: "Callable[Concatenate[Repository, Asked], Answer]",
) -> "Callable[Concatenate[Repository, Asked], Answer]":
    """Keep what a function answers of a repository, for each of its other arguments.

    A cache of the function's own would hold on to all that was read, long after the scan.
    """

    @wraps(work_out)
    def answer(
        repository: "Repository", /, *args: Asked.args, **keywords: Asked.kwargs
    ) -> Answer:
        key = (work_out, *args, *keywords.items())
        if key not in repository.answers:
            repository.answers[key] = work_out(repository, *args, **keywords)
        found: Answer = repository.answers[key]
        return found

    return answer

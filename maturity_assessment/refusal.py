"""The one way in which a command says that it cannot do what was asked."""


class Refusal(Exception):
    """One sentence that says what is wrong and what to do; nothing was written."""

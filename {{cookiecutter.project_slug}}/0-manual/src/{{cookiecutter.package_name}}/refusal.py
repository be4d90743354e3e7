"""What is said to a user who asked for something that cannot work."""


class Refusal(Exception):
    """One sentence that says what is wrong and what to do; shown without a traceback."""

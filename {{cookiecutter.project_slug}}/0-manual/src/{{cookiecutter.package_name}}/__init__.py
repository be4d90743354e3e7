"""A model of a table with time in it, from raw data to predictions."""

__version__ = "0.1.0"

"""The files of a repository: which there are, of what kind, and their text."""

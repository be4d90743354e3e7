"""How much the scan reads at most: it must end soon, and in little memory, on any content."""

TEXT_BYTES = 1_500_000  # a source file of a person is far below
TEXTS_BYTES = 12_000_000  # of texts kept in memory at a time
NOTEBOOK_BYTES = 12_000_000  # pictures in the outputs make them big
YAML_BYTES = 600_000
SHELL_BYTES = 150_000
HCL_BYTES = 120_000  # its parser takes about a second for 250 kB
HCL_TOTAL_BYTES = 700_000
FILES = 60_000
INDEX_BYTES = 60_000_000  # of git's index: about a hundred for a file
IGNORE_BYTES = 100_000  # of one .gitignore
IGNORE_PATTERNS = 500  # of one .gitignore: each is tried on every file
DEPTH = 40  # of folders, and of nested values
YAML_DEPTH = 200  # of one value; far deeper the parser in C ends the process
YAML_NODES = 200_000  # of one file, with what its aliases stand for
TREE_CACHE_BYTES = 400_000  # of Python source whose syntax trees are kept
HOPS = 14  # from a workflow's step to the command that it ends in
LEAVES = 3_000  # of one script
COMMANDS = 50_000  # of all scripts, counted each time that one is reached
STEPS = 20_000  # of all workflows
VARIABLES = 200  # that one mapping of a workflow sets
TASKS = 500  # of one table, and libraries of one list
WORDS = 1_000  # characters of a condition, a requirement and the like
VARIANTS = 12  # of one step, by its matrix

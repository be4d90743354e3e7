"""How much the scan reads at most: it must end soon, and in little memory, on any content."""

TEXT_BYTES = 1_500_000  # a source file of a person is far below
TEXTS_BYTES = 12_000_000  # of texts kept in memory at a time
NOTEBOOK_BYTES = 12_000_000  # pictures in the outputs make them big
YAML_BYTES = 600_000
SHELL_BYTES = 150_000
HCL_BYTES = 120_000  # its parser takes about a second for 250 kB
HCL_TOTAL_BYTES = 700_000
FILES = 60_000
DEPTH = 40  # of folders, and of nested values
YAML_NODES = 200_000  # of one file; an alias is not expanded, but a reader may walk it
YAML_DEPTH = 200  # of one value; far deeper the parser in C ends the process
TREE_CACHE_BYTES = 1_500_000  # of Python source whose syntax trees are kept
HOPS = 14  # from a workflow's step to the command that it ends in
LEAVES = 3_000  # of one workflow
VARIANTS = 12  # of one step, by its matrix

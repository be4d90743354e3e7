"""`python -m maturity_assessment.cli`, where the command is not installed."""

from . import main

main(prog_name="mlops-maturity")

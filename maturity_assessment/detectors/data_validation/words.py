"""The calls, commands and names by which data is checked."""

import re

# What raises by itself where the data is not as described.
RAISING = (
    "pandera.*.validate",
    "pandera.*.check_*",
    "pandera.check_*",
    "pandera.*DataFrameModel.validate",
    "*.DataFrameSchema.validate",
    "*.SchemaModel.validate",
    "frictionless.validate",
    "jsonschema.validate",
    "pydantic.TypeAdapter.validate_python",
    "typedframe.*",
    "dataframely.*",
    "patito.*.validate",
)
# What gives a result that somebody must look at.
TELLING = (
    "great_expectations.*",
    "*.run_checkpoint",
    "*.expect_column_*",
    "*.expect_table_*",
    "*.run_validation_operator",
    "tensorflow_data_validation.validate_*",
    "*.ExampleValidator",
    "pydeequ.*VerificationSuite*",
    "*.VerificationSuite.*",
    "deepchecks.*",
    "soda.*Scan*",
    "evidently.*TestSuite",
    "evidently.*DataQuality*",
    "evidently.*DataStabilityTestPreset",
    "whylogs.*Constraints*",
    "pointblank.Validate*",
    "sagemaker.*QualityCheckStep",
    "*.DataQualityCheckConfig",
    "cerberus.Validator*",
    "*.GreatExpectationsOperator",
    "*.validate_dataset",
)
COMMANDS = (
    "great_expectations checkpoint run",
    "gx checkpoint run",
    "dbt test",
    "dbt build",
    "soda scan",
    "frictionless validate",
    "pandera",
)
VERB = r"(?<![a-z])(validat|check|verif|assert|ensure|expect|inspect|enforce)[a-z]*"
THING = (
    r"(data|schema|column|frame|table|dataset|dataframe|df|rows?|records?|quality"
    r"|integrity|missing|null|nan"
    r"|dtype|range|duplicat|feature|input_data|csv|leak)\w*"
)
NAMED = re.compile(
    rf"({VERB}_(\w+_)?{THING}|{THING}_(\w+_)?{VERB}|^validation_check|^validate$|DataValidat)",
    re.I,
)
MODULE = re.compile(
    r"(data_?validat|data_?quality|data_?check|validate_?data|expectation|schema_?valid"
    r"|(^|/)validat(e|ion|or)s?(/__init__)?\.py$)",
    re.I,
)
# Checks of other things than the values of a table.
OTHER = re.compile(
    r"(exist|path|file|dir(?![a-z])|url|download|config|arg|param|version|drift|model|table_name"
    r"|flag|toggle)",
    re.I,
)
# The columns of a table, held against several that are wanted.
COLUMNS = re.compile(
    r"set\([\w.]+\.columns\)|(issubset|issuperset|difference|symmetric_difference)\([^()]*\.columns"
    r"|\.columns\.(difference|symmetric_difference|isin)\("
    r"|\bfor (\w+) in [^\[\]]+ if \3 not in [\w.]+\.columns"
)
# What checks rows that somebody asks about, and none that a model learns from.
ASKED = re.compile(r"predict|infer|scor(e|ing)|serv", re.I)
# Names that too many functions have for a call to say which is meant.
GENERAL = ("", "run", "main", "call", "execute", "process", "__call__")
TABLES = re.compile(
    r"^(pandas|polars|pyspark|numpy|dask|pyarrow|datasets|tensorflow_data_validation)"
)
ELSEWHERE = re.compile(
    r"(^|/)(api|app|serv\w*|web|routes?|endpoints?|schemas?|auth|config|cli|deploy\w*)(/"
    r"|\.py$)",
    re.I,
)

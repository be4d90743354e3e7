"""Small scripts, workflows and pipelines that several tests put into their trees."""

MAIN = "\nif __name__ == '__main__':\n    main()\n"
FIT = (
    "import pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier\ndef"
    " main():\n    d = pd.read_csv('d.csv')\n    m ="
    " RandomForestClassifier(random_state=1).fit(d[['a']], d['y'])\n    return m\n"
)
TRAIN = FIT + MAIN
CI = ".github/workflows/ci.yml"


def script(body: str, head: str = "") -> str:
    """A script whose main function has this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{head}\ndef main():\n{lines}{MAIN}"


def workflow(step: str, on: str = "push") -> str:
    """A workflow of one step."""
    return f"on: {on}\njobs:\n  j:\n    runs-on: x\n    steps:\n      - {step}\n"


DAILY = "{schedule: [{cron: '0 1 * * *'}]}"
EVALUATE = """
from sklearn.metrics import accuracy_score
import mlflow
def main():
    accuracy = accuracy_score([1], [1])
    {}
if __name__ == "__main__":
    main()
"""
KFP = """
from kfp import dsl
@dsl.component
def load_data() -> str:
    return "a"
@dsl.component
def train_model(data: str):
    print(data)
@dsl.pipeline(name="p")
def pipeline():
    data = load_data()
    train_model(data=data.output)
"""
AIRFLOW = """
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("retrain", schedule_interval="@daily") as dag:
    a = BashOperator(task_id="ingest_data", bash_command="python data.py")
    b = BashOperator(task_id="train_model", bash_command="python train.py")
    a >> b
"""
PREFECT = """
from prefect import flow, task
@task
def read_data():
    return 1
@task
def train_model(data):
    return data
@flow
def training():
    train_model(read_data())
if __name__ == "__main__":
    training.serve(name="nightly", cron="0 1 * * *")
"""
DVC = (
    "stages:\n  prepare:\n    cmd: python prepare.py\n    outs: [data/p.csv]\n "
    " train:\n    cmd: python train.py\n    deps: [data/p.csv]\n    outs: [model.pkl]\n"
)

"""The image that `make image` built answers; `make smoke` runs this."""

import os
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

ENGINE, TAG = os.environ.get("ENGINE", ""), os.environ.get("IMAGE_TAG", "")
PORT = os.environ.get("PORT") or "8765"

pytestmark = pytest.mark.skipif(not TAG, reason="needs an image; make image smoke")


@pytest.fixture(name="service")
def fixture_service() -> Iterator[httpx.Client]:
    """The image, running; its log is shown when it does not start."""
    publish = ["--publish", f"127.0.0.1:{PORT}:{PORT}", "--env", f"PORT={PORT}"]
    command = [ENGINE, "run", "--detach", *publish, TAG]
    name = subprocess.check_output(command, text=True).strip()
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{PORT}", trust_env=False
        ) as client:
            wait(client, name)
            yield client
    finally:
        subprocess.run([ENGINE, "rm", "--force", name], check=True)


def wait(client: httpx.Client, name: str) -> None:
    """Wait until the service is ready."""
    for _ in range(120):
        try:
            if client.get("/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    log = subprocess.run([ENGINE, "logs", name], capture_output=True, check=False)
    raise AssertionError(f"the image does not answer: {log}")


def test_the_image_answers_the_example_of_its_documentation(
    service: httpx.Client,
) -> None:
    described = service.get("/openapi.json").json()
    body = described["paths"]["/predict"]["post"]["requestBody"]
    example = body["content"]["application/json"]["examples"]["one row"]["value"]
    answer = service.post("/predict", json=example)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["predictions"]) == 1

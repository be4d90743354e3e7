"""Release to Kubernetes: apply an overlay, wait for its pods, test them, or take them back."""

import os

from ..progress import say, step
from ..refusal import Refusal
from . import history, kubectl, load, smoke
from .deployment import Deployment, read_deployment


def find_overlay() -> str:
    """Give OVERLAY, which must be a folder of kubernetes/overlays; staging is the default."""
    known = sorted(path.name for path in kubectl.OVERLAYS.glob("*/"))
    overlay = os.environ.get("OVERLAY") or "staging"
    if overlay not in known:
        raise Refusal(f"OVERLAY is {overlay!r}; choose one of {', '.join(known)}.")
    return overlay


def deploy() -> None:
    """Apply the overlay with the image, test it, and take it back when a test fails."""
    overlay, settings = find_overlay(), read_deployment()
    with kubectl.log_in():
        place = kubectl.find_place(overlay)
        image = os.environ.get("CLUSTER_TAG") or place.image
        folder = kubectl.lay(overlay, place, image)
        before, revision = place.read_image() or None, place.read_revision()
        try:
            with step(f"deploy: applying {overlay}"):
                kubectl.run("apply", "--kustomize", str(folder))
                place.wait(settings.cluster.rollout_seconds)
            with step(f"deploy: testing {overlay}"):
                said = try_out(place, settings, overlay in settings.cluster.load)
        except Refusal as error:
            history.record(_name(overlay), before, image, history.FAILED, str(error))
            back = take_back(place, revision, settings)
            raise Refusal(f"{image} is not in {overlay}: {error}; {back}.") from error
        history.record(_name(overlay), before, image, history.LIVE)
    say(f"  {said}")
    say(f"  {image} answers in {place.namespace}")


def _name(overlay: str) -> str:
    return f"kubernetes {overlay}"


def try_out(place: kubectl.Place, settings: Deployment, loaded: bool) -> str:
    """Smoke test the service, and load test it where it is asked for; says what it found."""
    with place.forward() as url, smoke.connect(url) as client:
        smoke.wait(client, settings.service.start_seconds)
        row = smoke.check(client, None)
        if not loaded:
            return "the smoke test found nothing"
        return load.check(url, row, settings.load).describe()


def take_back(place: kubectl.Place, revision: str, settings: Deployment) -> str:
    """Let the pods of the revision before answer again, and say so."""
    if not revision:
        return "there was none before it to go back to"
    place.undo(f"--to-revision={revision}")
    place.wait(settings.cluster.rollout_seconds)
    return f"revision {revision} answers again"


def roll_back() -> str:
    """Let the revision before the last one answer again, and give its image."""
    overlay, settings = find_overlay(), read_deployment()
    with kubectl.log_in():
        place = kubectl.find_place(overlay)
        before = place.read_image() or None
        place.undo()
        place.wait(settings.cluster.rollout_seconds)
        now = place.read_image()
        history.record(_name(overlay), before, now, history.BACK)
    return now

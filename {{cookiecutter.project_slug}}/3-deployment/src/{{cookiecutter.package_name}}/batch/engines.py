"""Say what an engine lacks on this machine, before it is started."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from ..refusal import Refusal

OLDEST_JAVA = 17


def check_spark() -> None:
    """Refuse where Spark or its Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        raise Refusal("Spark is not installed; run `make engines`.")
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    found = java and _find_version(java)
    if not found or found < OLDEST_JAVA:
        what = f"has Java {found}" if found else "has none"
        raise Refusal(
            f"Spark needs Java {OLDEST_JAVA} or newer and this machine {what}; install it "
            "(apt install openjdk-17-jre-headless, say) and, if it is not on the PATH, set "
            "JAVA_HOME."
        )


def _find_version(java: str) -> int | None:
    """Ask Java which it is; 1.8 is 8."""
    try:
        done = subprocess.run([java, "-version"], capture_output=True, check=False)
    except OSError:
        return None
    found = re.search(rb'version "(?:1\.)?(\d+)', done.stderr)
    return int(found[1]) if found else None

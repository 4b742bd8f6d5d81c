"""The week opens at eight for everybody at once, and a web worker and then the database are killed.

The measurement that does this with a whole city (`python -m infra.bench.rush`) does it here with a
small one, so that every run proves it: what a phone was told is there, once, and nothing else is;
no place is sold twice; the city is back by itself. How fast is for the measurement to say.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

PROJECT = Path(__file__).parents[2]
ELDERS = 700
KILLED_AT = ("0.2", "0.5")
PATIENCE_S = 400


@pytest.fixture
def machine():
    """A machine of its own: nothing of ours is set up there."""
    shelf = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    foreign = ("YINLING_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    with tempfile.TemporaryDirectory(prefix="yinling-rush-", dir=shelf) as var:
        Path(var).chmod(0o711)
        yield var, kept | {"LC_ALL": "C.UTF-8", "YINLING_LOG_LEVEL": "warning"}


def test_nothing_is_lost_doubled_or_oversold_and_the_city_is_back_by_itself(machine):
    var, environment = machine
    size = ["--elders", str(ELDERS), "--canteens", "10", "--var", var, "--back-within", "60"]

    done = subprocess.run(
        [sys.executable, "-m", "infra.bench.rush", *size, "--kill-at", *KILLED_AT],
        env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ELDERS:,} asked" in done.stdout
    assert "0 acknowledged and lost, 0 booked and never acknowledged, 0 never" in done.stdout
    assert len(re.findall(r": back after [0-9.]+ s", done.stdout)) == len(KILLED_AT)

"""The week opens at eight for everybody at once, and a web worker and then the database are killed.

The measurement that does this with a whole city (`python -m infra.bench.rush`) does it here with a
small one, so that every run proves it: what a phone was told is there, once, and nothing else is;
no place is sold twice; the city is back by itself within ten seconds.
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
ELDERS = 1_500
KILLED_AFTER_S = ("1", "4")
SERVED_WITHIN_S = 120


@pytest.fixture
def machine():
    """A machine of its own: nothing of ours is set up there."""
    shelf = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    foreign = ("YINLING_", "DATABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    with tempfile.TemporaryDirectory(prefix="yinling-rush-", dir=shelf) as var:
        Path(var).chmod(0o711)
        yield var, kept | {"LC_ALL": "C.UTF-8"}


def test_nothing_is_lost_doubled_or_oversold_and_the_city_is_back_by_itself(machine):
    var, environment = machine
    size = ["--elders", str(ELDERS), "--canteens", "10", "--var", var]

    done = subprocess.run(
        [sys.executable, "-m", "infra.bench.rush", *size, "--kill-after", *KILLED_AFTER_S],
        env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=SERVED_WITHIN_S,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ELDERS:,} asked" in done.stdout
    assert "0 acknowledged and lost, 0 booked and never acknowledged, 0 never" in done.stdout
    assert len(re.findall(r": back after [0-9]\.[0-9] s", done.stdout)) == len(KILLED_AFTER_S)

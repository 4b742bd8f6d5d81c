"""The processes that `serve` starts: each in a group of its own, all of them stopped by us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from infra.parenthood import end_with_parent
from infra.serving.guard import Guard

STOPPED_WITHIN_S = 3.0


@dataclass(frozen=True)
class Child:
    """A process that was started, by the name that people know it under."""

    name: str
    process: "subprocess.Popen[bytes]"


class Children:
    """Started one by one, stopped together when the block ends."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._all: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a process out of reach of the terminal's Ctrl-C: we stop it, in our own order."""
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent if sys.platform.startswith("linux") else None,
        )
        self._all.append(Child(name, process))
        self._guard.watch(process.pid)

    def find_ended(self) -> Child | None:
        """Return a child that ended by itself, if one did."""
        return next((child for child in self._all if child.process.poll() is not None), None)

    def stop(self) -> None:
        """Ask all of them to end, and kill what has not ended in time, with what they started."""
        for child in self._all:
            child.process.terminate()
        until = time.monotonic() + STOPPED_WITHIN_S
        for child in self._all:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, until - time.monotonic()))
        for child in self._all:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._all.clear()

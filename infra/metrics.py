"""Figures for whoever watches the platform, without anything about a person.

Several worker processes add up in the folder that `PROMETHEUS_MULTIPROC_DIR` names; without it
(tests, one process) each counts for itself.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)

REQUESTS = Counter("yinling_requests", "Requests answered, by face and status.", ["face", "status"])
DURATIONS = Histogram(
    "yinling_request_seconds", "Time until the answer was ready.", ["face"], buckets=BOUNDS_S
)

SEALED_BEHIND = Gauge(
    "yinling_trail_sealed_behind_seconds",
    "For how long the oldest line of the trail that is not sealed has waited.",
    multiprocess_mode="mostrecent",
)

MESSAGES_WAITING = Gauge(
    "yinling_messages_waiting",
    "Messages that are due and not sent, by channel.",
    ["channel"],
    multiprocess_mode="mostrecent",
)
MESSAGES_OLDEST = Gauge(
    "yinling_messages_oldest_seconds",
    "For how long the oldest message of a channel has been due.",
    ["channel"],
    multiprocess_mode="mostrecent",
)
MESSAGES_ENDED = Gauge(
    "yinling_messages_ended_last_hour",
    "Ways of messages that ended in the last hour, by channel and result.",
    ["channel", "result"],
    multiprocess_mode="mostrecent",
)
CHANNEL_RESTS = Gauge(
    "yinling_channel_rests",
    "1 while a channel is spared because its provider is in trouble.",
    ["channel"],
    multiprocess_mode="mostrecent",
)
MESSAGES_TO_CALL = Gauge(
    "yinling_messages_to_call",
    "People on call lists: no message reached them.",
    multiprocess_mode="mostrecent",
)


def note_messages(figures: Mapping[str, Any]) -> None:
    """Say how messages go; asked for whenever the figures are."""
    for channel, (waiting, oldest_s, rests) in figures["channels"].items():
        MESSAGES_WAITING.labels(channel).set(waiting)
        MESSAGES_OLDEST.labels(channel).set(oldest_s)
        CHANNEL_RESTS.labels(channel).set(rests)
    for (channel, result), number in figures["ended"].items():
        MESSAGES_ENDED.labels(channel, result).set(number)
    MESSAGES_TO_CALL.set(figures["to_call"])


JOB_AGES = Gauge(
    "yinling_job_last_success_age_seconds",
    "For how long a job has not ended well.",
    ["job"],
)
JOB_STANDINGS = Gauge(
    "yinling_job_standing",
    "1 where a job is late, failed at last, or running.",
    ["job", "standing"],
)
STANDINGS = ("late", "failed", "running")


def note_job(job: str, age_s: float | None, standing: str) -> None:
    """Say how a job of the timetable stands; asked for whenever the figures are."""
    if age_s is not None:
        JOB_AGES.labels(job).set(age_s)
    for one in STANDINGS:
        JOB_STANDINGS.labels(job, one).set(one == standing)


def note_sealed_behind(seconds: float) -> None:
    """Say how far the seal is behind the trail; asked for whenever the figures are."""
    SEALED_BEHIND.set(seconds)


def count_request(face: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _counter(face, status).inc()
    _histogram(face).observe(seconds)


def exposition() -> tuple[bytes, str]:
    """Return the figures of all workers in Prometheus' text form, and its media type."""
    registry = REGISTRY
    if os.environ.get(FOLDER_VARIABLE):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


@cache
def _counter(face: str, status: int) -> Counter:
    return REQUESTS.labels(face, str(status))


@cache
def _histogram(face: str) -> Histogram:
    return DURATIONS.labels(face)

"""Seals the trail behind what is written, and says every morning where it stands."""

import logging
from pathlib import Path

from scheduler.runs import Run
from server.audit.anchors import file_of, last_anchor, line_of
from server.audit.sealing import anchor, carries, seal
from server.db.cities import current_city
from server.db.streams import open_stream
from server.settings import settings

log = logging.getLogger(__name__)


class SealerUnknown(RuntimeError):
    """This process was not given DATABASE_SEALER_URL, and nobody else may add to the chain."""


def seal_trail(run: Run) -> int:
    """Seal what may be sealed by now and anchor the head; returns how many lines.

    A chain that no longer carries its last anchor is sealed on all the same, so that what comes
    is guarded too: the anchors keep telling what was bent.
    """
    url, path, city = settings().database_sealer_url, _path(), current_city()
    if url is None:
        raise SealerUnknown
    with open_stream(url.get_secret_value(), city, name="seal") as stream:
        last = last_anchor(path)
        if last is not None and not carries(stream, last):
            log.error("the trail does not carry its last anchor", extra={"anchor": line_of(last)})
        sealed = seal(stream, city, may_go_on=lambda: not run.ending.is_set())
        anchor(stream, city, path)
    return sealed


def report_anchor(_run: Run) -> int:
    """Write the last anchor into the log, which is kept elsewhere; returns its position."""
    last = last_anchor(_path())
    if last is None:
        log.warning("the trail has no anchor yet")
        return 0
    log.info("the trail is anchored", extra={"anchor": line_of(last)})
    return last.position


def _path() -> Path:
    return file_of(settings().anchors_folder, current_city())

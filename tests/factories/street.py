"""A provider with two homes a kilometre apart, a worker, and visits of two days ago."""

from datetime import time, timedelta
from itertools import count

from server import clock
from server.db.sessions import actor_of
from server.files.models import File, FileKind, FilePurpose
from tests.factories.homecare import (
    HERE,
    make_home_bed,
    make_proof,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident

# A degree of longitude is 90,500 m here.
METRE = 1 / 90_500


class Street:
    """Who lives here, and what was proved; a visit that is made twice is of another hour."""

    def __init__(self, session):
        self.session = session
        self.site = make_provider(session)
        self.day = clock.today() - timedelta(days=2)
        self.bed = self.home(0)
        self.other = self.home(1000)
        self.worker = make_worker(session, self.bed)
        self._files = count(1)

    def home(self, metres):
        resident = make_resident(self.session)
        place = {"x": HERE[0] + metres * METRE, "y": HERE[1]}
        return make_home_bed(self.session, resident, self.site, since=self.day, **place)

    def planned(self, bed=None, *, at=time(9), **given):
        visit = {"on": self.day, "at": at} | given
        worker = visit.pop("worker", self.worker)
        return make_visit(self.session, bed or self.bed, worker, **visit)

    def proved(self, bed=None, *, minutes=60, proof=None, **given):
        """Return a visit that was proved at the very door of the bed."""
        bed = bed or self.bed
        visit = self.planned(bed, **given)
        door = {"arrived_x": bed.x, "arrived_y": bed.y, "left_x": bed.x, "left_y": bed.y}
        make_proof(self.session, visit, minutes=minutes, **door | (proof or {}))
        return visit

    def photo(self, hash, *, content=None):
        content = content or f"photo {next(self._files)}".encode()
        file = File(
            kind=FileKind.PHOTO,
            purpose=FilePurpose.SITE_PAPER,
            site_id=self.site.id,
            media_type="image/jpeg",
            byte_count=1000,
            sha256=content.ljust(32)[:32],
            perceptual_hash=hash,
            uploaded_at=clock.now(),
            uploaded_by_act_id=actor_of(self.session).act_id,
        )
        self.session.add(file)
        self.session.flush()
        return file.id

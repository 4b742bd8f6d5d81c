"""Renovations on their way, moved by the offices that move them."""

import io
import random

from PIL import Image

from server.facilities.referrals.models import RequestedBy
from server.homecare.renovations import applying, building, photos, quoting, surveying
from server.homecare.renovations.models import PhotoPhase, Room
from server.homecare.renovations.queries import find_quote, list_needs
from tests.factories.homecare import HERE

NEEDED = ((Room.TOILET, "grab_bar", 2), (Room.BEDROOM, "bed_rail", 1))
PRICE_FEN = 45_000
marks = iter(range(10_000, 10_000_000))


def of_a_room(number=None):
    """A picture like no other."""
    return noise(next(marks) if number is None else number)


def noise(number):
    """Grey squares by chance: two numbers differ in some thirty of 64 bits."""
    chance = random.Random(number)
    image = Image.new("L", (9, 8))
    image.putdata([chance.randrange(256) for _ in range(72)])
    kept = io.BytesIO()
    image.resize((360, 320), Image.Resampling.NEAREST).save(kept, "PNG")
    return kept.getvalue()


class Renewal:
    """One home, brought as far as asked: `Renewal(session, offices, resident).to("building")`."""

    STEPS = (
        "applied", "survey", "seen", "quoting", "consent", "building", "built", "acceptance",
        "accepted", "settled",
    )  # fmt: skip

    def __init__(self, session, offices, resident, *, address="建设路12号3号楼2单元501室"):
        self.session, self.offices, self.resident = session, offices, resident
        self.address = address
        session.commit()
        self.id = None

    def to(self, state):
        """Take every step up to the state, and return the renovation's number."""
        for reached in self.STEPS[: self.STEPS.index(state) + 1]:
            getattr(self, f"_{reached}")()
        self.session.expire_all()
        return self.id

    def photo(self, office, phase, room, content=None, **given):
        place = {"x": HERE[0], "y": HERE[1], "accuracy_m": 20} | given
        content = of_a_room() if content is None else content
        return office.does(photos.add_photo, self.id, content, phase=phase, room=room, **place)

    def prices(self, price_fen=PRICE_FEN):
        needs = self.offices.provider.does(list_needs, self.id)
        return {need.id: price_fen for need in needs}

    @property
    def quote_id(self):
        return self.offices.provider.does(find_quote, self.id).id

    def apply(self, **given):
        wish = {"resident_id": self.resident.id, "requested_by": RequestedBy.STAFF}
        return self.offices.community.does(
            applying.apply, **wish | {"address": self.address} | given
        )

    def _applied(self):
        self.id = self.apply().id

    def _survey(self):
        self.offices.community.does(applying.take_up, self.id)

    def _seen(self):
        for room, item, quantity in NEEDED:
            values = {"room": room, "item_code": item, "quantity": quantity}
            self.offices.community.does(surveying.note_need, self.id, **values)
            self.photo(self.offices.community, PhotoPhase.BEFORE, room)

    def _quoting(self):
        site = self.offices.site.id
        self.offices.community.does(surveying.finish_survey, self.id, site_id=site)

    def _consent(self):
        self.offices.provider.does(quoting.quote, self.id, self.prices())

    def _building(self):
        self.offices.community.does(quoting.agree, self.id, quote_id=self.quote_id)

    def _built(self):
        for room, _item, _quantity in NEEDED:
            self.photo(self.offices.provider, PhotoPhase.AFTER, room)

    def _acceptance(self):
        self.offices.provider.does(building.finish, self.id, invoice_ref=f"改造发票{self.id:08d}")

    def _accepted(self):
        self.offices.community.does(building.accept, self.id)
        self.offices.county.does(building.accept, self.id)

    def _settled(self):
        self.offices.county.does(building.settle, self.id)

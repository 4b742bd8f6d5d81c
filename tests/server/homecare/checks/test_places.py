"""Where visits were proved: each check with a case planted, and its neighbour that is harmless."""

from datetime import datetime, time, timedelta

from server import clock
from server.findings.models import FindingKind
from tests.factories.street import METRE


def away(bed, metres, **given):
    """The proof of somebody who arrives and leaves so far from the door."""
    x = bed.x + metres * METRE
    return {"arrived_x": x, "left_x": x, "arrived_accuracy_m": 10, "left_accuracy_m": 10} | given


class TestOutsideTheFence:
    def test_too_far_from_home_is_found(self, street, found):
        visit = street.proved(proof=away(street.bed, 330))

        assert found(FindingKind.HOME_VISIT_OUTSIDE_FENCE) == [f"visit:{visit.id}"]

    def test_within_the_fence_is_not(self, street, found):
        street.proved(proof=away(street.bed, 295))

        assert found(FindingKind.HOME_VISIT_OUTSIDE_FENCE) == []

    def test_leaving_from_elsewhere_is_found_too(self, street, found):
        visit = street.proved(proof={"left_x": street.bed.x + 500 * METRE})

        assert found(FindingKind.HOME_VISIT_OUTSIDE_FENCE) == [f"visit:{visit.id}"]

    def test_a_place_that_one_end_does_not_tell_is_not_far_away(self, street, found):
        street.proved(proof={"arrived_x": None, "arrived_y": None})

        assert found(FindingKind.HOME_VISIT_OUTSIDE_FENCE) == []

    def test_a_blurred_position_speaks_for_the_worker(self, street, found):
        blurred = {"arrived_accuracy_m": 60, "left_accuracy_m": 60}
        street.proved(proof=away(street.bed, 350, **blurred))

        assert found(FindingKind.HOME_VISIT_OUTSIDE_FENCE) == []

    def test_but_not_without_limit(self, street, found):
        blurred = {"arrived_accuracy_m": 5000, "left_accuracy_m": 5000}
        street.proved(proof=away(street.bed, 420, **blurred))

        assert len(found(FindingKind.HOME_VISIT_OUTSIDE_FENCE)) == 1


class TestWithoutAPosition:
    NOWHERE = {"arrived_x": None, "arrived_y": None, "left_x": None, "left_y": None}

    def test_a_device_that_tells_no_place_is_found(self, street, found):
        visit = street.proved(proof=self.NOWHERE)

        assert found(FindingKind.HOME_VISIT_WITHOUT_POSITION) == [f"visit:{visit.id}"]

    def test_a_place_at_the_leaving_alone_is_enough(self, street, found):
        street.proved(proof={"arrived_x": None, "arrived_y": None})

        assert found(FindingKind.HOME_VISIT_WITHOUT_POSITION) == []


class TestTravel:
    def made(self, street, *, gap_seconds):
        """Two visits a kilometre apart, with so many seconds between."""
        first = street.proved(at=time(9))
        left = datetime.combine(street.day, time(10), clock.CITY)
        arrived = left + timedelta(seconds=gap_seconds)
        exactly = {"arrived_accuracy_m": 0}  # The leaving's 15 m speak for the worker.
        at = {"arrived_at": arrived, "left_at": arrived + timedelta(hours=1)}
        second = street.proved(street.other, at=time(10), proof=at | exactly)
        return first, second

    def test_faster_than_a_car_in_town_is_found(self, street, found):
        first, second = self.made(street, gap_seconds=50)

        assert found(FindingKind.HOME_TRAVEL_TOO_FAST) == [f"visits:{first.id}:{second.id}"]

    def test_just_as_fast_as_allowed_is_not(self, street, found):
        self.made(street, gap_seconds=61)

        assert found(FindingKind.HOME_TRAVEL_TOO_FAST) == []

    def test_from_or_to_a_place_not_told_there_is_no_speed(self, street, found):
        nowhere = {"arrived_x": None, "arrived_y": None}
        street.proved(at=time(9))
        street.proved(street.other, at=time(10), proof=nowhere)

        assert found(FindingKind.HOME_TRAVEL_TOO_FAST) == []

    def test_two_homes_in_one_house_are_no_travel(self, street, found):
        street.proved(at=time(9))
        street.proved(street.home(20), at=time(10))

        assert found(FindingKind.HOME_TRAVEL_TOO_FAST) == []


class TestPhotos:
    def visits(self, street, one, other):
        visits = []
        for at, file in ((time(9), one), (time(11), other)):
            visits.append(street.proved(at=at, proof={"photo_file_id": file}))
        return visits

    def test_a_picture_alike_is_found_with_the_visit_it_came_from(self, street, found):
        _, later = self.visits(street, street.photo(0x0F0F0F0F), street.photo(0x0F0F0F0F ^ 0b111))

        assert found(FindingKind.HOME_PHOTO_AGAIN) == [f"photo:{later.id}"]

    def test_one_bit_in_each_part_but_one_is_found_too(self, street, found):
        bits = 1 << 1 | 1 << 17 | 1 << 33
        _, later = self.visits(street, street.photo(-99), street.photo(-99 ^ bits))

        assert found(FindingKind.HOME_PHOTO_AGAIN) == [f"photo:{later.id}"]

    def test_a_picture_of_the_same_room_is_not(self, street, found):
        self.visits(street, street.photo(0x0F0F0F0F), street.photo(0x0F0F0F0F ^ 0b1111))

        assert found(FindingKind.HOME_PHOTO_AGAIN) == []

    def test_the_same_bytes_are_found_without_a_picture_in_them(self, street, found):
        files = [street.photo(None, content=b"scan") for _ in range(2)]
        _, later = self.visits(street, *files)

        assert found(FindingKind.HOME_PHOTO_AGAIN) == [f"photo:{later.id}"]

    def test_a_photo_of_long_ago_is_found_by_the_visit_of_today(self, street, found):
        file = street.photo(12345)
        street.proved(on=street.day - timedelta(days=90), proof={"photo_file_id": file})
        later = street.proved(proof={"photo_file_id": street.photo(12345)})

        assert found(FindingKind.HOME_PHOTO_AGAIN) == [f"photo:{later.id}"]

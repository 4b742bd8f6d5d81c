"""leaveCourse"""

from tests.factories.training import make_trainees


def test_a_place_is_taken_and_given_up(own_phone, course):
    taken = own_phone.post(f"/v1/courses/{course.id}/enrolment")
    assert (taken.status_code, taken.json["enrolment_state"]) == (201, "enrolled")
    assert len(taken.json["meetings"]) == 1

    left = own_phone.post(f"/v1/enrolments/{taken.json['enrolment_id']}/cancellation")
    again = own_phone.post(f"/v1/enrolments/{taken.json['enrolment_id']}/cancellation")
    assert (left.status_code, again.status_code) == (204, 204)
    assert own_phone.get(f"/v1/courses/{course.id}").json["enrolment_id"] is None


def test_another_persons_enrolment_is_not_found(session, own_phone, course):
    [other] = make_trainees(session, course, 1)

    assert own_phone.post(f"/v1/enrolments/{other.id}/cancellation").status_code == 404

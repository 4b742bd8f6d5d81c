"""What every refusal must be, and what it must leave untouched."""

from sqlalchemy import text


def refusal(response):
    """Return (status, code) of an answer that is a complete problem."""
    assert response.content_type == "application/problem+json", response.text
    problem = response.json
    assert problem["status"] == response.status_code
    assert problem["title"]
    code = problem["type"].removeprefix("/problems/")
    assert problem["detail"] not in {"", code}
    assert "{" not in problem["detail"]
    return response.status_code, code


def faulty_fields(response):
    """Return pointer → sentence of a refusal that names fields."""
    assert refusal(response) == (422, "input-unusable")
    return {error["pointer"]: error["detail"] for error in response.json["errors"]}


def sentences(phone, send):
    """Send the same thing as a Chinese and as an English reader; return both sentences."""
    said = []
    for phone.language in ("zh-CN", "en"):
        said.append(send().json["detail"])
    phone.language = "zh-CN"
    return said


COUNTED = {
    "bookings": "SELECT coalesce(jsonb_object_agg(status, n), '{}') FROM"
    " (SELECT status, count(*) AS n FROM booking GROUP BY status) AS b",
    "places": "SELECT coalesce(sum(booked), 0) FROM sitting",
    "answers": "SELECT count(*) FROM idempotency_key",
    "links": "SELECT count(*) FROM care_link",
    "sign_ins": "SELECT count(*) FILTER (WHERE revoked_at IS NULL) FROM sign_in",
    "messages": "SELECT count(*) FROM message",
    "choices": "SELECT count(usual_canteen_id) FROM resident",
}


def standing(session):
    """Return how much there is of everything that a change could touch."""
    session.commit()
    return {name: session.execute(text(count)).scalar_one() for name, count in COUNTED.items()}

"""What a phone must never send, sent all the same: refused in words, and nothing half done."""

import json

import pytest

from server import clock
from tests.factories.meals import make_sitting
from tests.factories.people import make_sign_in, make_staff
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import faulty_fields, refusal, sentences, standing

TEN_MEGABYTES = b'{"a": "' + b"x" * 10_000_000 + b'"}'
BEYOND_64_BITS = 2**63
CHANGES = (
    ("POST", "/v1/sign-in-codes"),
    ("POST", "/v1/sign-ins"),
    ("DELETE", "/v1/sign-ins/current"),
    ("PATCH", "/v1/me"),
    ("PUT", "/v1/residents/{resident}/usual-canteen"),
    ("POST", "/v1/bookings"),
    ("POST", "/v1/bookings/{booking}/cancellation"),
)
WITH_A_BODY = [change for change in CHANGES if change[0] != "DELETE"]
READINGS = (
    "/v1/me",
    "/v1/canteens?resident_id={resident}",
    "/v1/canteens/{canteen}?resident_id={resident}",
    "/v1/canteens/{canteen}/menu",
    "/v1/canteens/{canteen}/places",
    "/v1/sittings/{sitting}/quote?resident_id={resident}",
    "/v1/bookings",
    "/v1/bookings/{booking}",
    "/v1/sites?resident_id={resident}",
    "/v1/ping",
)


@pytest.fixture
def places(phone, resident, session):
    """Fills the addresses above with things that are there."""
    sitting = make_sitting(session)
    booking = phone.book(sitting, resident).json
    names = {"resident": resident.id, "sitting": sitting.id, "booking": booking["id"]}
    names["canteen"] = sitting.canteen_id
    return lambda path: path.format(**names)


@pytest.fixture
def untouched(session, places):
    """Nothing may have changed when the test is over."""
    before = standing(session)
    yield
    assert standing(session) == before


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"a": 1,}', b"\xff\xfe", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 5000],
    ids=["torn", "comma", "not utf-8", "not a number", "half a surrogate", "deep"],
)
def test_malformed_json_is_refused(phone, places, untouched, content):
    for method, path in WITH_A_BODY:
        response = phone.send_bytes(method, places(path), content)

        assert refusal(response) == (400, "request-malformed")
        assert response.json["errors"] == [{"pointer": "", "detail": "内容不是有效的 JSON。"}]


@pytest.mark.parametrize("content", [b"[1]", b'"x"', b"null", b"7", b"true"])
def test_json_that_is_not_an_object_is_refused(phone, places, untouched, content):
    for method, path in WITH_A_BODY:
        assert "" in faulty_fields(phone.send_bytes(method, places(path), content))


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
)
def test_another_content_type_is_refused(phone, places, untouched, media_type):
    for method, path in WITH_A_BODY:
        response = phone.send_bytes(method, places(path), b"{}", media_type=media_type)

        assert refusal(response) == (415, "media-type-unsupported")


@pytest.mark.parametrize(("method", "path"), WITH_A_BODY)
def test_ten_megabytes_are_refused(phone, places, untouched, method, path):
    response = phone.send_bytes(method, places(path), TEN_MEGABYTES)

    assert refusal(response) == (413, "request-too-large")


def test_ten_megabytes_without_a_length_are_refused_too(phone, places, untouched):
    phone.client.environ_base["wsgi.input_terminated"] = True

    response = phone.send_bytes(
        "POST", "/v1/bookings", TEN_MEGABYTES, **{"Transfer-Encoding": "chunked"}
    )

    assert refusal(response)[0] in {400, 413}


@pytest.mark.parametrize(("method", "path"), WITH_A_BODY)
def test_an_unknown_member_of_a_body_is_refused(phone, places, untouched, method, path):
    response = phone.send(method, places(path), {"price": 0})

    assert faulty_fields(response)["/price"] == "没有这一项，请去掉。"


@pytest.mark.parametrize("path", READINGS)
def test_an_unknown_filter_of_a_list_or_page_is_refused(phone, places, untouched, path):
    path = places(path)

    response = phone.get(f"{path}{'&' if '?' in path else '?'}colour=red")

    status, code = refusal(response)
    assert (status, code in {"unknown-filter", "input-unusable"}) == (422, True)


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_change_takes_no_filter(phone, places, untouched, method, path):
    response = phone.send(method, f"{places(path)}?colour=red", {})

    assert refusal(response) == (422, "unknown-filter")
    assert response.json["name"] == "colour"
    assert "colour" in response.json["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/bookings/{}",
        "/v1/canteens/{}/menu",
        "/v1/canteens/{}/places",
        "/v1/canteens/{}?resident_id=1",
        "/v1/sittings/{}/quote?resident_id=1",
    ],
)
def test_a_number_that_is_no_key_is_not_found(phone, untouched, path):
    for number in (BEYOND_64_BITS, 10**30, -1, 0, "１", "1.5", "x", "1'--", "%00"):
        assert refusal(phone.get(path.format(number))) == (404, "not-found"), number


@pytest.mark.parametrize("member", ["sitting_id", "resident_id"])
def test_a_member_that_is_no_key_is_named(phone, resident, untouched, member):
    for number in (BEYOND_64_BITS, 2**64 - 1, 10**40, -1, 0, 1.5, True, "1", None, [], {}):
        wish = {"sitting_id": 1, "resident_id": resident.id} | {member: number}

        response = phone.send_bytes("POST", "/v1/bookings", json.dumps(wish).encode())

        assert list(faulty_fields(response)) == [f"/{member}"], number


@pytest.mark.parametrize(
    "path", ["/v1/canteens?resident_id={}", "/v1/bookings?resident_id={}", "/v1/bookings?limit={}"]
)
def test_a_filter_that_is_no_number_is_named(phone, untouched, path):
    name = path.partition("?")[2].partition("=")[0]

    for number in (BEYOND_64_BITS, "9" * 5000, -1, 0, "x", ""):
        assert list(faulty_fields(phone.get(path.format(number)))) == [f"/{name}"], number


@pytest.mark.parametrize(
    "token", ["made-up", "é\x7f", "x" * 5000, "' OR 1=1 --", "Bearer"], ids=range(5)
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/me"), ("POST", "/v1/bookings")])
def test_a_broken_token_is_asked_to_sign_in(stranger, untouched, token, method, path):
    stranger.token = token

    response = stranger.send(method, path, {"sitting_id": 1, "resident_id": 1})

    assert refusal(response) == (401, "sign-in-needed")


def test_a_token_of_another_kind_is_asked_to_sign_in(stranger, untouched):
    response = stranger.get("/v1/me", Authorization="Basic YTpi")

    assert refusal(response) == (401, "sign-in-needed")


def test_staff_have_no_business_at_the_phone_api(app, session, places):
    token = make_sign_in(session, staff=make_staff(session, "city_officer", division_code="1405"))
    officer = Phone(app.test_client(), session, token)
    before = standing(session)

    assert refusal(officer.get("/v1/me")) == (403, "not-allowed")
    assert refusal(officer.post("/v1/bookings", {"sitting_id": 1, "resident_id": 1})) == (
        403,
        "not-allowed",
    )
    assert standing(session) == before


def test_an_unknown_address_is_a_problem_too(phone):
    assert refusal(phone.get("/v1/nothing")) == (404, "not-found")
    assert refusal(phone.send("DELETE", "/v1/me")) == (405, "method-not-allowed")


REFUSALS_IN_TWO_LANGUAGES = (
    ("POST", "/v1/bookings", b"{", "我们没能看懂这个请求，什么也没有改动。请刷新后再试。",
     "We could not read this request, and nothing was changed. Please refresh and try again."),
    ("POST", "/v1/bookings", b"[]", "有的内容填得不对，什么也没有保存。请按提示改好再试。",
     "Some of what was entered cannot be used, and nothing was saved."
     " Please correct it and try again."),
    ("POST", "/v1/bookings", TEN_MEGABYTES, "发来的内容太大了，什么也没有保存。请减少内容后再试。",
     "What was sent is too large, and nothing was saved. Please send less and try again."),
    ("GET", "/v1/bookings/0", b"", "找不到您要的内容，可能已经不在了，或者不归您查看。"
     "请返回上一页再看看。",
     "We cannot find this. It may be gone, or it is not yours to see."
     " Please go back and look again."),
    ("GET", "/v1/me?x=1", b"", "这个网址里有不认识的条件：x。请去掉后再试。",
     "The address has a condition that we do not know: x. Please leave it out and try again."),
    ("GET", "/v1/bookings?cursor=x", b"", "这一页翻不动了。请回到列表开头重新看。",
     "This page cannot be turned. Please start again from the beginning of the list."),
    ("DELETE", "/v1/me", b"", "这个网址不能这样使用，什么也没有改动。",
     "This address cannot be used that way. Nothing was changed."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "content", "chinese", "english"),
    REFUSALS_IN_TWO_LANGUAGES,
    ids=["malformed", "not an object", "too large", "not found", "filter", "cursor", "method"],
)
def test_the_reader_is_told_in_their_language(phone, method, path, content, chinese, english):
    said = sentences(phone, lambda: phone.send_bytes(method, path, content))

    assert said == [chinese, english]


def test_a_reader_of_a_third_language_is_told_in_chinese(phone):
    phone.language = "fr"

    assert phone.get("/v1/nothing").json["detail"].startswith("找不到")


NAMES = (
    "Robert'); DROP TABLE booking;--",
    "<script>alert(1)</script>",
    "𠮷野㐂䶮",
    "👵🏻陈奶奶",
    "a\u202eb\u0301",
    "{name} %s {0}",
)


@pytest.mark.parametrize("text", NAMES)
def test_odd_characters_are_kept_as_they_are(phone, resident, session, text):
    resident.name = text
    sitting = make_sitting(session, dishes=(text[:40],))

    booking = phone.book(sitting, resident).json
    cancelled = phone.post(f"/v1/bookings/{booking['id']}/cancellation", {"reason": text})

    assert booking["resident_name"] == text
    assert booking["dishes"] == [{"name": text[:40]}]
    assert cancelled.status_code == 200, cancelled.text
    assert phone.get("/v1/me").json["residents"][0]["name"] == text
    assert phone.get(f"/v1/bookings/{booking['id']}").headers["X-Content-Type-Options"] == "nosniff"
    assert standing(session)["bookings"] == {"cancelled": 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "member"),
    [
        ("POST", "/v1/bookings/{booking}/cancellation", {"reason": "a\x00b"}, "reason"),
        ("POST", "/v1/sign-ins", {"phone": "13800001111", "code": "1\x002"}, "code"),
        ("POST", "/v1/sign-ins", {"phone": "13800001111", "code": "1", "device_label": "\x00"},
         "device_label"),
        ("POST", "/v1/sign-in-codes", {"phone": "1380000\x001111"}, "phone"),
        ("PATCH", "/v1/me", {"language": "en\x00"}, "language"),
    ],
)  # fmt: skip
def test_a_nul_is_refused_where_it_stands(phone, places, untouched, method, path, body, member):
    response = phone.send(method, places(path), body)

    assert faulty_fields(response) == {f"/{member}": "这不是可以保存的文字。"}


def test_a_nul_in_a_filter_is_refused(phone, untouched):
    assert list(faulty_fields(phone.get("/v1/bookings?cursor=a%00b"))) == ["/cursor"]


def test_the_city_of_the_sitting_is_open_while_all_this_happens(phone, resident, session):
    """The fixtures above would prove nothing if a good request were refused as well."""
    sitting = make_sitting(session, cutoff_at=clock.now().replace(year=2100))

    assert phone.book(sitting, resident).status_code == 201

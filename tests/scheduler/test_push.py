"""The real Firebase SDK against a local server that answers as Firebase does."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from firebase_admin import messaging

from scheduler.gateways import NotAllowed, Refused, TryLater
from scheduler.push import Device, DeviceGone, DeviceKind, Push, Pushes, pushes_for
from server.settings import Settings

TROUBLE = {
    "gone": (404, "NOT_FOUND", "UNREGISTERED"),
    "sender": (403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
    "bad": (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"),
    "quota": (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"),
    "apns": (401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
    "boom": (503, "UNAVAILABLE", "UNAVAILABLE"),
}


class Firebase(BaseHTTPRequestHandler):
    """Tokens for whoever asks, and the trouble that a device's name asks for."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            token = {"access_token": "tok", "expires_in": 3600, "token_type": "Bearer"}
            return self.answer(200, token)
        message = json.loads(body)["message"]
        self.server.got.append(message)
        name = message.get("fid") or message["token"]
        if name not in TROUBLE:
            return self.answer(200, {"name": "projects/care/messages/1"})
        status, code, detail = TROUBLE[name]
        kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
        details = [{"@type": kind, "errorCode": detail}]
        error = {"code": status, "message": name, "status": code, "details": details}
        return self.answer(status, {"error": error})

    def answer(self, status, facts):
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "90")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": "care",
        "private_key_id": "k1",
        "private_key": pem.decode(),
        "client_email": "tests@care.invalid",
        "client_id": "1",
        # Stops the SDK's own background look-up at Google.
        "universe_domain": "tests.invalid",
    }


@pytest.fixture
def firebase(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Firebase)
    server.got = []
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    address = server.url + "/v1/projects/{0}/messages:send"
    monkeypatch.setattr(messaging._MessagingService, "FCM_URL", address)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pushes(firebase, certificate):
    pushes = Pushes({**certificate, "token_uri": f"{firebase.url}/token"}, name="tests")
    yield pushes
    pushes.close()


def push_to(name, kind=DeviceKind.FID):
    return Push("d-7", Device(kind, name), "送餐到了", "请开门", link="https://care.example/app/")


def test_a_push_arrives_with_the_id_by_which_the_device_drops_a_repeated_one(pushes, firebase):
    pushes.send(push_to("kitchen-phone"))

    (got,) = firebase.got
    assert got["fid"] == "kitchen-phone"
    assert got["notification"] == {"title": "送餐到了", "body": "请开门"}
    assert got["data"] == {"delivery_id": "d-7"}
    assert got["webpush"]["headers"] == {"TTL": "3600", "Topic": "d7"}
    assert got["webpush"]["notification"] == {"tag": "d-7"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_device_known_by_its_old_token_is_reached(pushes, firebase):
    pushes.send(push_to("old", DeviceKind.TOKEN))
    assert firebase.got[0]["token"] == "old"


@pytest.mark.parametrize("name", ["gone", "sender"])
def test_a_device_without_the_app_or_of_another_project_is_gone(pushes, name):
    with pytest.raises(DeviceGone):
        pushes.send(push_to(name))


def test_many_pushes_go_in_batches_that_firebase_takes_and_each_is_answered(
    pushes, firebase, monkeypatch
):
    monkeypatch.setattr("scheduler.push.MOST_AT_ONCE", 3)
    told = pushes.send_each([push_to(name) for name in ("a", "gone", "b", "bad", "quota")])

    assert [type(one) for one in told] == [str, DeviceGone, str, Refused, TryLater]
    assert len(firebase.got) == 5


def test_firebase_that_lets_nobody_in_is_told_apart(pushes):
    with pytest.raises(NotAllowed):
        pushes.send(push_to("apns"))


@pytest.mark.parametrize("name", ["bad"])
def test_a_fault_of_the_message_is_final(pushes, name):
    with pytest.raises(Refused):
        pushes.send(push_to(name))


@pytest.mark.parametrize(
    ("name", "pause"), [("quota", timedelta(seconds=90)), ("boom", None)], ids=str
)
def test_trouble_at_firebase_is_told_at_once_and_not_repeated_by_the_sdk(
    pushes, firebase, name, pause
):
    with pytest.raises(TryLater) as trouble:
        pushes.send(push_to(name))
    assert trouble.value.pause == pause
    assert len(firebase.got) == 1


def test_a_city_without_a_project_sends_no_pushes():
    assert pushes_for(Settings(fcm_certificate=None, fcm_url="http://127.0.0.1:1")) is None


def test_the_stand_in_of_the_settings_is_asked_in_place_of_firebase(
    firebase, certificate, tmp_path, monkeypatch
):
    monkeypatch.setattr(messaging._MessagingService, "FCM_URL", "http://127.0.0.1:1/{0}")
    kept = tmp_path / "project.json"
    kept.write_text(json.dumps({**certificate, "token_uri": f"{firebase.url}/token"}))
    monkeypatch.setenv("YINLING_FCM_URL", firebase.url)
    monkeypatch.setenv("YINLING_FCM_CERTIFICATE", str(kept))
    pushes = pushes_for(Settings())
    try:
        pushes.send(push_to("kitchen-phone"))
    finally:
        pushes.close()

    assert [got["fid"] for got in firebase.got] == ["kitchen-phone"]

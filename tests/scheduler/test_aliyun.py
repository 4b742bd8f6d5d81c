"""Alibaba Cloud's signed request, checked by a server that knows the secret and not our code."""

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

import pytest

from scheduler.gateways import AliyunGateway, NotAllowed, Refused, TextMessage, TryLater
from scheduler.gateways.aliyun import canonical_query, signed_headers
from server import clock

SECRET = "a-secret"
MESSAGE = TextMessage(
    delivery_id=UUID(int=7),
    phone="+8613812341234",
    text="【银龄】您的登录验证码是 048213",
    kind="identity.sign_in_code",
    facts={"code": "048213"},
)


class Dysmsapi(BaseHTTPRequestHandler):
    """Takes a message whose signature it can make itself; answers with the trouble it is told."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        address = urlsplit(self.path)
        if self.signature(address, body) not in self.headers["Authorization"]:
            return self.answer(403, {"Code": "SignatureDoesNotMatch"})
        self.server.got.append(dict(parse_qsl(address.query)))
        code = self.server.code
        return self.answer(200 if code == "OK" else 400, {"Code": code, "BizId": "900^0"})

    def signature(self, address, body):
        words = self.headers["Authorization"].partition("SignedHeaders=")[2]
        names = words.partition(",")[0].split(";")
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names)
        query = "&".join(
            sorted(
                f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}"
                for k, v in parse_qsl(address.query)
            )
        )
        digest = hashlib.sha256(body).hexdigest()
        request = f"POST\n{address.path}\n{query}\n{lines}\n{';'.join(names)}\n{digest}"
        told = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
        return "Signature=" + hmac.new(SECRET.encode(), told.encode(), "sha256").hexdigest()

    def answer(self, status, facts):
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dysmsapi)
    server.got, server.code = [], "OK"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def gateway(service, secret=SECRET):
    return AliyunGateway(
        url=f"http://127.0.0.1:{service.server_port}",
        key_id="LTAI-tests",
        secret=secret,
        sign_name="银龄",
        templates={"identity.sign_in_code": "SMS_1"},
    )


def test_a_message_goes_by_its_registered_template_under_our_id(service):
    assert gateway(service).send(MESSAGE) == "900^0"
    assert service.got == [
        {
            "OutId": str(UUID(int=7)),
            "PhoneNumbers": "13812341234",
            "SignName": "银龄",
            "TemplateCode": "SMS_1",
            "TemplateParam": '{"code":"048213"}',
        }
    ]


def test_a_wrong_secret_lets_nothing_in(service):
    with pytest.raises(NotAllowed, match="SignatureDoesNotMatch"):
        gateway(service, secret="another").send(MESSAGE)


def test_a_kind_without_a_template_is_never_sent(service):
    other = TextMessage(MESSAGE.delivery_id, MESSAGE.phone, "", "meals.menu_changed")
    with pytest.raises(Refused, match="no-template"):
        gateway(service).send(other)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Refused),
        ("isv.BUSINESS_LIMIT_CONTROL", TryLater),
        ("isp.SYSTEM_ERROR", TryLater),
        ("isv.AMOUNT_NOT_ENOUGH", NotAllowed),
    ],
)
def test_what_the_service_says_decides_what_follows(service, code, trouble):
    service.code = code
    with pytest.raises(trouble, match=code) as refusal:
        gateway(service).send(MESSAGE)
    assert type(refusal.value) is trouble


def test_nobody_at_the_other_end_is_tried_again_later(service):
    nobody = gateway(service)
    nobody._url = "http://127.0.0.1:1"
    with pytest.raises(TryLater):
        nobody.send(MESSAGE)


def test_each_request_is_signed_anew():
    query = canonical_query({"b": "ä b", "a": "~*"})
    assert query == "a=~%2A&b=%C3%A4%20b"
    given = {"host": "h", "query": query, "key_id": "k", "secret": "s", "at": clock.now()}
    assert signed_headers(**given)["Authorization"] != signed_headers(**given)["Authorization"]

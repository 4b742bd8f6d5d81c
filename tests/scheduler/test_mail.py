"""Mail to a small mail server on the loopback."""

import email
import socket
from email import policy
from threading import Thread
from uuid import UUID

import pytest

from scheduler.gateways import Mailer, Refused, TryLater


class MailServer:
    """Speaks as much SMTP as one mail needs, and answers the recipient as it is told."""

    def __init__(self):
        self.mails = []
        self.recipient_answer = "250 ok"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listening.close()

    def _serve(self):
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk):
        def say(text):
            talk.write(text.encode() + b"\r\n")
            talk.flush()

        say("220 tests")
        while word := talk.readline().decode().strip():
            match word.split()[0].upper():
                case "DATA":
                    say("354 go on")
                    lines = iter(talk.readline, b".\r\n")
                    self.mails.append(
                        email.message_from_bytes(b"".join(lines), policy=policy.default)
                    )
                    say("250 taken")
                case "RCPT":
                    say(self.recipient_answer)
                case "QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 ok")


@pytest.fixture
def server():
    server = MailServer()
    yield server
    server.close()


def send(server, address="wang@example.cn"):
    mailer = Mailer(f"smtp://127.0.0.1:{server.port}", "yinling@example.cn")
    return mailer.send(UUID(int=7), address=address, subject="银龄：消息", text="3 份证书将到期。")


def test_a_mail_arrives_under_its_delivery_id(server):
    assert send(server) == f"<{UUID(int=7)}@yinling>"

    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == ("wang@example.cn", "银龄：消息")
    assert mail["Message-ID"] == f"<{UUID(int=7)}@yinling>"
    assert mail.get_content().strip() == "3 份证书将到期。"


@pytest.mark.parametrize(
    ("answer", "trouble"), [("550 no such person", Refused), ("451 not now", TryLater)]
)
def test_the_servers_word_decides(server, answer, trouble):
    server.recipient_answer = answer
    with pytest.raises(trouble):
        send(server)


def test_a_server_that_is_away_is_tried_again_later(server):
    server.close()
    with pytest.raises(TryLater):
        Mailer("smtp://127.0.0.1:1", "a@example.cn").send(
            UUID(int=7), address="b@example.cn", subject="x", text="y"
        )

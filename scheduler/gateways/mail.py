"""Mail over SMTP, for members of staff who left an address."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit
from uuid import UUID

from scheduler.gateways.port import ANSWER_WITHIN_S, NotAllowed, Refused, TryLater
from server import clock

SECURE_PORT, PORT = 465, 587


class Mailer:
    """One mail at a time, each over a connection of its own: digests are few.

    SMTP knows no idempotency: a mail whose acceptance we did not hear of goes out again under the
    same Message-ID, by which many a mailbox drops the second.
    """

    def __init__(self, url: str, sender: str) -> None:
        """`url` is `smtp://`, upgraded by STARTTLS where it is offered, or `smtps://`."""
        self._to = urlsplit(url)
        self._sender = sender

    def send(self, delivery_id: UUID, *, address: str, subject: str, text: str) -> str:
        """Return the Message-ID when the server has taken it; raises as the port says."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, address, subject
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{delivery_id}@yinling>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPAuthenticationError as error:
            raise NotAllowed("smtp-not-let-in") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(type(error).__name__) from error
        return str(mail["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        host, context = self._to.hostname or "localhost", ssl.create_default_context()
        if self._to.scheme == "smtps":
            port = self._to.port or SECURE_PORT
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=ANSWER_WITHIN_S, context=context
            )
        else:
            server = smtplib.SMTP(host, self._to.port or PORT, timeout=ANSWER_WITHIN_S)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if self._to.username:
            server.login(unquote(self._to.username), unquote(self._to.password or ""))
        return server


def _refused(code: int) -> Exception:
    return Refused(f"smtp-{code}") if code // 100 == 5 else TryLater(f"smtp-{code}")

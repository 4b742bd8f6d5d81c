"""The adapter of the sandbox: it speaks HTTP as one of WeChat Pay or Alipay would."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson
import urllib3

from infra.payment_providers.signing import SIGNED_HEADERS, check, signed
from server.payments.models import ProviderName
from server.payments.providing import (
    Notice,
    NotTheirs,
    Order,
    Outcome,
    ProviderUnreachable,
    RefundOrder,
    Standing,
    StatementLine,
)

PATIENCE = urllib3.Timeout(connect=2.0, read=4.0)
CONNECTIONS = 4
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


class SandboxProvider:
    """A provider that moves no money; a page of it says what becomes of an order."""

    name: ProviderName = ProviderName.SANDBOX
    signed_headers: Sequence[str] = SIGNED_HEADERS

    def __init__(self, url: str, *, key: bytes, notify_url: str) -> None:
        self._url, self._key, self._notify_url = url, key, notify_url
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, timeout=PATIENCE)

    def place(self, order: Order) -> str:
        """Return the address at which the payer pays."""
        answer = self._send(
            "POST",
            "/v1/orders",
            {
                "number": order.number,
                "amount_fen": order.amount_fen,
                "expires_at": order.expires_at.isoformat(),
                "notify_url": self._notify_url,
                "return_path": order.return_path,
            },
        )
        try:
            return str(answer["pay_url"])
        except UNREADABLE as error:
            raise ProviderUnreachable("unreadable") from error

    def ask(self, number: str) -> Standing:
        """Return where an order stands."""
        return _read(self._send("GET", f"/v1/orders/{number}"))

    def close(self, number: str) -> Standing:
        """Let nobody pay an order any more."""
        return _read(self._send("POST", f"/v1/orders/{number}/closing", {}))

    def refund(self, order: RefundOrder) -> Standing:
        """Give money back, once for each number."""
        told = {
            "number": order.number,
            "order_number": order.order_number,
            "amount_fen": order.amount_fen,
        }
        return _read(self._send("POST", "/v1/refunds", told))

    def statement(self, day: date) -> Sequence[StatementLine]:
        """Return what was paid and given back on a day of the city."""
        answer = self._send("GET", f"/v1/statements/{day.isoformat()}")
        try:
            return [StatementLine(**line) for line in answer["lines"]]
        except UNREADABLE as error:
            raise ProviderUnreachable("unreadable") from error

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """Return what a notice says; raises `NotTheirs`."""
        signed_at, nonce = check(self._key, headers, body)
        try:
            return Notice(nonce, signed_at, _standing(orjson.loads(body)))
        except UNREADABLE as error:
            raise NotTheirs from error

    def _send(self, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
        body = b"" if told is None else orjson.dumps(told)
        said = f"{method} {urlsplit(self._url + path).path}"
        headers = {"Content-Type": "application/json", **signed(self._key, body, said=said)}
        try:
            answer = self._pool.request(
                method, self._url + path, body=body, headers=headers, retries=False, redirect=False
            )
            if answer.status != HTTPStatus.OK:
                raise ProviderUnreachable(f"http-{answer.status}")
            return orjson.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise ProviderUnreachable(type(error).__name__) from error


def _read(told: Any) -> Standing:
    try:
        return _standing(told)
    except UNREADABLE as error:
        raise ProviderUnreachable("unreadable") from error


def _standing(told: Any) -> Standing:
    """Return what a body says; an instant without its zone is read as none."""
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    return Standing(
        number=str(told["number"])[:32],
        outcome=Outcome(told["outcome"]),
        amount_fen=int(told["amount_fen"]),
        transaction_number=str(told["transaction_number"])[:64],
        at=at if at and at.tzinfo else None,
    )

"""The sandbox as a Flask app: an API for merchants, and one page on which somebody pays."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from infra.pages import TEMPLATES, add_pages
from infra.payment_providers.signing import check
from infra.sandbox_pay.book import Book
from infra.sandbox_pay.telling import Teller
from server.payments.providing import NotTheirs, Outcome
from server.web.access import open_to_all
from server.web.headers import add_security_headers

LATE_S = 30.0
# What the buttons of the page do: how the order ends, and after which seconds it is told.
WAYS: dict[str, tuple[Outcome, tuple[float, ...]]] = {
    "pay": (Outcome.PAID, (0.0,)),
    "twice": (Outcome.PAID, (0.0, 1.0)),
    "late": (Outcome.PAID, (LATE_S,)),
    "silent": (Outcome.PAID, ()),
    "refuse": (Outcome.REFUSED, (0.0,)),
}


def create_app(*, key: bytes, file: Path) -> Flask:
    """Return the sandbox; `file` is where it keeps its orders."""
    app = Flask("yinling.sandbox_pay", static_folder=None, template_folder=str(TEMPLATES))
    add_security_headers(app)
    add_pages(app)
    counter = Counter(Book(file), Teller(key), key)
    rules: tuple[tuple[str, str, Any], ...] = (
        ("POST", "/v1/orders", counter.place),
        ("GET", "/v1/orders/<number>", counter.show),
        ("POST", "/v1/orders/<number>/closing", counter.close),
        ("POST", "/v1/refunds", counter.refund),
        ("GET", "/v1/statements/<day>", counter.state),
        ("GET", "/pay/<token>", counter.show_page),
        ("POST", "/pay/<token>", counter.pay),
    )
    for method, path, view in rules:
        app.add_url_rule(path, view_func=view, methods=[method])
    return app


class Counter:
    """Everything the sandbox does, on one book."""

    def __init__(self, book: Book, teller: Teller, key: bytes) -> None:
        self._book, self._teller, self._key = book, teller, key

    @open_to_all
    def place(self) -> Response:
        """Take an order, and say where it is paid."""
        token = self._book.place(self._told())
        return jsonify({"pay_url": url_for("show_page", token=token)})

    @open_to_all
    def show(self, number: str) -> Response:
        """Say where an order stands."""
        self._check()
        return jsonify(self._standing(number))

    @open_to_all
    def close(self, number: str) -> Response:
        """Let nobody pay an order any more."""
        self._check()
        self._book.end(number, Outcome.CLOSED)
        return jsonify(self._standing(number))

    @open_to_all
    def refund(self) -> Response:
        """Give money back."""
        return jsonify(_said(self._book.refund(self._told())))

    @open_to_all
    def state(self, day: str) -> Response:
        """Say what was paid and given back on a day."""
        self._check()
        return jsonify({"lines": self._book.statement(date.fromisoformat(day))})

    @open_to_all
    def show_page(self, token: str) -> str:
        """The page on which somebody decides what becomes of an order."""
        order = self._order(token)
        return render_template("sandbox_pay.html", order=order, late_s=int(LATE_S))

    @open_to_all
    def pay(self, token: str) -> Answer:
        """End the order as the button says, tell of it, and send the payer back."""
        order = self._order(token)
        way = WAYS.get(request.form.get("way", ""))
        if way is None:
            abort(422)
        outcome, seconds = way
        self._book.end(order["number"], outcome)
        for after_s in seconds:
            told = self._standing(order["number"])
            self._teller.tell(order["notify_url"], told, after_s=after_s)
        return redirect(order["return_path"], 303)

    def _order(self, token: str) -> sqlite3.Row:
        order = self._book.find(token=token) if token else None
        if order is None:
            abort(404)
        return order

    def _standing(self, number: str) -> dict[str, Any]:
        order = self._book.find(number=number)
        if order is None:
            return _unknown(number)
        return _said(order)

    def _told(self) -> dict[str, Any]:
        self._check()
        told: dict[str, Any] = request.get_json()
        return told

    def _check(self) -> None:
        said = f"{request.method} {request.script_root}{request.path}"
        try:
            check(self._key, dict(request.headers), request.get_data(), said=said)
        except NotTheirs:
            abort(401)


def _said(row: sqlite3.Row) -> dict[str, Any]:
    names = ("number", "outcome", "amount_fen", "transaction_number", "at")
    return {name: row[name] for name in names}


def _unknown(number: str) -> dict[str, Any]:
    unknown = {"number": number, "outcome": Outcome.UNKNOWN.value, "amount_fen": 0}
    return {**unknown, "transaction_number": "", "at": None}

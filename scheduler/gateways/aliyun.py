"""Alibaba Cloud's short message service, by its public API (Dysmsapi 2017-05-25, signature V3).

The SDK drags in a score of packages for one signed request, so that the request is signed here.
Designed after the published description and tested against a server of our own that checks the
signature; unverified against the real service, which no closed machine can reach.

The service sends registered templates alone: each kind of message needs the code of its template,
and the template's variables bear the names of our facts. It keeps no idempotency key; `OutId`
carries the delivery id into its records, so that a message sent twice can be found.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, urlsplit
from uuid import uuid4

import orjson
import urllib3

from scheduler.gateways.http import check_status, pool
from scheduler.gateways.port import NotAllowed, Refused, TextMessage, TryLater
from server import clock

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
EMPTY_BODY = hashlib.sha256(b"").hexdigest()
FINE = "OK"
# Codes of the service. What is not named here may be well in a while.
FAULTS_OF_THE_MESSAGE = (
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.INVALID_PARAMETERS",
    "isv.INVALID_JSON_PARAM",
    "isv.PARAM_LENGTH_LIMIT",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.SMS_TEMPLATE_ILLEGAL",
)
NOT_LET_IN = (
    "isv.ACCOUNT_NOT_EXISTS",
    "isv.ACCOUNT_ABNORMAL",
    "isv.AMOUNT_NOT_ENOUGH",
    "isv.OUT_OF_SERVICE",
    "isv.SMS_SIGNATURE_ILLEGAL",
    "isp.RAM_PERMISSION_DENY",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive",
    "SignatureDoesNotMatch",
    "Forbidden.RAM",
)


class AliyunGateway:
    """Sends by templates that are registered with the service."""

    def __init__(
        self, *, url: str, key_id: str, secret: str, sign_name: str, templates: Mapping[str, str]
    ) -> None:
        self._url = url.rstrip("/")
        self._host = urlsplit(self._url).netloc
        self._key_id = key_id
        self._secret = secret
        self._sign_name = sign_name
        self._templates = templates
        self._pool = pool()

    def send(self, message: TextMessage) -> str | None:
        """Return the service's id for the message; raises as the port says."""
        template = self._templates.get(message.kind)
        if template is None:
            raise Refused("no-template")
        query = canonical_query(
            {
                "PhoneNumbers": message.phone.removeprefix("+86").removeprefix("+"),
                "SignName": self._sign_name,
                "TemplateCode": template,
                "TemplateParam": orjson.dumps(_as_texts(message.facts)).decode(),
                "OutId": str(message.delivery_id),
            }
        )
        headers = signed_headers(
            host=self._host, query=query, key_id=self._key_id, secret=self._secret, at=clock.now()
        )
        try:
            answer = self._pool.request(
                "POST", f"{self._url}/?{query}", headers=headers, retries=False, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise TryLater(type(error).__name__) from error
        return _read(answer)


def canonical_query(parameters: Mapping[str, str]) -> str:
    """Return the parameters as the signature and the address have them: sorted, RFC 3986."""
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
        for name, value in sorted(parameters.items())
    )


def signed_headers(
    *, host: str, query: str, key_id: str, secret: str, at: datetime
) -> dict[str, str]:
    """Return the headers of a request without a body, with its signature among them."""
    headers = {
        "host": host,
        "x-acs-action": ACTION,
        "x-acs-content-sha256": EMPTY_BODY,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": uuid4().hex,
        "x-acs-version": VERSION,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join(["POST", "/", query, lines, names, EMPTY_BODY])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": authorization}


def _as_texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in facts.items()}


def _read(answer: urllib3.BaseHTTPResponse) -> str | None:
    try:
        body = orjson.loads(answer.data)
    except orjson.JSONDecodeError:
        body = {}
    code = str(body.get("Code", "")) if isinstance(body, dict) else ""
    if answer.status == HTTPStatus.OK and code == FINE:
        return str(body.get("BizId", ""))
    if code.startswith(NOT_LET_IN):
        raise NotAllowed(code)
    if code.startswith(FAULTS_OF_THE_MESSAGE):
        raise Refused(code)
    if code:
        raise TryLater(code)
    check_status(answer.status, answer.headers.get("Retry-After"))
    raise TryLater("unreadable-answer")

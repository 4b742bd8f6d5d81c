"""Pictures that a phone sends within a JSON body, and pictures that it is shown."""

import binascii
from base64 import b64decode, b64encode

import marshmallow as ma
from flask import Response
from sqlmodel import Session

from server.errors import NotFound
from server.files.errors import ImageUnusable
from server.files.images import MEDIA_TYPE
from server.files.queries import find_content

# In base64; the API takes bodies of a megabyte, and a JPEG of 1280 points a side is a third of it.
LONGEST_PICTURE = 1_000_000
PICTURE = {"content_type": MEDIA_TYPE, "schema": {"type": "string", "format": "binary"}}


def a_picture() -> ma.fields.String:
    """A picture as a member of a body."""
    return ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=4, max=LONGEST_PICTURE),
        metadata={"description": "The picture, JPEG, PNG or WebP, in base64."},
    )


def bytes_of(sent: str) -> bytes:
    """Return what was sent; raises `ImageUnusable` where it is no base64."""
    try:
        return b64decode(sent, validate=True)
    except (binascii.Error, ValueError) as unreadable:
        raise ImageUnusable() from unreadable


def data_address(content: bytes | None) -> str:
    """Return a picture as the address that holds all of it; raises `NotFound` where none is."""
    if content is None:
        raise NotFound()
    return f"data:{MEDIA_TYPE};base64,{b64encode(content).decode()}"


def private_picture(session: Session, file_id: int | None) -> Response:
    """Answer with what is in a file, kept by no cache; raises `NotFound` where nothing is."""
    content = find_content(session, file_id) if file_id else None
    if content is None:
        raise NotFound()
    response = Response(content, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def public_picture(session: Session, file_id: int, *, sha256: bytes) -> Response:
    """Answer with what everybody may see; a picture never changes under its number, and one that
    was taken out is gone within the day. Raises `NotFound`."""
    response = private_picture(session, file_id)
    response.set_etag(sha256.hex())
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response

"""A picture is made anew: upright, small, and saying nothing but what it shows."""

import io
import struct
import zlib

import pytest
from PIL import Image

from server.files.errors import ImageUnusable
from server.files.images import read_picture
from tests.factories.pictures import picture, with_place


def opened(content):
    return Image.open(io.BytesIO(content))


def apart(one, other):
    return ((one ^ other) & (1 << 64) - 1).bit_count()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_jpeg(kind):
    kept = read_picture(picture(kind=kind))

    assert (opened(kept.content).format, opened(kept.content).size) == ("JPEG", (400, 300))
    assert (kept.media_type, len(kept.sha256)) == ("image/jpeg", 32)


def test_a_phones_notes_are_left_out_and_the_picture_stands_upright():
    kept = opened(read_picture(with_place()).content)

    assert dict(kept.getexif()) == {}
    assert kept.size == (200, 400)


def test_a_large_one_is_made_smaller():
    kept = opened(read_picture(picture(size=(4000, 3000))).content)

    assert kept.size == (1600, 1200)


def test_what_is_transparent_becomes_white():
    kept = opened(read_picture(see_through()).content)

    assert kept.getpixel((2, 2)) == (255, 255, 255)


def see_through():
    content = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(content, "PNG")
    return content.getvalue()


def a_bomb():
    """A PNG of 30,000 by 30,000 points in a hundred bytes."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def just_too_large():
    return a_bomb().replace(struct.pack(">II", 30_000, 30_000), struct.pack(">II", 8_000, 7_000))


BROKEN = {
    "nothing": b"",
    "text": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "cut short": picture()[:-3000],
    "a GIF": picture(kind="GIF"),
    "a BMP": picture(kind="BMP"),
    "a bomb": a_bomb(),
    "too many points": just_too_large(),
    "a head alone": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_picture_is_refused(name):
    with pytest.raises(ImageUnusable):
        read_picture(BROKEN[name])


def test_pictures_alike_have_hashes_alike():
    first = read_picture(picture(size=(1200, 900)))
    smaller = read_picture(picture(size=(600, 450), quality=40))
    other = read_picture(picture(size=(1200, 900), mark=3))

    assert apart(first.perceptual_hash, smaller.perceptual_hash) <= 6
    assert apart(first.perceptual_hash, other.perceptual_hash) > 10
    assert -(1 << 63) <= first.perceptual_hash < 1 << 63

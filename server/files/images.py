"""Pictures as they are kept: opened whole, turned upright, made smaller, and without what a phone
wrote into them (place, time, device)."""

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from server.files.errors import ImageUnusable

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 1600
PORTRAIT_SIDE = 480
MOST_POINTS = 50_000_000
QUALITY = 85
MEDIA_TYPE = "image/jpeg"
WHITE = (255, 255, 255)
# A difference hash looks at nine grey points in each of eight lines: is it lighter to the right?
ACROSS, DOWN = 9, 8


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    sha256: bytes
    perceptual_hash: int
    media_type: str = MEDIA_TYPE


def read_picture(content: bytes, *, longest_side: int = LONGEST_SIDE) -> Picture:
    """Return the picture anew, as JPEG of at most so many points a side; raises `ImageUnusable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = _opened(content, longest_side)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise ImageUnusable() from error
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=QUALITY, optimize=True)
    kept_content = kept.getvalue()
    return Picture(
        content=kept_content,
        sha256=hashlib.sha256(kept_content).digest(),
        perceptual_hash=difference_hash(image),
    )


def difference_hash(image: Image.Image) -> int:
    """Return 64 bits as a signed number: which of two grey neighbours is lighter, line by line."""
    small = image.convert("L").resize((ACROSS, DOWN), Image.Resampling.LANCZOS)
    points = small.tobytes()
    bits = 0
    for line in range(DOWN):
        for place in range(ACROSS - 1):
            left = line * ACROSS + place
            bits = bits << 1 | (points[left + 1] > points[left])
    return bits - (1 << 64) if bits >> 63 else bits


def _opened(content: bytes, longest_side: int) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MOST_POINTS:
            raise ImageUnusable()
        # A large JPEG is decoded at a half, a quarter or an eighth: a phone's picture is cheap.
        image.draft("RGB", (2 * longest_side, 2 * longest_side))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
        return _on_white(upright)


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture that carries points alone; what is transparent becomes white."""
    ground = Image.new("RGB", image.size, WHITE)
    see_through = image.convert("RGBA")
    ground.paste(see_through, mask=see_through.getchannel("A"))
    return ground

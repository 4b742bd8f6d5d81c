"""Made-up pictures, as phones send them."""

import io

from PIL import Image, ImageDraw

PLACE, MAKER = 0x8825, 0x010F


def picture(*, size=(400, 300), kind="JPEG", mark=0, mode="RGB", **options):
    """Return the bytes of a picture with a shape that differs by `mark`."""
    image = Image.new(mode, size, "white")
    draw = ImageDraw.Draw(image)
    width, height = size
    for place in range(6):
        shade = (40 * place + 90 * mark) % 255
        left = (place * (mark + 2) * width // 7) % width
        box = (left, place * height // 8, left + width // 3, height - 1)
        draw.ellipse(box, fill=(shade, 255 - shade, shade // 2))
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def with_place():
    """Return a JPEG that says by which phone it was made, and that it lies on its side."""
    exif = Image.Exif()
    exif[MAKER] = "A phone"
    exif[0x0112] = 6
    exif.get_ifd(PLACE)[1] = "N"
    return picture(size=(400, 200), exif=exif)

"""Pictures of the demo's homes, drawn: nobody's house and nobody's face."""

import io
from colorsys import hls_to_rgb

from PIL import Image, ImageDraw

SIZE = (960, 640)
DISH_SIZE = (480, 480)
HUES = (0.08, 0.58, 0.33, 0.12, 0.47, 0.02, 0.68)
Colour = tuple[int, int, int]


def draw_front(place: int) -> bytes:
    """Return a house with two rows of windows, a door, a ramp and trees, as JPEG."""
    image = Image.new("RGB", SIZE, _colour(0.57, 0.88, 0.5))
    pen, wall = ImageDraw.Draw(image), HUES[place % len(HUES)]
    pen.rectangle((0, 470, 960, 640), fill=_colour(0.28, 0.72, 0.3))
    pen.rectangle((170, 170, 790, 500), fill=_colour(wall, 0.78, 0.45))
    pen.polygon([(140, 170), (480, 70), (820, 170)], fill=_colour(wall, 0.42, 0.4))
    storeys = 2 + place % 2
    for row in range(storeys):
        for column in range(6):
            left, top = 205 + column * 98, 195 + row * (250 // storeys)
            pen.rectangle((left, top, left + 58, top + 58), fill=_colour(0.57, 0.93, 0.4),
                          outline=_colour(wall, 0.35, 0.3), width=4)  # fmt: skip
    pen.rectangle((440, 410, 520, 500), fill=_colour(wall, 0.3, 0.4))
    pen.polygon([(520, 500), (700, 500), (520, 486)], fill=_colour(0, 0.75, 0))
    for left in (70, 850):
        pen.rectangle((left - 8, 400, left + 8, 520), fill=_colour(0.07, 0.35, 0.35))
        pen.ellipse((left - 70, 270, left + 70, 430), fill=_colour(0.33, 0.45, 0.35))
    return _jpeg(image)


def draw_room(place: int) -> bytes:
    """Return a room with two beds, a window and a call bell over each bed, as JPEG."""
    hue = HUES[place % len(HUES)]
    image = Image.new("RGB", SIZE, _colour(hue, 0.93, 0.35))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 450, 960, 640), fill=_colour(0.09, 0.72, 0.35))
    pen.rectangle((370, 90, 590, 300), fill=_colour(0.57, 0.88, 0.5),
                  outline=_colour(hue, 0.5, 0.2), width=10)  # fmt: skip
    pen.line((480, 90, 480, 300), fill=_colour(hue, 0.5, 0.2), width=8)
    for left in (90, 620):
        pen.rectangle((left, 340, left + 250, 480), fill=_colour(0.08, 0.5, 0.35))
        pen.rectangle((left + 10, 400, left + 240, 520), fill=_colour(hue, 0.72, 0.4))
        pen.rounded_rectangle((left + 20, 370, left + 110, 420), 14, fill=(250, 250, 248))
        pen.ellipse((left + 112, 250, left + 138, 276), fill=_colour(0, 0.5, 0.6))
    return _jpeg(image)


def draw_dish(place: int) -> bytes:
    """Return a bowl on a table with something in it, as JPEG."""
    hue = HUES[place % len(HUES)]
    image = Image.new("RGB", DISH_SIZE, _colour(0.09, 0.84, 0.4))
    pen = ImageDraw.Draw(image)
    pen.ellipse((50, 70, 430, 430), fill=_colour(0.58, 0.97, 0.3),
                outline=_colour(0.58, 0.6, 0.4), width=8)  # fmt: skip
    pen.ellipse((95, 115, 385, 385), fill=_colour(hue, 0.6, 0.55))
    for step in range(14):
        left, top = 130 + (step * 67) % 200, 145 + (step * 47) % 190
        shade = _colour(hue + 0.04 * (step % 3), 0.38 + 0.08 * (step % 4), 0.6)
        pen.ellipse((left, top, left + 42, top + 30), fill=shade)
    return _jpeg(image)


def _colour(hue: float, light: float, depth: float) -> Colour:
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue, light, depth))
    return red, green, blue


def _jpeg(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85)
    return content.getvalue()

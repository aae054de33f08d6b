"""Pictures of pages, cut to what matters. Pure."""

import io

from PIL import Image, ImageDraw

Box = tuple[float, float, float, float]
_LINES = 1.6  # how much is shown above and below, in heights of the fact
_WIDEST = 0.5  # how much of the page's width is shown at least
_FRAME = (204, 120, 20)


def around(png: bytes, box: Box) -> bytes:
    """Return the part of a page around a fact as a PNG, the fact framed; `box` is in shares of the page."""
    with Image.open(io.BytesIO(png)) as page:
        wide, high = page.size
        left, top, right, bottom = box[0] * wide, box[1] * high, box[2] * wide, box[3] * high
        spare = max(_LINES * (bottom - top), 12.0)
        side = max((_WIDEST * wide - (right - left)) / 2, 24.0)
        begin = min(max(left - side, 0), max(wide - _WIDEST * wide, 0))
        cut = (int(begin), int(max(top - spare, 0)), int(min(max(right + side, begin + _WIDEST * wide), wide)),
               int(min(bottom + spare, high)))  # fmt: skip
        piece = page.convert("RGB").crop(cut)
        frame = (left - cut[0] - 4, top - cut[1] - 3, right - cut[0] + 4, bottom - cut[1] + 3)
        ImageDraw.Draw(piece).rectangle(frame, outline=_FRAME, width=3)
        found = io.BytesIO()
        piece.save(found, format="PNG")
        return found.getvalue()

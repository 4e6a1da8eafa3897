"""The picture of a VietQR code, drawn here and now: no other host ever sees a payment."""

import io
from functools import lru_cache

import segno

QUIET_ZONE = 4  # modules of white on each side; scanners need them
MIN_WIDTH = 600  # pixels of the PNG that people save to their gallery


@lru_cache(maxsize=256)
def _code(payload):
    # Level M or better: segno raises the level when the size stays the same.
    return segno.make(payload, error="m", micro=False, boost_error=True)


def svg_path(payload):
    """``(size, d)`` for ``<svg viewBox="0 0 size size"><path d="..."/></svg>``, one unit per module.

    The quiet zone is part of the size. The template fills the path in black on a white ground.
    """
    matrix = _code(payload).matrix
    runs = [
        f"M{x} {y}h{width}v1h-{width}z"
        for y, row in enumerate(matrix, start=QUIET_ZONE)
        for x, width in _dark_runs(row)
    ]
    return len(matrix) + 2 * QUIET_ZONE, "".join(runs)


def _dark_runs(row):
    """Start and width of each run of dark modules, the start counted from the edge of the quiet zone."""
    start = None
    for x, module in enumerate([*row, 0], start=QUIET_ZONE):
        if module and start is None:
            start = x
        elif not module and start is not None:
            yield start, x - start
            start = None


def png(payload, *, scale=None):
    """A black-and-white PNG with its quiet zone, ``scale`` pixels per module; at least 600 pixels wide by default."""
    code = _code(payload)
    if scale is None:
        scale = -(-MIN_WIDTH // code.symbol_size(border=QUIET_ZONE)[0])
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=QUIET_ZONE)
    return out.getvalue()

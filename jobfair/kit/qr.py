"""QR codes in pages."""

import segno
from markupsafe import Markup


def drawn(code: segno.QRCode) -> Markup:
    """Return a code as SVG without a size: the style sheet gives it one."""
    return Markup(code.svg_inline(omitsize=True))  # noqa: S704 - the library writes no text into it

"""Pictures and documents for tests, made by Pillow: other people's code than that which cleans."""

from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

PLACE = {1: "N", 2: (27.0, 18.0, 7.0), 3: "E", 4: (105.0, 17.0, 30.0)}
_GPS, _MAKER, _ORIENTATION = 0x8825, 0x010F, 0x0112
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def picture(shade: int = 90) -> Image.Image:
    """Return a small picture with something in it."""
    found = Image.new("RGB", (48, 32), (shade, 120, 60))
    found.paste((250, 10, 30), (5, 5, 20, 15))
    return found


def photo(shade: int = 90, *, turned: int = 6, progressive: bool = False) -> bytes:
    """Return a JPEG as a phone takes it: place, maker, turned, a comment."""
    exif = Image.Exif()
    exif[_MAKER], exif[_ORIENTATION] = "GuizhouPhone", turned
    exif.get_ifd(_GPS).update(PLACE)
    out = BytesIO()
    picture(shade).save(
        out,
        "JPEG",
        exif=exif,
        comment=b"taken at home",
        progressive=progressive,
        icc_profile=b"icc",
    )
    return out.getvalue()


def drawing() -> bytes:
    """Return a PNG with texts and Exif."""
    exif = Image.Exif()
    exif[_MAKER] = "GuizhouPhone"
    texts = PngInfo()
    texts.add_text("Author", "GuizhouPhone")
    out = BytesIO()
    picture().save(out, "PNG", exif=exif, pnginfo=texts)
    return out.getvalue()

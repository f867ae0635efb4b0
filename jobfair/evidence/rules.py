"""What a file of evidence may be, told by its content, and what of it is not kept. Pure.

A photo says where and with what it was taken; none of that is evidence of work, so only what is
needed to show the picture stays. Sources: JPEG: ISO/IEC 10918-1 annex B; Exif 2.32 section 4.6;
PNG: W3C Portable Network Graphics, chunks of section 11; PDF: ISO 32000-1 section 7.5.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_


class FileKind(StrEnum):
    """What a file is."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
}
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_HEADS = ((b"\xff\xd8\xff", FileKind.JPEG), (_PNG_HEAD, FileKind.PNG), (b"%PDF-", FileKind.PDF))
_END_OF_PDF, _PDF_TAIL = b"%%EOF", 4_096


class NoFile(Invalid):
    """Nothing was sent."""

    code = "no_evidence_file"
    message = N_("Take a photo or choose a file first.")


class FileTooLarge(Invalid):
    """It is larger than the settings allow."""

    code = "evidence_too_large"
    message = N_(
        "The file is larger than %(mb)s MB. Take the photo in a smaller size, or scan less."
    )


class NotEvidence(Invalid):
    """Its content is none of the kinds that are kept, whatever its name says."""

    code = "not_evidence"
    message = N_(
        "This is no JPEG or PNG picture and no PDF, whatever its name says. Save it as one of "
        "them; an iPhone does so with the camera format “Most compatible”."
    )


class FileDamaged(Invalid):
    """It begins like a picture or document and is not whole."""

    code = "evidence_damaged"
    message = N_("The file is cut off or damaged. Take the photo again, or send the file again.")


class AlreadyKept(Refusal):
    """The same bytes are kept here."""

    status = 409
    code = "evidence_already_kept"
    message = N_("This file is already kept here since %(at)s; it was not stored twice.")


class WhyMissing(Invalid):
    """A file is taken away with a reason."""

    code = "evidence_why_missing"
    message = N_("Enter why the file is taken away; the reason stays on record.")


def kind_of(content: bytes) -> FileKind:
    """Return what a file is by how it begins.

    Raises:
        NotEvidence: none of the kinds that are kept.
    """
    for head, kind in _HEADS:
        if content.startswith(head):
            return kind
    raise NotEvidence


def cleaned(content: bytes) -> tuple[FileKind, bytes]:
    """Return a file's kind and what is kept of it: a picture without place, time and device.

    The same file gives the same bytes. A PDF is kept as it is.

    Raises:
        NotEvidence: none of the kinds that are kept.
        FileDamaged: not whole.
    """
    kind = kind_of(content)
    if kind is FileKind.JPEG:
        return kind, _clean_jpeg(content)
    if kind is FileKind.PNG:
        return kind, _clean_png(content)
    if _END_OF_PDF not in content[-_PDF_TAIL:]:
        raise FileDamaged
    return kind, content


def digest_of(kept: bytes) -> str:
    """Return the SHA-256 of what is kept, hexadecimal."""
    return hashlib.sha256(kept).hexdigest()


# JPEG markers.
_EXIF, _ICC, _ADOBE, _COMMENT, _SCAN, _END = 0xE1, 0xE2, 0xEE, 0xFE, 0xDA, 0xD9
_APPLICATION = range(0xE0, 0xF0)
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# In a scan 0xFF stands before 0, before a restart, or before the next marker.
_AFTER_SCAN = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])")
_EXIF_NAME, _ICC_NAME = b"Exif\x00\x00", b"ICC_PROFILE\x00"
_ORIENTATION, _UPRIGHT, _TURNS = 0x0112, 1, range(1, 9)


def _clean_jpeg(content: bytes) -> bytes:
    kept: list[bytes] = []
    turned = _UPRIGHT
    for marker, body in _segments(content):
        if marker == _EXIF:
            turned = _orientation(body) if turned == _UPRIGHT else turned
        elif not _tells(marker, body):
            kept.append(bytes((0xFF, marker)) + body)
    head = b"\xff\xd8" + (_turned(turned) if turned != _UPRIGHT else b"")
    return head + b"".join(kept)


def _tells(marker: int, body: bytes) -> bool:
    """Return whether a segment tells of more than the picture."""
    if marker == _ICC:
        return not body[2:].startswith(_ICC_NAME)
    return marker == _COMMENT or (marker in _APPLICATION and marker not in {0xE0, _ADOBE})


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each marker with what belongs to it, up to the end of the picture.

    Raises:
        FileDamaged: something else stands where a marker must, or the end is missing.
    """
    place = 2
    while True:
        marker, place = _marker(content, place)
        if marker == _END:
            yield marker, b""
            return
        if marker in _ALONE:
            yield marker, b""
            continue
        size = int.from_bytes(content[place : place + 2], "big")
        end = place + size
        if size < 2 or end > len(content):
            raise FileDamaged
        if marker == _SCAN:
            found = _AFTER_SCAN.search(content, end)
            if found is None:
                raise FileDamaged
            end = found.start()
        yield marker, content[place:end]
        place = end


def _marker(content: bytes, place: int) -> tuple[int, int]:
    if content[place : place + 1] != b"\xff":
        raise FileDamaged
    while content[place : place + 1] == b"\xff":
        place += 1
    if place >= len(content):
        raise FileDamaged
    return content[place], place + 1


def _orientation(body: bytes) -> int:
    """Return how the picture is turned by an Exif segment; upright where it does not say."""
    tiff = body[2 + len(_EXIF_NAME) :]
    if body[2 : 2 + len(_EXIF_NAME)] != _EXIF_NAME or tiff[:2] not in {b"II", b"MM"}:
        return _UPRIGHT
    little = tiff[:2] == b"II"

    def number(place: int, size: int) -> int:
        return int.from_bytes(tiff[place : place + size], "little" if little else "big")

    first = number(4, 4)
    for entry in range(first + 2, first + 2 + 12 * min(number(first, 2), 100), 12):
        if number(entry, 2) == _ORIENTATION:
            found = number(entry + 8, 2)
            return found if found in _TURNS else _UPRIGHT
    return _UPRIGHT


def _turned(orientation: int) -> bytes:
    """Return an Exif segment that says how the picture is turned, and nothing else."""
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00" + bytes((orientation, 0, 0, 0))
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + entry + b"\x00\x00\x00\x00"
    body = _EXIF_NAME + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


# What a PNG picture needs to look as it does; texts, times and Exif are none of it.
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())
_CHUNK = 12


def _clean_png(content: bytes) -> bytes:
    kept = [_PNG_HEAD]
    place = len(_PNG_HEAD)
    name = b""
    while name != b"IEND":
        size = int.from_bytes(content[place : place + 4], "big")
        chunk = content[place : place + _CHUNK + size]
        name, body = chunk[4:8], chunk[4:-4]
        whole = len(chunk) == _CHUNK + size and chunk[-4:] == zlib.crc32(body).to_bytes(4, "big")
        if not whole or (len(kept) == 1) != (name == b"IHDR"):
            raise FileDamaged
        if name in _PNG_KEPT:
            kept.append(chunk)
        place += len(chunk)
    return b"".join(kept)

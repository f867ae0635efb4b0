"""A photo is kept without place, device and time; what is no picture is refused, whatever it is."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jobfair.evidence.rules import FileDamaged, FileKind, NotEvidence, cleaned, digest_of
from tests.evidence.factory import PDF, drawing, photo

_GPS, _ORIENTATION = 0x8825, 0x0112


@pytest.mark.parametrize("progressive", [False, True])
def test_of_a_photo_only_the_picture_stays(progressive: bool) -> None:
    taken = photo(progressive=progressive)
    assert Image.open(BytesIO(taken)).getexif().get_ifd(_GPS), "there is something to take away"
    kind, kept = cleaned(taken)
    before, after = Image.open(BytesIO(taken)), Image.open(BytesIO(kept))
    assert kind is FileKind.JPEG
    assert dict(after.getexif()) == {_ORIENTATION: 6}, "turned as before"
    assert after.info["icc_profile"] == b"icc"
    assert b"GuizhouPhone" not in kept
    assert b"taken at home" not in kept
    assert before.tobytes() == after.tobytes(), "not one point of it changed"
    assert cleaned(kept) == (kind, kept)
    assert digest_of(cleaned(taken)[1]) == digest_of(kept)


def test_what_hangs_behind_a_photo_is_cut_off() -> None:
    taken = photo()
    assert cleaned(taken + b"GPS 27.3 105.3" + photo(1)) == cleaned(taken)


def test_of_a_drawing_no_text_stays() -> None:
    kind, kept = cleaned(drawing())
    assert kind is FileKind.PNG
    assert b"GuizhouPhone" in drawing()
    assert b"GuizhouPhone" not in kept
    before, after = Image.open(BytesIO(drawing())), Image.open(BytesIO(kept))
    assert before.tobytes() == after.tobytes()


def test_a_document_is_kept_as_it_is() -> None:
    assert cleaned(PDF) == (FileKind.PDF, PDF)


@pytest.mark.parametrize("content", [photo(), drawing(), PDF], ids=["jpeg", "png", "pdf"])
def test_what_is_cut_off_is_refused(content: bytes) -> None:
    for place in (len(content) // 3, len(content) - 8):
        with pytest.raises(FileDamaged):
            cleaned(content[:place])


@given(st.binary(max_size=300), st.sampled_from([b"", photo()[:40], drawing()[:40], b"%PDF-"]))
def test_no_bytes_do_anything_but_pass_or_be_refused(tail: bytes, head: bytes) -> None:
    try:
        _kind, kept = cleaned(head + tail)
    except (NotEvidence, FileDamaged):
        return
    assert kept


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_photo_passes_or_is_refused(place: int, value: int) -> None:
    content = bytearray(photo())
    content[place % len(content)] = value
    try:
        cleaned(bytes(content))
    except (NotEvidence, FileDamaged):
        return


@pytest.mark.parametrize("content", [b"MZ\x90", b"<svg/>", b"GIF89a", b"\0\0\0\x18ftypheic", b"PK"])
def test_other_kinds_are_refused_by_their_content(content: bytes) -> None:
    with pytest.raises(NotEvidence):
        cleaned(content + bytes(100))

"""A student's sealed columns opened, and the keyed indexes that find one without opening."""

from jobfair.kit.crypto import vault
from jobfair.school.models import Student
from jobfair.seekers.rules.duplicates import initials

_LAST4_BYTES = 8
COUNTY = 6


def open_column(student: Student, column: str) -> str:
    """Return a sealed column's text, empty when there is none."""
    sealed: bytes | None = getattr(student, f"{column}_sealed")
    if sealed is None:
        return ""
    return vault().open(sealed, table="student", column=column, row=student.key)


def name_index(name: str) -> bytes:
    """Return the index of a full name."""
    return vault().index(name, field="student.name")


def initials_index(text: str) -> bytes:
    """Return the index of pinyin initials in small letters."""
    return vault().index(text, field="student.initials")


def initials_of(name: str) -> bytes:
    """Return the index of a name's pinyin initials."""
    return initials_index(initials(name))


def id_index(number: str) -> bytes:
    """Return the index of a tidy 18-character ID number."""
    return vault().index(number, field="student.id_number")


def last4_index(number: str, home: str) -> bytes:
    """Return the short index of an ID number's last four characters within the home county."""
    text = f"{home[:COUNTY]}:{number[-4:]}"
    return vault().index(text, field="student.id_last4")[:_LAST4_BYTES]

"""The form of a capacity plan; gives an expectation."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from jobfair.capacity.core.sizing import MAY_BE_NONE, Entry, Expectation
from jobfair.kit.forms import Form, choices
from jobfair.kit.i18n import N_, translate

ENTRY_NAMES: Mapping[str, str] = {
    Entry.FREE: N_("When they like"),
    Entry.SLOTS: N_("By invited half hours"),
}
_DEFAULTS: Mapping[str, Any] = {
    "opens_at": "09:00",
    "closes_at": "15:00",
    "entry": Entry.FREE.value,
    "peak_percent": 25,
    "card_percent": 70,
    "card_seconds": 6,
    "walk_in_seconds": 30,
    "utilisation_percent": 80,
    "lanes": 12,
    "stay_minutes": 90,
    "recruiters": 3,
    "talk_minutes": 5,
    "group_size": 1,
}
_TIMES = ("opens_at", "closes_at")
_MOST_PERSONS = 10_000_000


def clock_time(minutes: int) -> str:
    """Return minutes after midnight as a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str) -> int:
    """Return the minutes after midnight of a time of day.

    Raises:
        ValueError: it is none.
    """
    hour, minute = text.replace("：", ":").split(":")  # a full-width colon, too
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise ValueError
    return int(hour) * 60 + int(minute)


def _number(name: str, label: Any, *, most: int, hint: Any = "") -> IntegerField:
    least = 0 if name in MAY_BE_NONE else 1
    fault = _l("Enter a whole number from %(least)s to %(most)s", least=least, most=f"{most:,}")
    checks = [InputRequired(fault), NumberRange(least, most, fault)]
    return IntegerField(label, checks, description=hint)


def _time(label: Any) -> StringField:
    return StringField(label, [InputRequired(_l("Enter a time like 09:00"))])


class CapacityForm(Form):
    """What is expected of a fair and what it has."""

    persons = _number("persons", _l("Expected people, all days together"), most=_MOST_PERSONS)
    days = _number("days", _l("Number of days"), most=366)
    opens_at = _time(_l("Opens at"))
    closes_at = _time(_l("Closes at"))
    entry = RadioField(_l("How people come"), [InputRequired(_l("Choose how people come"))])
    peak_percent = _number(
        "peak_percent",
        _l("Share of the busiest hour, %"),
        most=100,
        hint=_l("Of a day's people; counts when they come when they like"),
    )
    card_percent = _number("card_percent", _l("People with a card, %"), most=100)
    card_seconds = _number("card_seconds", _l("Seconds to check in with a card"), most=600)
    walk_in_seconds = _number(
        "walk_in_seconds", _l("Seconds to register and check in without one"), most=3_600
    )
    utilisation_percent = _number(
        "utilisation_percent",
        _l("How busy a lane may be, %"),
        most=100,
        hint=_l("Busier than 80 % its queue hardly ever empties"),
    )
    lanes = _number(
        "lanes",
        _l("Lanes at the entrance"),
        most=1_000,
        hint=_l("As many as there is room, people and devices for"),
    )
    hall_capacity = _number(
        "hall_capacity",
        _l("Approved capacity"),
        most=_MOST_PERSONS,
        hint=_l("People inside at once, as the police or the fire service approved it"),
    )
    stay_minutes = _number("stay_minutes", _l("Mean stay in minutes"), most=1_440)
    booths = _number("booths", _l("Booths"), most=10_000)
    recruiters = _number("recruiters", _l("Recruiters at a booth"), most=100)
    talk_minutes = _number("talk_minutes", _l("Minutes of an interview"), most=480)
    group_size = _number(
        "group_size",
        _l("People interviewed together"),
        most=200,
        hint=_l("1: one by one; group interviews of up to 20 suit line work"),
    )
    posts = _number("posts", _l("Posts to fill"), most=_MOST_PERSONS)
    staff = _number(
        "staff", _l("Staff in the hall"), most=10_000, hint=_l("Besides those at the lanes")
    )

    def __init__(self, known: Expectation | None, fair: Mapping[str, int]) -> None:
        """Fill in what is known, else the usual and what the fair says of itself."""
        first: dict[str, Any] = dict(_DEFAULTS) | dict(fair)
        if known is not None:
            first = {name: getattr(known, name) for name in Expectation.__slots__}
            first |= {name: clock_time(first[name]) for name in _TIMES}
        super().__init__(data=first)
        self.entry.choices = choices(ENTRY_NAMES)

    def validate_opens_at(self, field: Field) -> None:
        """It is a time of day."""
        self._check_time(field)

    def validate_closes_at(self, field: Field) -> None:
        """It is a time of day, at least half an hour after the fair opens."""
        closes_at = self._check_time(field)
        try:
            opens_at = _minutes(self.opens_at.data or "")
        except ValueError:
            return  # told beside the other field
        if closes_at < opens_at + 30:
            raise ValidationError(translate("Close at least half an hour after opening"))

    def _check_time(self, field: Field) -> int:
        try:
            return _minutes(field.data)
        except ValueError as fault:
            raise ValidationError(translate("Enter a time like 09:00")) from fault

    def expectation(self) -> Expectation:
        """Return what was typed; call after validation."""
        typed = {name: self[name].data for name in Expectation.__slots__}
        typed |= {name: _minutes(typed[name]) for name in _TIMES}
        return Expectation(**typed | {"entry": Entry(typed["entry"])})

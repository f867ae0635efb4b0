"""Forms of grants; each gives a row as a list would, or a filter."""

from typing import TypeVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from jobfair.grants.queries import PaymentFilter
from jobfair.grants.rules.entitlement import GRANT_NAMES, GrantKind
from jobfair.grants.rules.reading import (
    NO_DAYS,
    NO_MONTH,
    MonthDraft,
    PaymentDraft,
    read_month,
    read_payment,
)
from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import N_, translate

_WORDS = {GrantKind.STATE: "国家助学金", GrantKind.TUITION: "学费补助"}
STANDINGS = {"counts": N_("Counts"), "taken-back": N_("Taken back")}


_Draft = TypeVar("_Draft")


def _draft_of(form: Form, read: _Draft | list[tuple[str, str]]) -> _Draft | None:
    """Return what a row says; None where something is wrong, with each fault beside its field."""
    if not isinstance(read, list):
        return read
    for name, fault in read:
        form[name].errors = [translate(fault)]
    return None


class PaymentForm(Form):
    """One grant payment of a student."""

    kind = SelectField(_l("Grant"), [InputRequired(_l("Choose one"))])
    amount = StringField(_l("Amount in yuan"), [DataRequired(_l("Enter the amount"))])
    paid_on = DayField(_l("Paid on"), [InputRequired(_l("Enter the day"))])
    school_year = StringField(
        _l("School year"),
        [Optional(), Length(max=20)],
        description=_l("For example 2010-2011; left empty it follows from the day"),
    )
    holder = StringField(_l("Card holder"), [Optional(), Length(max=50)])
    card = StringField(
        _l("Card number"),
        [Optional(), Length(max=30)],
        description=_l("Only its last four and a keyed mark are kept"),
    )
    reference = StringField(_l("Bank's reference"), [Optional(), Length(max=60)])

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = choices(GRANT_NAMES)

    def draft(self) -> PaymentDraft | None:
        """Return what was typed, None with the fault beside its field; call after validation."""
        read = read_payment(
            {
                "kind": _WORDS[GrantKind(self.kind.data)],
                "amount": self.amount.data or "",
                "paid_on": f"{self.paid_on.data}",
                "school_year": self.school_year.data or "",
                "holder": self.holder.data or "",
                "card": self.card.data or "",
                "reference": self.reference.data or "",
            }
        )
        return _draft_of(self, read)


class MonthForm(Form):
    """A month of one student."""

    month = StringField(
        _l("Month"), [DataRequired(_l(NO_MONTH))], description=_l("For example 2010-10")
    )
    days_due = StringField(_l("Days due"), [DataRequired(_l(NO_DAYS))])
    days_present = StringField(_l("Days present"), [DataRequired(_l(NO_DAYS))])
    room = StringField(_l("Dormitory room"), [Optional(), Length(max=30)])

    def draft(self) -> MonthDraft | None:
        """Return what was typed, None with the fault beside its field; call after validation."""
        told = {f.name: f.data or "" for f in self if f.name != "csrf_token"}
        return _draft_of(self, read_month(told))


class TakeBackForm(Form):
    """Why a payment was recorded wrongly."""

    reason = StringField(
        _l("Why the payment was recorded wrongly"),
        [DataRequired(_l("Enter the reason")), Length(max=300)],
    )


def read_filter(args: MultiDict[str, str], *, organisation_id: int | None) -> PaymentFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    kind, standing = args.get("kind_of", ""), args.get("standing", "")
    return PaymentFilter(
        organisation_id=organisation_id,
        kind=kind if kind in set(GrantKind) else "",
        school_year=args.get("school_year", type=int),
        taken_back={"counts": False, "taken-back": True}.get(standing),
    )

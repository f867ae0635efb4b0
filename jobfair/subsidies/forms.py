"""Forms of subsidies: terms, applications, steps, filters."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from jobfair.kit.events.rules import Grade
from jobfair.kit.forms import DayField, Form, MultiCheckboxField, choices
from jobfair.kit.i18n import N_, translate
from jobfair.kit.values.counts import MONEY_NOT_UNDERSTOOD, read_money
from jobfair.placements.rules.words import GRADE_NAMES
from jobfair.seekers.rules.drafts import CATEGORY_NAMES, HouseholdCategory
from jobfair.subsidies.queries.claims import ClaimFilter
from jobfair.subsidies.rules.claims import (
    APPLICANT_NAMES,
    Applicant,
    Application,
    ClaimState,
)
from jobfair.subsidies.rules.terms import (
    BEYOND_NAMES,
    CONTINUITY_NAMES,
    DOCUMENT_NAMES,
    FAMILY_NAMES,
    JOURNEY_NAMES,
    PAYEE_NAMES,
    Beyond,
    Continuity,
    Document,
    Family,
    Journey,
    Payee,
    Rate,
    Terms,
)

_REQUIRED = InputRequired(_l("Enter something here"))
_RATES = range(1, 5)


class YuanField(StringField):
    """An amount typed in yuan; its data are fen."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount that was typed.

        Raises:
            ValueError: it is none, or a part of a fen.
        """
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = read_money(self.typed) if self.typed else None
        if self.data is not None and not isinstance(self.data, int):
            self.data = None
            raise ValueError(translate(MONEY_NOT_UNDERSTOOD))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data / 100:.2f}".removesuffix(".00")


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").replace("，", " ").replace(",", " ").split())


class TermsForm(Form):
    """What a subsidy asks for and pays."""

    code = StringField(
        _l("Short name"),
        [_REQUIRED, Regexp(r"[a-z][a-z0-9-]{2,39}", message=_l("Small letters, digits, dashes"))],
        description=_l("The same in every year and version, for example bijie-travel"),
    )
    title = StringField(_l("Title"), [_REQUIRED, Length(max=100)])
    family = SelectField(_l("What it is for"), [_REQUIRED])
    payee = SelectField(_l("Who gets the money"), [_REQUIRED])
    jurisdiction = StringField(
        _l("Division code of the area"), [_REQUIRED, Regexp(r"\d{2,12}", message=_l("Digits"))]
    )
    year = IntegerField(_l("Year"), [_REQUIRED, NumberRange(2000, 2100)])
    min_months = IntegerField(_l("Least months of work"), [_REQUIRED, NumberRange(1, 12)])
    continuity = SelectField(_l("How months are counted"), [_REQUIRED])
    beyond_1 = SelectField(_l("Where the work lies (%(n)s)", n=1), [_REQUIRED])
    yuan_1 = YuanField(_l("Amount in yuan (%(n)s)", n=1), [_REQUIRED])
    provinces_1 = StringField(_l("Only these provinces (%(n)s)", n=1), [Optional()])
    beyond_2 = SelectField(_l("Where the work lies (%(n)s)", n=2), [Optional()])
    yuan_2 = YuanField(_l("Amount in yuan (%(n)s)", n=2), [Optional()])
    provinces_2 = StringField(_l("Only these provinces (%(n)s)", n=2), [Optional()])
    beyond_3 = SelectField(_l("Where the work lies (%(n)s)", n=3), [Optional()])
    yuan_3 = YuanField(_l("Amount in yuan (%(n)s)", n=3), [Optional()])
    provinces_3 = StringField(_l("Only these provinces (%(n)s)", n=3), [Optional()])
    beyond_4 = SelectField(_l("Where the work lies (%(n)s)", n=4), [Optional()])
    yuan_4 = YuanField(_l("Amount in yuan (%(n)s)", n=4), [Optional()])
    provinces_4 = StringField(_l("Only these provinces (%(n)s)", n=4), [Optional()])
    per_month = BooleanField(_l("The amount is for each whole month"))
    cap = YuanField(_l("Most for one person in yuan"), [_REQUIRED])
    payee_cap = YuanField(
        _l("Most for one employer or agent in yuan"),
        [Optional()],
        description=_l("Where an employer or agent gets the money; left empty, there is no limit"),
    )
    once = BooleanField(_l("Once in a life, not once a year"))
    journey = SelectField(_l("Way of travelling"), [_REQUIRED])
    categories = MultiCheckboxField(_l("Only for these households"))
    grade = SelectField(_l("Least evidence of the work"), [_REQUIRED])
    documents = MultiCheckboxField(_l("Documents to be shown"))
    opens_on = DayField(_l("First day for applications"), [_REQUIRED])
    closes_on = DayField(_l("Last day for applications"), [_REQUIRED])
    exclusive_with = StringField(
        _l("Not together with"),
        [Optional(), Length(max=200)],
        description=_l("Short names of other terms, with spaces between"),
    )
    notice_days = IntegerField(
        _l("Days of public notice"), [_REQUIRED, NumberRange(1, 60)], default=10
    )
    source = TextAreaField(
        _l("Source"),
        [_REQUIRED, Length(max=500)],
        description=_l("Title, number and day of the notice the terms are taken from"),
    )

    def __init__(self, terms: Terms | None = None) -> None:
        super().__init__(data=_shown(terms) if terms else None)
        lists: Mapping[Any, Mapping[str, str]] = {
            self.family: FAMILY_NAMES,
            self.payee: PAYEE_NAMES,
            self.continuity: CONTINUITY_NAMES,
            self.journey: JOURNEY_NAMES,
            self.grade: GRADE_NAMES,
            self.categories: CATEGORY_NAMES,
            self.documents: DOCUMENT_NAMES,
        }
        for field, names in lists.items():
            field.choices = choices(names)
        for n in _RATES:
            empty = "" if n == 1 else N_("Not used")
            self[f"beyond_{n}"].choices = choices(BEYOND_NAMES, empty=empty)
            self[f"provinces_{n}"].description = _l("Two-digit codes, with spaces between")

    def terms(self) -> Terms:
        """Return what was typed; call after validation.

        Raises:
            TermsUnusable: the terms contradict each other.
        """
        said = self.data
        rates = tuple(
            Rate(Beyond(said[f"beyond_{n}"]), said[f"yuan_{n}"], _codes(said[f"provinces_{n}"]))
            for n in _RATES
            if said[f"beyond_{n}"] and said[f"yuan_{n}"]
        )
        return Terms(
            code=said["code"],
            title=said["title"],
            family=Family(said["family"]),
            jurisdiction=said["jurisdiction"],
            year=said["year"],
            rates=rates,
            cap_fen=said["cap"],
            min_months=said["min_months"],
            continuity=Continuity(said["continuity"]),
            opens_on=_day(said["opens_on"]),
            closes_on=_day(said["closes_on"]),
            source=said["source"],
            payee=Payee(said["payee"]),
            payee_cap_fen=said["payee_cap"] or 0,
            per_month=said["per_month"],
            once=said["once"],
            journey=Journey(said["journey"]),
            categories=tuple(HouseholdCategory(one) for one in said["categories"]),
            grade=Grade(said["grade"]),
            documents=tuple(Document(one) for one in said["documents"]),
            exclusive_with=_codes(said["exclusive_with"]),
            notice_days=said["notice_days"],
        )


def _day(value: date | None) -> date:
    if value is None:
        raise ValueError("call after validation")
    return value


def _shown(terms: Terms) -> dict[str, Any]:
    """Return terms as a form shows them."""
    names = (
        "code title family payee jurisdiction year min_months continuity per_month once journey "
        "grade opens_on closes_on notice_days source"
    )
    shown: dict[str, Any] = {name: getattr(terms, name) for name in names.split()}
    shown["cap"] = terms.cap_fen
    shown["payee_cap"] = terms.payee_cap_fen or None
    shown["categories"] = [str(one) for one in terms.categories]
    shown["documents"] = [str(one) for one in terms.documents]
    shown["exclusive_with"] = " ".join(terms.exclusive_with)
    for n, rate in zip(_RATES, terms.rates, strict=False):
        shown[f"beyond_{n}"] = rate.beyond
        shown[f"yuan_{n}"] = rate.amount_fen
        shown[f"provinces_{n}"] = " ".join(rate.provinces)
    return shown


class AccountForm(Form):
    """Where the money goes."""

    account = StringField(
        _l("Number of the own social-security card"),
        [_REQUIRED, Length(max=40)],
        description=_l("Money goes to nobody else's card"),
    )

    bank = StringField(_l("Bank of the card"), [Optional(), Length(max=100)])


class ApplicationForm(AccountForm):
    """What is brought with an application."""

    applicant = SelectField(_l("Who brings the application"), [_REQUIRED])
    documents = MultiCheckboxField(_l("Documents seen"))
    evidence = StringField(
        _l("Where the documents are kept"),
        [Optional(), Length(max=200)],
        description=_l("For example the file's number; no names, no phone numbers"),
    )

    def __init__(self, *, of_firm: bool = False) -> None:
        super().__init__()
        offered = {
            one: name
            for one, name in APPLICANT_NAMES.items()
            if (one == Applicant.PAYEE) is of_firm
        }
        self.applicant.choices = choices(offered)
        self.documents.choices = choices(DOCUMENT_NAMES)
        if of_firm:
            self.account.label.text = _l("Number of the payee's account")
            self.account.description = _l("Money goes to the account in the payee's own name")

    def application(self) -> Application:
        """Return what was typed; call after validation."""
        return Application(
            Applicant(self.applicant.data),
            tuple(Document(one) for one in self.documents.data or ()),
            self.evidence.data or "",
            self.account.data or "",
            self.bank.data or "",
        )


class AnnounceForm(Form):
    """The head of a public notice."""

    title = StringField(_l("Title of the notice"), [_REQUIRED, Length(max=200)])

    def validate_title(self, field: StringField) -> None:
        """Refuse a title of blanks."""
        if not (field.data or "").strip():
            raise ValidationError(translate(N_("Enter a title")))


def read_filter(args: Mapping[str, str], scope: str | None) -> ClaimFilter:
    """Return what the address narrows the list of claims to; unknown words narrow nothing."""
    rule, state = args.get("rule", ""), args.get("state", "")
    return ClaimFilter(
        scope=scope,
        rule_id=int(rule) if rule.isdecimal() and len(rule) < 10 else None,
        state=ClaimState(state) if state in set(ClaimState) else None,
        place=place if (place := args.get("place", "")).isdecimal() else "",
    )

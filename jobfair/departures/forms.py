"""Forms of departure batches; each gives a draft or a filter."""

import re
from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import DecimalField, Field, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from jobfair.departures.queries.batches import BatchFilter, VehicleRow
from jobfair.departures.rules.drafts import BatchDraft
from jobfair.departures.rules.roster import COMPANY_NAMES, ROLE_NAMES, Company, Role
from jobfair.departures.rules.scans import JOB_NAMES
from jobfair.departures.rules.states import MODE_NAMES, PAYER_NAMES, Mode, Payer, State
from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import N_, translate
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.people import read_phone
from jobfair.kit.values.reading import Unread

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：.]([0-5]\d)")
_MOST_SEATS = 2_000  # a train's
_FEN = 100


class BatchForm(Form):
    """What an office plans."""

    origin = StringField(
        _l("Departure from"), [InputRequired(_l("Enter where the journey begins")), Length(max=100)]
    )
    destination = StringField(
        _l("Journey to"), [InputRequired(_l("Enter where the journey goes")), Length(max=100)]
    )
    mode = SelectField(_l("Transport"), [InputRequired(_l("Choose the transport"))])
    departs_on = DayField(_l("Planned day of departure"), [InputRequired(_l("Enter the day"))])
    arrives_on = DayField(_l("Planned day of arrival"), [InputRequired(_l("Enter the day"))])
    carrier = StringField(_l("Carrier"), [Length(max=100)])
    carrier_licence = StringField(_l("Carrier's licence number"), [Length(max=60)])
    cost = DecimalField(
        _l("Cost of the whole journey in yuan"),
        [Optional(), NumberRange(0, 20_000_000, _l("Enter an amount from 0 to 20,000,000"))],
    )
    payer = SelectField(_l("Who pays"), [InputRequired(_l("Choose who pays"))])
    policy_number = StringField(_l("Number of the travel insurance policy"), [Length(max=60)])
    pick_up = StringField(
        _l("Where the receiver waits"),
        [Length(max=200)],
        description=_l("Station, exit, gate of the factory"),
    )

    def __init__(self, **kept: object) -> None:
        super().__init__(**kept)
        self.mode.choices = choices(MODE_NAMES, empty=N_("Choose one"))
        self.payer.choices = choices(PAYER_NAMES, empty=N_("Choose one"))

    def validate_cost(self, field: Field) -> None:
        """An amount is whole fen."""
        if field.data is not None and field.data * _FEN != int(field.data * _FEN):
            raise ValidationError(translate(N_("Enter yuan with at most two decimals")))

    def validate_arrives_on(self, field: Field) -> None:
        """A journey ends after it begins."""
        if field.data and self.departs_on.data and field.data < self.departs_on.data:
            raise ValidationError(translate(N_("The arrival cannot lie before the departure")))

    def draft(self) -> BatchDraft:
        """Return what was typed; call after validation."""
        departs_on, arrives_on = self.departs_on.data, self.arrives_on.data
        if departs_on is None or arrives_on is None:
            raise ValueError("call after validation")
        return BatchDraft(
            origin=self.origin.data or "",
            destination=self.destination.data or "",
            mode=Mode(self.mode.data),
            departs_on=departs_on,
            arrives_on=arrives_on,
            carrier=self.carrier.data or "",
            carrier_licence=self.carrier_licence.data or "",
            cost_fen=int((self.cost.data or 0) * _FEN),
            payer=Payer(self.payer.data),
            policy_number=self.policy_number.data or "",
            pick_up=self.pick_up.data or "",
        )


class VehicleForm(Form):
    """A vehicle."""

    plate = StringField(
        _l("Plate, or train and carriage"), [InputRequired(_l("Enter the plate")), Length(max=20)]
    )
    seats = IntegerField(
        _l("Seats for travellers"),
        [
            InputRequired(_l("Enter the number of seats")),
            NumberRange(1, _MOST_SEATS, _l("Enter a number from 1 to 2,000")),
        ],
    )


class StopForm(Form):
    """Where people of a division board."""

    division = SelectField(_l("People from"), [InputRequired(_l("Choose from where"))])
    place = StringField(
        _l("They board at"), [InputRequired(_l("Enter the place")), Length(max=100)]
    )
    leaves_at = StringField(
        _l("Leaves at"), [InputRequired(_l("Enter the time"))], description=_l("For example 07:30")
    )

    def __init__(self, divisions: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.division.choices = [("", translate(N_("Choose one"))), *divisions]

    def validate_leaves_at(self, field: Field) -> None:
        """A time of the day, written as HH:MM."""
        told = _CLOCK.fullmatch(field.data or "")
        if told is None:
            raise ValidationError(translate(N_("Enter the time like 07:30")))
        field.data = f"{int(told[1]):02}:{told[2]}"


class ContactForm(Form):
    """Somebody to telephone about a batch."""

    role = SelectField(_l("Task on the journey"), [InputRequired(_l("Choose the task"))])
    person = StringField(_l("Name"), [InputRequired(_l("Enter the name")), Length(max=60)])
    phone = StringField(_l("Telephone"), [InputRequired(_l("Enter the telephone"))])
    vehicle = SelectField(
        _l("Vehicle"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Needed for a driver"),
    )

    def __init__(self, vehicles: Sequence[VehicleRow]) -> None:
        super().__init__()
        self.role.choices = choices(ROLE_NAMES, empty=N_("Choose one"))
        self.vehicle.choices = [("", "–"), *((one.id, one.plate) for one in vehicles)]

    def validate_phone(self, field: Field) -> None:
        """A telephone that can be called."""
        match read_phone(field.data or ""):
            case str() as phone:
                field.data = phone
            case Unread(reason):
                raise ValidationError(translate(reason))

    def validate_vehicle(self, field: Field) -> None:
        """A driver drives one of the vehicles; the others are there for all."""
        if self.role.data == Role.DRIVER and field.data is None:
            raise ValidationError(translate(N_("Choose the vehicle that this person drives")))


class CompanionForm(Form):
    """Somebody on the roster for whom no post of ours waits."""

    found = StringField(
        _l("ID number, card code or telephone"), [InputRequired(_l("Enter whom to add"))]
    )
    company = SelectField(_l("Why the person travels along"), [InputRequired(_l("Choose one"))])

    def __init__(self) -> None:
        super().__init__()
        names = {one: text for one, text in COMPANY_NAMES.items() if one != Company.PLACED}
        self.company.choices = choices(names, empty=N_("Choose one"))


class BatchStationForm(Form):
    """A phone for boarding or arrival."""

    name = StringField(
        _l("Name of the place"),
        [InputRequired(_l("Enter a name")), Length(max=60)],
        description=_l("For example coach 1, or arrival hall"),
    )
    job = SelectField(_l("What the phone is for"), [InputRequired(_l("Choose what it is for"))])

    def __init__(self) -> None:
        super().__init__()
        self.job.choices = choices(JOB_NAMES, empty=N_("Choose one"))


def read_filter(args: Mapping[str, str], scope: str | None) -> BatchFilter:
    """Return what a list of batches is narrowed to by the address; nonsense narrows nothing."""
    state, mode = args.get("state", ""), args.get("mode", "")
    since, until = (read_day(args.get(name, "")) for name in ("since", "until"))
    return BatchFilter(
        scope=scope,
        state=State(state) if state in set(State) else None,
        mode=Mode(mode) if mode in set(Mode) else None,
        text=args.get("text", "").strip(),
        since=since.value if isinstance(since, Day) else None,
        until=until.value if isinstance(until, Day) else None,
        unsettled=bool(args.get("unsettled")),
    )

"""The form of a station."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate
from jobfair.stations.rules import JOB_NAMES, LONGEST_NAME, Job


class StationForm(Form):
    """What is typed about a station."""

    name = StringField(
        _l("Name of the station"),
        [InputRequired(_l("Enter a name")), Length(max=LONGEST_NAME)],
        description=_l("As people on the spot call the place: Gate B, Desk 3, the booth's number"),
    )
    job = SelectField(_l("What it is for"), [InputRequired(_l("Choose what it is for"))])
    employer = SelectField(
        _l("Employer of the booth"),
        coerce=lambda value: int(value) if value else None,
        description=_l("Only for a booth"),
    )

    def __init__(self, employers: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        jobs = [(job.value, translate(name)) for job, name in JOB_NAMES.items()]
        self.job.choices = [("", translate("Choose")), *jobs]
        self.employer.choices = [("", "–"), *employers]

    def validate_employer(self, field: Field) -> None:
        """A booth has an employer, and nothing else has."""
        if self.job.data == Job.BOOTH and not field.data:
            raise ValidationError(translate("Choose the employer of the booth"))
        if self.job.data != Job.BOOTH:
            field.data = None

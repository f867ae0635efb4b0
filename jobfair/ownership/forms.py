"""Forms of hand-overs and labour stations."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from jobfair.accounts.rules import Scope
from jobfair.kit.clock import BEIJING
from jobfair.kit.forms import Form
from jobfair.ownership.queries import HandOverFilter
from jobfair.ownership.rules import Standing


class ReasonForm(Form):
    """Why an offer is declined, or a hand-over taken back."""

    reason = StringField(
        _l("Reason in words"),
        [DataRequired(_l("Enter the reason")), Length(max=300)],
        description=_l("The other office reads it; no names"),
    )


class OfferForm(Form):
    """Which station somebody is offered to."""

    station = SelectField(
        _l("Labour station"), [InputRequired(_l("Choose a labour station"))], coerce=int
    )

    def offer(self, stations: Mapping[int, str]) -> "OfferForm":
        """Fill in the stations that may be chosen."""
        self.station.choices = list(stations.items())
        return self


class ServingForm(Form):
    """One more place or employer that a station serves."""

    place = StringField(
        _l("Division served"),
        [Optional(), Length(max=100)],
        description=_l("Name or code, for example 深圳市宝安区 or 440306"),
    )
    employer = StringField(
        _l("Employer served, wherever its people work"),
        [Optional(), Length(max=200)],
        description=_l("Its name in full"),
    )


def read_known_at(args: MultiDict[str, str]) -> datetime | None:
    """Return the instant as of whose knowledge owners are asked for, Beijing time; None for now.

    Raises:
        ValueError: it could not be read.
    """
    text = args.get("known-at", "").strip()
    at = datetime.fromisoformat(text) if text else None
    return at if at is None or at.tzinfo else at.replace(tzinfo=BEIJING)


def read_filter(args: MultiDict[str, str], scope: Scope) -> HandOverFilter:
    """Return the filter of a query string; what is not understood is no limit.

    Without a word the list shows what waits to be accepted; ``all`` shows everything.
    """
    asked, county = args.get("standing", ""), args.get("county", "")
    standing = Standing(asked) if asked in set(Standing) else None
    return HandOverFilter(
        scope=scope.division,
        station_id=scope.organisation_id,
        standing=None if asked == "all" else standing or Standing.OFFERED,
        county=county if county.isascii() and county.isdigit() and len(county) <= 12 else "",
        employer=args.get("employer", "").strip()[:100],
    )

"""What the pages of this room share: the blueprint, paging, words beside a field."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate

bp = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | BaseResponse

PAGE = 50
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list stands."""

    number: int
    total: int
    size: int = PAGE

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    def url(self, number: int) -> str:
        """Return the address of another page of this list."""
        others = {name: value for name, value in request.args.items() if name != "page"}
        return f"{request.path}?{urlencode(others | {'page': str(number)})}"


def paging_of(total: int) -> Paging:
    """Return where a list of so many rows stands, by the address."""
    last = max(1, -(-total // PAGE))
    asked = request.args.get("page", 1, type=int)
    return Paging(min(max(asked, 1), last), total)


def tell(field: Field, refusal: Refusal) -> None:
    """Show a refusal beside a field."""
    field.errors = [*field.errors, translate(refusal.message, **refusal.params)]


def kept(*names: str) -> dict[str, str]:
    """Return what the list shown now is filtered by, for the address of its file."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def state_word(*, active: bool) -> str:
    """Return the word for an open or a closed account or organisation."""
    return str(_("Active") if active else _("Deactivated"))

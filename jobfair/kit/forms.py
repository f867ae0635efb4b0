"""The base of every form: white space stripped, messages in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import DateField, SelectMultipleField, widgets

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.values.dates import NOT_UNDERSTOOD, Day, read_day
from jobfair.kit.values.reading import Unread
from jobfair.kit.web import db


def strip(value: Any) -> Any:
    """Return text without white space around it; anything else unchanged."""
    return value.strip() if isinstance(value, str) else value


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class DayField(DateField):
    """A day typed the way offices write it: 2010-03-08, 20100308, 2010.3.8 or 2010年3月8日.

    A text box and not the browser's own picker, which shows the order of the browser's language
    whatever the page's is, and takes three steps for a birthday of forty years ago.
    """

    widget = widgets.TextInput()

    def __init__(self, label: Any, validators: Any = None, **more: Any) -> None:
        more.setdefault("description", _l("For example 2010-03-08"))
        super().__init__(label, validators, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day that was typed.

        Raises:
            ValueError: it is none; the text says how to write it.
        """
        self.data = None
        match read_day(valuelist[0]) if valuelist else None:
            case Day() as day if day.exact:
                self.data = day.value
            case Day():
                raise ValueError(translate(NOT_UNDERSTOOD))
            case Unread(reason):
                raise ValueError(translate(reason))


class Form(FlaskForm):
    """A form that strips what is typed and speaks the page's language."""

    class Meta(FlaskForm.Meta):
        """WTForms settings."""

        @property
        def locales(self) -> list[str]:
            """Return the languages of the built-in messages."""
            return ["zh"] if str(get_locale() or "zh").startswith("zh") else ["en"]

        def get_translations(self, form: Any) -> Any:
            """Use the messages WTForms ships, in Chinese too."""
            return super(FlaskForm.Meta, self).get_translations(form)

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Strip every text."""
            filters = [*unbound_field.kwargs.get("filters", []), strip]
            if unbound_field.field_class.__name__ not in {"FieldList", "FormField"}:
                return unbound_field.bind(form=form, filters=filters, **options)
            return unbound_field.bind(form=form, **options)


def choices(names: Mapping[str, str], *, empty: str = "") -> list[tuple[str, str]]:
    """Return words as the choices of a list, translated; ``empty`` names the choice of none."""
    first = [("", translate(empty))] if empty else []
    return first + [(str(value), translate(text)) for value, text in names.items()]


def carried_out(form: Form, verb: Callable[[Session], None]) -> bool:
    """Run a verb in a writing transaction if the form is sent and valid; return whether it is done.

    A refusal is put at the head of the form, where nothing typed is lost.
    """
    if not form.validate_on_submit():
        return False
    try:
        with db().writing() as session:
            verb(session)
    except Refusal as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.params))
    return not form.errors

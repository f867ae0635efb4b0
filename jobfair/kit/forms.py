"""The base of every form: white space stripped, messages in the reader's language."""

from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, widgets


def strip(value: Any) -> Any:
    """Return text without white space around it; anything else unchanged."""
    return value.strip() if isinstance(value, str) else value


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


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

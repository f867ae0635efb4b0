"""The form of a new plan."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from jobfair.allocations.making import Wanted
from jobfair.allocations.rules import GROUP_RULE_NAMES, OBJECTIVE_NAMES
from jobfair.kit.forms import Form, choices
from jobfair.matching.plans import GroupRule

_LARGEST_SEED = 2**31 - 1


class PlanForm(Form):
    """What is asked of a plan."""

    objective = RadioField(
        _l("What the plan aims at"),
        [InputRequired(_l("Choose what the plan aims at."))],
        default="stable",
    )
    groups = RadioField(
        _l("Travel groups"),
        [InputRequired(_l("Choose how travel groups are treated."))],
        default=GroupRule.TOGETHER.value,
    )
    share = IntegerField(
        _l("Least share of the posts for registered-poor households, per cent"),
        [
            InputRequired(_l("Enter a share from 0 to 100; 0 asks for none.")),
            NumberRange(0, 100, _l("Enter a share from 0 to 100; 0 asks for none.")),
        ],
        default=0,
    )
    seed = IntegerField(
        _l("Lot number"),
        [
            InputRequired(_l("Enter a whole number from 0.")),
            NumberRange(0, _LARGEST_SEED, _l("Enter a whole number from 0.")),
        ],
        default=0,
        description=_l("Decides among people of the same score. The same number, the same plan."),
    )

    def __init__(self) -> None:
        super().__init__()
        self.objective.choices = choices(OBJECTIVE_NAMES)
        self.groups.choices = choices({rule.value: n for rule, n in GROUP_RULE_NAMES.items()})

    def wanted(self) -> Wanted:
        """Return what was asked for; call after validation."""
        return Wanted(
            objective=str(self.objective.data),
            seed=int(self.seed.data or 0),
            share=int(self.share.data or 0),
            groups=GroupRule(str(self.groups.data)),
        )

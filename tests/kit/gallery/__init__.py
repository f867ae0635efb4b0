"""A small application that shows every macro of templates/kit, for looking at and for axe."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from jobfair import config
from jobfair.kit import charts, web
from jobfair.kit.forms import DayField, Form, MultiCheckboxField
from jobfair.kit.resources import folder

today = Blueprint("today", __name__)
accounts = Blueprint("accounts", __name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in."""

    display_name: str = "陈经办"
    organisation_name: str = "七星关区就业局"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool = False


def _choices(*labels: str) -> list[SelectChoice]:
    return [SelectChoice(str(n) if n else "", label) for n, label in enumerate(labels)]


class Sample(Form):
    """One field of every kind."""

    title = StringField("岗位名称", [validators.InputRequired()])
    headcount = IntegerField("招聘人数", [validators.InputRequired()])
    start = DayField("到岗日期", [validators.Optional()])
    kind = SelectField("学历", choices=_choices("–", "初中", "高中"))
    sector = RadioField("班次", choices=_choices("", "白班", "两班倒")[1:])
    skills = MultiCheckboxField("技能", choices=_choices("", "焊工", "叉车")[1:])
    text = TextAreaField("岗位要求")
    file = FileField("文件")
    password = PasswordField("密码", [validators.InputRequired()])
    consent = BooleanField("已告知并同意")


@today.get("/")
def home() -> str:
    """The gallery, or an empty page for somebody not signed in."""
    if "flash" in request.args:
        flash("已保存。")
        flash("有 3 行未导入。", "warning")
    series = [("男", [310, 220, 180]), ("女", [250, 260, 0])]
    bars = charts.bars(["七星关区", "大方县", "黔西市"], series, alt="各县登记人数")
    return render_template("gallery.html", form=Sample(), chart=bars)


@today.post("/")
def send() -> tuple[str, int]:
    """The gallery after a refusal."""
    form = Sample()
    form.validate()
    return render_template("gallery.html", form=form, chart=None), 422


@today.post("/language")
def switch_language() -> str:
    """Stand for the real page."""
    return ""


@today.get("/error/<int:status>")
def error(status: int) -> tuple[str, int]:
    """An error page."""
    page = render_template(
        "kit/error.html", status=status, title=_("Page not found"), reason=_("Not possible here")
    )
    return page, status


@accounts.get("/account")
@accounts.get("/sign-in", endpoint="sign_in")
@accounts.post("/sign-out", endpoint="sign_out")
def account() -> str:
    """Stand for the real pages."""
    return ""


def _navigation() -> list[Item]:
    names = ["今日", "求职者", "岗位", "企业", "招聘会", "转移就业", "学生", "报表", "账号"]
    return [Item(name, url_for("today.home"), current=name == "岗位") for name in names]


def make_gallery(home_folder: Path) -> Flask:
    """Build the application."""
    app = Flask("gallery", static_folder=str(folder("static")))
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(str(folder("templates"))), FileSystemLoader(str(Path(__file__).parent))]
    )
    key = "g" * 40
    app.config.update(
        SETTINGS=config.load(
            {"JOBFAIR_HOME": str(home_folder), "JOBFAIR_SECRET_KEY": key}, environment="test"
        ),
        SECRET_KEY=key,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    web.install(app)
    CSRFProtect(app)
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(today)
    app.register_blueprint(accounts)
    app.jinja_env.globals.update(
        visitor=lambda: None if "out" in request.args else Visitor(),
        may=lambda _permission: True,
        nav_items=_navigation,
        demo=lambda: True,
        version=lambda: "0.1.0",
        this_page=lambda: request.path,
        page_refused=lambda: request.method == "POST",
        page_url=lambda number: f"/?page={number}",
        asset=lambda name: url_for("static", filename=name),
    )
    return app

"""Reads the work columns of a county's transfer ledger: the words offices write, to rules' words.

Sources of the words: rural transfer ledgers (农村劳动力转移就业台账), the poverty register's
monthly work survey (务工月监测), MOHRSS item codes (ACC987, ACC455).
"""

import re
from dataclasses import dataclass
from datetime import date

from jobfair.kit.events.rules import Precision
from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.people import says_yes
from jobfair.kit.values.reading import Unread
from jobfair.kit.values.wages import Wage, read_wage
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EndReason

# Field to the headers it stands under; the first is the one of our own template.
HEADERS: dict[str, tuple[str, ...]] = {
    "employer": ("单位名称", "就业单位", "务工企业名称", "务工单位", "企业名称", "AAB004"),
    "workplace": (
        "转移就业地点",
        "就业地点",
        "务工所在县",
        "务工地点",
        "务工地区",
        "务工所在地",
    ),
    "province": ("外出省份", "务工省份"),
    "area": ("务工地域", "务工区域", "转移就业区域", "就业区域"),
    "status": ("就业状态", "农村劳动力转移就业状况", "转移就业状态", "就业情况", "ACC987"),
    "working": ("是否已务工", "是否务工", "是否就业"),
    "organised": ("是否有组织劳务输出", "是否有组织输出", "有组织劳务输出"),
    "direct": ("是否点对点输送", "点对点输送"),
    "channel": ("就业渠道", "转移就业方式", "务工方式", "输出方式", "ACC455"),
    "started": ("转移就业时间", "开始时间", "务工开始时间", "外出务工时间", "就业时间", "到岗时间"),
    "ended": ("返乡时间", "结束时间", "务工结束时间", "返乡日期"),
    "return_reason": ("返乡原因",),
    "title": ("岗位/工种", "主要从事工种", "从事工种", "岗位", "工种", "职务"),
    "industry": ("从事行业", "转移就业从事行业", "行业"),
    "sector": ("转移就业产业类别", "从事产业类型"),
    "monthly_income": ("月收入", "外出务工月收入", "月工资", "月薪"),
    "yearly_income": ("年收入（万元）", "年收入"),
}

NO_PLACEMENT = N_("The row says that this person does not work away; import it as a seeker.")
NO_PLACE = N_("Fill in the employer or the workplace: one of them is needed.")
BAD_START = N_("The first day at work is not a date; write it like 2010-03-08 or 2010年3月.")
BAD_END = N_("The day of the return is not a date; write it like 2010-12-20 or 2010年12月.")
ODD_INCOME = N_("The income is not understood or not possible; it was left out.")

# ACC455 and the words of counties.
_CHANNEL_CODES = {
    "1": Channel.ORGANISED,
    "2": Channel.SELF_ARRANGED,
    "3": Channel.ORGANISED,
    "5": Channel.ASSISTED,
    "6": Channel.ASSISTED,
    "7": Channel.SELF_ARRANGED,
}
_CHANNELS = (
    (re.compile(r"自发|自主|自行|自己|亲戚|亲友|朋友|老乡|熟人|网络"), Channel.SELF_ARRANGED),
    (re.compile(r"组织|点对点|劳务协作|东西部|输送|包车|专列"), Channel.ORGANISED),
    (
        re.compile(r"推荐|介绍|招聘会|人社|公共就业|中介|人力资源|劳务公司|经纪|车间|公益"),
        Channel.ASSISTED,
    ),
)
# ACC987: farming, home without work, own business, none.
_NOT_AWAY_CODES = frozenset({"02", "2", "03", "3", "05", "5", "99"})
_NOT_AWAY = re.compile(r"务农|未就业|返乡|创业|失业|待业|在读|无转移")
_AREAS = (
    (re.compile(r"境外|国外|海外"), Destination.ABROAD),
    (re.compile(r"省外|外省"), Destination.OUT_OF_PROVINCE),
    (re.compile(r"县外市内|县外州内|市内县外"), Destination.IN_PREFECTURE),
    (re.compile(r"市外省内|州外省内|省内市外"), Destination.IN_PROVINCE),
    # The poverty register knows no finer word; both readings are an export.
    (re.compile(r"省内县外|县外省内|县外"), Destination.IN_PROVINCE),
    (re.compile(r"县内|乡内|本地|本县|本乡|本村"), Destination.IN_COUNTY),
)
_REASONS = (
    (re.compile(r"季节|农忙|过年|春节|临时"), EndReason.SEASONAL),
    (re.compile(r"病|伤|身体"), EndReason.ILLNESS),
    (re.compile(r"家|照顾|老人|孩子|子女|结婚|怀孕"), EndReason.FAMILY),
    (re.compile(r"裁|倒闭|停工|停产|解聘|辞退|失业"), EndReason.LAYOFF),
    (re.compile(r"不再|回乡|就近|创业|辞职"), EndReason.FINAL),
)
# A yearly income of two digits is said in 万元.
_IN_WAN = re.compile(r"\d{1,2}(?:\.\d+)?(?:\s*[-~至]\s*\d{1,2}(?:\.\d+)?)?")
_PLAUSIBLE_FEN = range(300_00, 200_000_00)


@dataclass(frozen=True, slots=True)
class When:
    """A day as far as it is known: the first of the month or year when no more is."""

    day: date
    precision: Precision


def read_channel(*, organised: str, direct: str, channel: str) -> Channel:
    """Return how the work was found; what nobody arranged was self-arranged."""
    if says_yes(organised) or says_yes(direct):
        return Channel.ORGANISED
    if channel in _CHANNEL_CODES:
        return _CHANNEL_CODES[channel]
    found = next((kind for shape, kind in _CHANNELS if shape.search(channel)), None)
    # An explicit "not organised" outweighs a word that only sounds like it.
    if found is Channel.ORGANISED and says_yes(organised) is False:
        return Channel.ASSISTED
    return found or Channel.SELF_ARRANGED


def works_away(*, status: str, working: str) -> bool:
    """Return whether the row reports a placement at all."""
    if says_yes(working) is False or status in _NOT_AWAY_CODES:
        return False
    return not _NOT_AWAY.search(status)


def read_workplace(workplace: str, province: str) -> str:
    """Return where the work is, with its province when that stands in a column of its own."""
    return workplace if workplace.startswith(province[:2]) else province + workplace


def read_area(text: str) -> Destination | None:
    """Return the destination as the ledger says it, None when it says nothing known."""
    return next((area for shape, area in _AREAS if shape.search(text)), None)


def read_reason(text: str) -> EndReason:
    """Return the reason of a return."""
    return next((why for shape, why in _REASONS if shape.search(text)), EndReason.UNKNOWN)


def read_when(text: str) -> When | Unread | None:
    """Return a day of any precision, None for an empty cell."""
    found = read_day(text)
    if not isinstance(found, Day):
        return found
    first, last = found.first, found.last
    if first == last:
        return When(first, Precision.DAY)
    if (first.year, first.month) == (last.year, last.month):
        return When(first.replace(day=1), Precision.MONTH)
    return When(first.replace(month=1, day=1), Precision.YEAR)


def read_income(monthly: str, yearly: str) -> int | None:
    """Return the monthly wage in fen; None when it is not said or not plausible."""
    fen = _monthly(monthly)
    if fen is None and yearly:
        unit = "万/年" if _IN_WAN.fullmatch(yearly) else "" if "年" in yearly else "/年"
        fen = _monthly(yearly + unit)
    # None is looked for in a range number by number, which takes half a second.
    return fen if fen is not None and fen in _PLAUSIBLE_FEN else None


def _monthly(text: str) -> int | None:
    wage = read_wage(text)
    if not isinstance(wage, Wage):
        return None
    low, high = wage.monthly()
    return high if low is None else low

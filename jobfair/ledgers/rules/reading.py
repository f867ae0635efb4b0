"""Reads the work columns of a transfer ledger: the words offices write, to rules' words.

Sources of the words: rural transfer ledgers (农村劳动力转移就业台账), the poverty register's
monthly work survey (务工月监测), MOHRSS item codes (ACC987, ACC455).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobfair.kit.events.rules import Grade, Precision, day_text
from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.people import says_yes
from jobfair.kit.values.reading import Unread
from jobfair.kit.values.wages import Wage, read_wage
from jobfair.ledgers.rules.words import State
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.kinds import EndReason

# Field to the headers it stands under; the first is the one of our own template and files.
WORK: dict[str, tuple[str, ...]] = {
    "state": ("转移就业状态", "就业（转移）状态", "就业状态", "就业情况"),
    "transfer": ("农村劳动力转移就业状况", "ACC987"),
    "working": ("是否已务工", "是否务工", "是否就业"),
    "way": ("转移就业方式", "务工方式", "输出方式", "ACC455"),
    "organised": ("是否有组织劳务输出", "是否有组织输出", "有组织劳务输出"),
    "direct": ("是否点对点输送", "点对点输送"),
    "channel": ("就业渠道", "务工渠道"),
    "industry": ("从事行业", "转移就业从事行业", "行业"),
    "sector": ("转移就业产业类别", "从事产业类型"),
    "area": ("务工地域", "务工区域", "转移就业区域", "就业区域"),
    "province": ("外出省份", "务工省份"),
    "workplace": (
        "转移就业地点",
        "就业地点",
        "务工所在县",
        "务工地点",
        "务工地区",
        "务工所在地",
    ),
    "started": ("转移就业时间", "开始时间", "务工开始时间", "外出务工时间", "就业时间", "到岗时间"),
    "employer": ("单位名称", "就业单位", "务工企业名称", "务工单位", "企业名称", "AAB004"),
    "credit_code": ("统一社会信用代码", "单位信用代码", "信用代码"),
    "title": ("岗位/工种", "主要从事工种", "从事工种", "岗位", "工种", "职务"),
    "monthly_income": ("月收入", "外出务工月收入", "月工资", "月薪"),
    "yearly_income": ("年收入（万元）", "年收入"),
    "ended": ("返乡时间", "结束时间", "务工结束时间", "返乡日期"),
    "return_reason": ("返乡原因",),
}
# What only the ledger says; kept with its line as it was written, and given out again.
KEPT: dict[str, tuple[str, ...]] = {
    "hamlet": ("自然村", "村民组", "自然村（组）"),
    "head_name": ("户主姓名", "户主"),
    "head_id": ("户主证件号码", "户主身份证号", "户主身份证号码", "户主证件号"),
    "health": ("健康状况", "健康", "身体状况", "AAC033"),
    "resettled": ("易地搬迁", "是否易地搬迁", "是否易地扶贫搬迁"),
    "moved_from": ("搬迁前住址", "搬迁前地址"),
    "moved_to": ("搬迁后住址", "搬迁后地址", "安置点"),
    "landless": ("失地农民", "是否失地农民"),
    "resource": ("人口资源分类", "AAC316"),
    "contract": ("劳动合同", "是否签订劳动合同", "合同签订情况"),
    "insurance": ("社保", "参保情况", "社会保险", "是否参保"),
    "months": ("务工时间（月）", "务工月数", "务工时长"),
    "idle_reason": ("未就业原因", "未务工原因"),
    "training_done": ("是否参加过培训", "曾参加培训", "是否参加培训"),
    "training_wish": ("培训意向", "参加农村劳动力技能培训意向"),
    "training_trade": ("培训工种",),
    "training_from": ("培训开始时间",),
    "training_to": ("培训结束时间",),
    "guidance": ("职业指导次数",),
    "offers": ("岗位推送次数", "岗位推荐次数"),
    "trainings": ("培训次数",),
    "benefit_training": ("培训补贴",),
    "benefit_insurance": ("社保补贴",),
    "benefit_post": ("岗位补贴",),
    "benefit_other": ("其他补贴", "其他政策"),
    "collector": ("采集人", "填报人", "调查人", "AAE011"),
    "collected_on": ("采集日期", "填报日期", "采集时间", "AAE036"),
    "told_by": ("数据来源", "信息来源"),
    "remark": ("备注", "AAE013"),
}
# How sure the row is, and what its writer answers to questions asked before.
ANSWERS: dict[str, tuple[str, ...]] = {
    "grade": ("证据等级",),
    "evidence": ("证明材料",),
    "wage_right": ("月收入属实",),
    "change": ("换单位", "变更单位"),
}

NO_PLACE = N_("Fill in the employer or the workplace: one of them is needed.")
BAD_START = N_("The first day at work is not a date; write it like 2010-03-08 or 2010年3月.")
BAD_END = N_("The day of the return is not a date; write it like 2010-12-20 or 2010年12月.")
ODD_INCOME = N_("The income is not understood or not possible; it was left out.")
ASSUMED = N_("Nobody is named who arranged the work: taken as self-arranged.")
VAGUE_PLACE = N_(
    "Only the province is known: counted in stock, left out of figures by district. Ask for the "
    "city and district."
)
STILL_AHEAD = N_(
    "The first day lies in the future: taken as planned. Send the row again when the work has "
    "begun, or record the first day."
)
HEALTH_LEFT_OUT = N_(
    "Findings and values of a health check may not be kept; they were left out. Only the verdict "
    "belongs here."
)
NO_EVIDENCE = N_(
    "Evidence of grade A or B needs the papers named (证明材料); it was kept as grade D."
)

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
_OWN = re.compile(r"创业|个体|自营")
_IDLE = re.compile(r"务农|未就业|失业|待业|在读|无转移|未务工|返乡")
_CODE = re.compile(r"0?(\d{1,2})")
BAD_MONTHS = N_("The months of work are not a number from 0 to 12; they were left out.")
INCOME_WITHOUT_MONTHS = N_(
    "There is an income, and neither the months of work nor the first day. Ask for one of them."
)
MONTHS_WITHOUT = {
    "income": N_("There are months of work and no income. Ask what was earned."),
    "workplace": N_("There are months of work and no workplace. Ask where it was."),
    "employer": N_("There are months of work and no employer. Ask for whom it was."),
}
NO_DIRECT = N_(
    "Organised work, and the row does not say whether the transport was point to point. Ask."
)
# The form's own list, and that of the ministry's item ACC987: two lists share their numbers.
_STATE_CODES = {"1": State.EMPLOYED, "2": State.OWN_BUSINESS, "3": State.IDLE}
_TRANSFER_CODES = {
    "2": State.IDLE,
    "3": State.IDLE,
    "4": State.EMPLOYED,
    "5": State.OWN_BUSINESS,
    "6": State.EMPLOYED,
    "7": State.EMPLOYED,
    "99": State.IDLE,
}
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
_TEN = 10
_THIRDS = ("上旬", "中旬", "下旬")
_MONTHS = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*个?月?")
_MONTHS_AT_MOST = 12
_GUESSED = re.compile(r"估计|推算|推测|不详")


@dataclass(frozen=True, slots=True)
class When:
    """A day as far as it is known: the first of the month or year when no more is."""

    day: date
    precision: Precision


def read_channel(*, organised: str, direct: str, channel: str, way: str = "") -> Channel | None:
    """Return how the work was found; None when the row says nothing of it."""
    if says_yes(organised) or says_yes(direct):
        return Channel.ORGANISED
    found = next(filter(None, map(_channel, (way, channel))), None)
    # An explicit "not organised" outweighs a word that only sounds like it.
    if found is Channel.ORGANISED and says_yes(organised) is False:
        return Channel.ASSISTED
    if found is None and says_yes(organised) is False:
        return Channel.SELF_ARRANGED
    return found


def _channel(text: str) -> Channel | None:
    code = _CODE.fullmatch(text)
    if code:
        return _CHANNEL_CODES.get(code[1])
    return next((kind for shape, kind in _CHANNELS if shape.search(text)), None)


def read_state(*, state: str, transfer: str, working: str) -> State | None:
    """Return whether the row says that somebody works; None when it says nothing of it."""
    text = state or transfer
    if says_yes(working) is False:
        return State.IDLE
    if _OWN.search(text):
        return State.OWN_BUSINESS
    if _IDLE.search(text):
        return State.IDLE
    code = _CODE.fullmatch(text)
    if code and state:
        return _STATE_CODES.get(code[1]) or _TRANSFER_CODES.get(code[1])
    if code:
        return _TRANSFER_CODES.get(code[1])
    return State.EMPLOYED if text or working else None


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
    if first.month == last.month and (first.day > 1 or last.day == _TEN):
        return When(first, Precision.TEN_DAYS)
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


def read_months(text: str) -> float | Unread | None:
    """Return the months of work in a year, None when they are not said."""
    if not text:
        return None
    found = _MONTHS.fullmatch(text)
    months = float(found[1]) if found else -1
    return months if 0 <= months <= _MONTHS_AT_MOST else Unread(BAD_MONTHS)


def months_notes(cells: Mapping[str, str]) -> list[str]:
    """Return what is to be told where months, income, place and employer do not stand together."""
    months = read_months(cells["months"])
    income = bool(cells["monthly_income"] or cells["yearly_income"])
    if isinstance(months, Unread):
        return [BAD_MONTHS]
    if not months:
        undated = income and not cells["started"]
        return [INCOME_WITHOUT_MONTHS] if undated else []
    told = {"income": income, "workplace": cells["workplace"], "employer": cells["employer"]}
    return [MONTHS_WITHOUT[name] for name, there in told.items() if not there]


def _monthly(text: str) -> int | None:
    wage = read_wage(text)
    if not isinstance(wage, Wage):
        return None
    low, high = wage.monthly()
    return high if low is None else low


def write_when(day: date, precision: Precision) -> str:
    """Return a day as `read_when` reads it back, no more exact than it is known."""
    if precision is Precision.TEN_DAYS:
        return f"{day.year}年{day.month}月{_THIRDS[min((day.day - 1) // _TEN, 2)]}"
    return day_text(day, precision)


def read_grade(grade: str, evidence: str, told_by: str) -> tuple[Grade, str | None]:
    """Return how sure a row is, and what is to be told about it.

    A village's list is the word of a cadre (D), a guess is none (E). What is better says where its
    papers are.
    """
    letter = grade.strip().upper()[:1]
    if letter in {Grade.A, Grade.B} and not evidence:
        return Grade.D, NO_EVIDENCE
    if letter in set(Grade):
        return Grade(letter), None
    return (Grade.E if _GUESSED.search(told_by) else Grade.D), None

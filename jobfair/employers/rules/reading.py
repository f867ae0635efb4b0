"""What the texts of a vacancy say: demands, shifts, board and lodging; and whose text it is.

Cells with one meaning are read by ``kit.values``; here is what stands in sentences. A text can
speak of several posts: demands then count only where they stand with the row's own title.
"""

import html
import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from jobfair.employers.rules.drafts import EmployerKind, Shift
from jobfair.kit.values.counts import Ages, Experience, counted, read_ages, read_experience
from jobfair.kit.values.counts import read_headcount as read_people
from jobfair.kit.values.education import Education, read_education

_LEVEL = "(?:博士|硕士|研究生|本科|大专|专科|高职|中专|中技|技校|职高|高中|初中|小学)"
_LEVELS = rf"{_LEVEL}(?:\s*(?:或者?|、|/|及|,)\s*{_LEVEL})*"
_EDUCATION_IN_TEXT = re.compile(
    rf"({_LEVELS})\s*(?:\(含\))?(?:以上|(?:及其?|或|含)以上|毕业|文化|水平|学历|程度)"
    rf"|学历\s*(?:要求)?\s*[:：]\s*({_LEVELS})"
)
_EXPERIENCE_IN_TEXT = re.compile(
    r"(?<![\d.])\d{1,2}\s*(?:[-~—–至到]+\s*\d{1,2}\s*)?年半?(?:\(含\))?(?:及?以上|左右)?(?!级|薪|假|休|龄|度|底|终|制|内|前|后)"
    r"[^,.，。；;\n]{0,20}(?:经[验历]|工作|从业)"
    r"|(?:经[验历]|从事|工作|从业)[^,.，。；;\n\d]{0,16}(?<![\d.])\d{1,2}\s*年(?:及?以上)"
)
_ANY_EXPERIENCE = re.compile(
    r"(?:无需|不需|不限|无须)(?:工作)?经验|经验不限|有无经验|(?:优秀)?应届[^,.，。；;\n]{0,6}(?:亦可|也可|均可|可以|可接受)"
    r"|接受[^,.，。；;\n]{0,4}应届|无经验[^,.，。；;\n]{0,4}(?:亦可|也可|均可|可)"
)
_FIRM_YEARS = re.compile(r"公司|团队|成立|专注|历史|集团|企业|合同|签")
_MOST_YEARS = 15
_HEADCOUNT_IN_TEXT = re.compile(
    r"(?:招聘?|需求?|急聘|诚聘|招聘人数[:：]?|人数[:：]?)\s*(\d{1,4}\s*[名人位])"
)
_POST = re.compile(
    r"(?:^|[\n。；;、,\s]|[\d一二三四五六七八九十]\s*[、.)])\s*"
    r"([\u4e00-\u9fffA-Za-z/（）()]{2,16}?)\s*[:：\-—(]{0,2}\s*(?:招聘?)?(?:\d{1,3}|[一二两三四五六七八九十]|若干|数)\s*[人名位]"
)
_POST_NOT = re.compile(r"^(?:招聘?|人数|需求?|要求|团队|公司|每|共|约|以上|带领|管理)|人数|[:：]")
_LEAST_POSTS = 3
_SAME_POST = 60
_HOURS = re.compile(
    r"(?:每天|每日|一天|日工作|工作时间)?[^，,。；;]{0,4}(?<![\d.])(\d{1,2}(?:\.5)?)\s*(?:个)?小时\s*(?:制|/天|每天|工作制|工作日|[\u4e00-\u9fff]班|[双单]休)"
    r"|(?:每天|每日|一天|天|工作|工作时间[:：]?)(?:工作|上班)?\s*(?<![\d.])(\d{1,2}(?:\.5)?)\s*(?:个)?小时"
)
_FIVE_AND_HALF = re.compile(r"单双休|大小[周休]")
_SIX_DAYS = re.compile(
    r"单休|(?:每周|一周)(?:工作|上班)?\s*[六6]\s*天|(?<!\d)[六6]\s*天(?:工作|制|[*×x]?\s*[八78]\s*小时)|(?:月休|每月休(?:息)?)\s*[4四](?!\d)"
    r"|(?:周休|每周休(?:息)?|一周休)\s*[一1]|[做上]六休一|六日制|周一[至到~-]周六"
)
_FIVE_DAYS = re.compile(
    r"(?<!无)(?<!没有)双休|(?:每周|一周)(?:工作|上班)?\s*[五5]\s*天|(?<![\d十])[五5]\s*天(?:工作|制|[*×x]?\s*[八78]\s*小时)"
    r"|[做上]五休二|周末休|周休[二两2]日?|朝九晚[五六]|周一[至到~-]周五|月休\s*[八8]|九五双休"
)
_NIGHT = re.compile(
    r"夜班|晚班|大夜|通宵|上夜|深夜|倒班|两班倒|三班倒|二班倒|轮班|[两二三23]班[倒制]"
)
_NO_NIGHT = re.compile(
    r"(?:不上|无|不用上?|没有|不需上?|无需|不倒|不)(?:夜班|晚班|倒班|轮班|三班倒|两班倒)|长白班|常白班|纯白班"
)
_GIVES = "提供(?:免费|员工|集体|舒适|空调|优质|良好|的)*"
_LODGING = re.compile(
    rf"包吃包?住|包食宿|包住|{_GIVES}(?:食宿|住宿|宿舍|吃住|公寓|吃、住)|提供[^,.，。；;不无]{{0,10}}[、和及](?:住宿|宿舍)(?!补)|免费(?:提供)?(?:住宿|食宿|宿舍|吃住)|管吃管?住|管住"
    r"|(?<!入)住宿舍|供食宿|吃住(?:全包|免费)|[有设](?:宿舍|住宿)|食宿全?包|食宿免费|住宿免费|夫妻房|员工宿舍"
)
_NO_LODGING = re.compile(
    r"(?:不|无|没有)(?:包住|包吃住|包食宿|提供(?:住宿|食宿|宿舍)|住宿|食宿|宿舍)|[食住]宿自理"
)
_MEAL = "(?:[一二两三早中午晚]+餐|工作餐|员工餐|餐食|餐饭|[一两二三]顿饭?|食宿|伙食|吃住|吃、住)"
_MEALS = re.compile(
    rf"包吃|包食宿|包{_MEAL}|免费(?:提供)?(?:{_MEAL}|餐|吃|就餐)|(?:{_GIVES}|供应?){_MEAL}(?!补)|管吃|管饭|管[一二两三早中午晚]餐"
    r"|供食宿|(?<![享有])工作餐(?!补)|食宿全?包|食宿免费"
)
_NO_MEALS = re.compile(r"(?:不|无|没有)(?:包吃|包食宿|提供(?:食宿|工作餐))|(?:食宿|伙食)自理")
_INSURANCE = re.compile(
    r"[五六七四三]险|社保|社会保险|养老保险|综合保险|(?:缴纳|购买|办理|享受|参加)(?:各[类项种])?保险"
)
_NO_INSURANCE = re.compile(r"(?:不|无|没有)(?:买|交|缴纳?|提供|购买)?(?:社保|五险|社会保险)")
_HEIGHT = re.compile(r"高空作业|登高(?:作业|证)|外墙|高处作业|蜘蛛人|爬架|塔吊")
_RESTRICTED = re.compile(
    r"矿山井下|井下|有毒有害|粉尘作业|放射|四级体力|酒吧|KTV|夜总会|夜场|会所|爆破|危险化学"
)
_DISPATCH = re.compile(r"劳务派遣|派遣制|派遣(?:员工|工|岗位)|外包岗")
_CERTIFICATES = (
    "电工证",
    "焊工证",
    "叉车证",
    "健康证",
    "会计证",
    "会计从业资格证",
    "教师资格证",
    "护士资格证",
    "护士执业证",
    "保安证",
    "登高证",
    "高处作业证",
    "特种作业证",
    "导游证",
    "厨师证",
    "母婴护理证",
    "育婴师证",
    "安全员证",
    "建造师证",
    "一级建造师",
    "二级建造师",
    "注册会计师",
    "药师证",
    "执业药师",
    "司炉证",
    "压力容器证",
    "行车证",
    "起重机证",
    "塔吊证",
    "消防证",
    "建构筑物消防员证",
    "心理咨询师",
    "人力资源管理师",
    "报关员证",
    "驾驶证",
    "驾照",
    "A1驾照",
    "A2驾照",
    "B1驾照",
    "B2驾照",
    "C1驾照",
    "A1照",
    "A2照",
    "B2照",
    "C1照",
    "从业资格证",
    "上岗证",
)
_CERTIFICATE = re.compile("|".join(sorted(map(re.escape, _CERTIFICATES), key=len, reverse=True)))
_CERTIFICATE_WANTED = re.compile(r"有|持|具备|具有|须|需|必须|要求|取得|含|凭|考取")
_CLAUSE_END = re.compile(r"[，,；;。\n]")
_OPTIONAL = re.compile(r"优先|者佳|更佳|加分|可放宽|最好|为佳")
_KINDS: tuple[tuple[str, EmployerKind], ...] = (
    ("上市", EmployerKind.LISTED),
    ("合资", EmployerKind.JOINT),
    ("外资", EmployerKind.FOREIGN),
    ("外商", EmployerKind.FOREIGN),
    ("外企", EmployerKind.FOREIGN),
    ("港澳台", EmployerKind.FOREIGN),
    ("国企", EmployerKind.STATE),
    ("央企", EmployerKind.STATE),
    ("国有", EmployerKind.STATE),
    ("事业单位", EmployerKind.PUBLIC),
    ("政府", EmployerKind.PUBLIC),
    ("机关", EmployerKind.PUBLIC),
    ("个体", EmployerKind.INDIVIDUAL),
    ("民营", EmployerKind.PRIVATE),
    ("民企", EmployerKind.PRIVATE),
    ("私营", EmployerKind.PRIVATE),
    ("股份制", EmployerKind.PRIVATE),
    ("创业公司", EmployerKind.PRIVATE),
)


_TAGS = re.compile(
    r"</?(?:br|p|div|li|ul|ol|span|b|strong|em|i|font|h[1-6]|a|table|tbody|tr|td|img|section)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_ESCAPES = re.compile(r"\\(?:xa0|u3000|u200b|u00a0|t)")
_BREAKS = re.compile(r"\\r\\n|\\n|<br\s*/?>|</(?:p|li|div)>", re.IGNORECASE)


def prose(text: str) -> str:
    """Return a text as people read it: without tags, entities and escapes; empty without a word."""
    if "\\" in text or "<" in text or "&" in text:
        text = _ESCAPES.sub(" ", _BREAKS.sub("\n", text))
        text = html.unescape(_TAGS.sub("", text)).replace("\xa0", " ")
    lines = (re.sub(r"[ \t\u3000]{2,}", " ", line).strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    return text if re.search(r"\w", text) else ""


def schooling(text: str) -> tuple[str, int] | None:
    """Return the lowest schooling a cell asks for as (code, rank); rank 0 for "not limited".

    The kinds of vocational school count as one, as on the form.
    """
    found = read_education(text)
    if not isinstance(found, Education):
        return None
    if "以下" in text:  # 初中及以下 shuts nobody out from below
        return "90", 0
    code = found.code or "90"
    return ("41" if code[0] == "4" else code), found.rank


def years(text: str) -> int | None:
    """Return the least years of experience a cell asks for, 0 for none, None when not said."""
    found = read_experience(text)
    return found.low or 0 if isinstance(found, Experience) else None


def ages(text: str) -> tuple[int | None, int | None]:
    """Return the lowest and highest age a text asks for."""
    found = read_ages(text)
    return (found.low, found.high) if isinstance(found, Ages) else (None, None)


def people(text: str) -> int | None:
    """Return how many a cell wants, None for 若干, 不限 and impossible numbers."""
    found = read_people(text)
    return found if isinstance(found, int) else None


def _clause_after(text: str, end: int) -> str:
    return _CLAUSE_END.split(text[end : end + 24])[0]


def _education_in_text(text: str) -> tuple[str, int] | None:
    for found in _EDUCATION_IN_TEXT.finditer(text):
        if not _OPTIONAL.search(_clause_after(text, found.end())):
            return schooling(found.group(1) or found.group(2))
    return None


def _experience_in_text(text: str) -> int | None:
    if _ANY_EXPERIENCE.search(text):
        return 0
    for found in _EXPERIENCE_IN_TEXT.finditer(text):
        before = _CLAUSE_END.split(text[max(0, found.start() - 12) : found.start()])[-1]
        demanded = not _OPTIONAL.search(_clause_after(text, found.end()))
        asked = years(re.sub(r"[^\d\-~—–至到年]", "", found.group()))
        if demanded and not _FIRM_YEARS.search(before) and asked and asked <= _MOST_YEARS:
            return asked
    return None


def _headcount_in_text(text: str) -> int | None:
    said = {people(found.group(1)) for found in _HEADCOUNT_IN_TEXT.finditer(text)}
    return said.pop() if len(said) == 1 else None


def own_part(text: str, title: str) -> str:
    """Return what of a text is about one post; the whole when it speaks of no other.

    A text is a list of posts when it names at least three with a number of people each.
    """
    heads = [found for found in _POST.finditer(text) if not _POST_NOT.search(found.group(1))]
    if len({found.group(1) for found in heads}) < _LEAST_POSTS:
        return text
    ends = [*(found.start() for found in heads[1:]), len(text)]
    best, part = 0.0, ""
    for found, end in zip(heads, ends, strict=True):
        alike = fuzz.partial_ratio(found.group(1).strip("()（）/"), title)
        if alike > best:
            best, part = alike, text[found.start() : end]
    return part if best >= _SAME_POST else ""


def _yes_no(text: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    if no.search(text):
        return False
    return True if yes.search(text) else None


_SHIFTS: tuple[tuple[re.Pattern[str], Shift], ...] = (
    (re.compile(r"三班|(?<!\d)3班[倒制2]|[四4]班[三3]|早中晚班?"), Shift.THREE),
    (
        re.compile(
            r"[两二]班|(?<!\d)2班[倒制]|双班|[四4]班[二两]|早晚班|白夜班|白班[^。;；\n]{0,12}夜班"
        ),
        Shift.TWO,
    ),
    (re.compile(r"[长常]?白班|[长常]日班|正常班|行政班|早班|常日制班"), Shift.DAY),
    (re.compile(r"夜班|晚班"), Shift.NIGHT),
    (re.compile(r"弹性(?:工作|上班|工时|打卡)|(?:时间|上班|排班)(?:灵活|自由)"), Shift.FLEXIBLE),
)


def read_shift(text: str) -> Shift | None:
    """Return how the day is cut, or None; a shift nobody has to work says nothing."""
    plain = re.sub(r"(?:不上?|无|没有|不用上?|无需)(?:夜|晚|倒|轮)班", "", text)
    return next((shift for pattern, shift in _SHIFTS if pattern.search(plain)), None)


def _hours(text: str) -> float | None:
    for found in _HOURS.finditer(text):
        hours = float(found.group(1) or found.group(2))
        if 2 <= hours <= 16:
            return hours
    return None


def _days(text: str) -> float | None:
    for days, pattern in ((5.5, _FIVE_AND_HALF), (6.0, _SIX_DAYS), (5.0, _FIVE_DAYS)):
        if pattern.search(text):
            return days
    return None


def certificates_in_text(text: str) -> tuple[str, ...]:
    """Return the certificates a text demands; ones it merely prefers are left out."""
    found: dict[str, None] = {}
    for match in _CERTIFICATE.finditer(text):
        before = _CLAUSE_END.split(text[max(0, match.start() - 8) : match.start()])[-1]
        after = _CLAUSE_END.split(text[match.end() : match.end() + 8])[0]
        if _CERTIFICATE_WANTED.search(before) and not _OPTIONAL.search(before + after):
            found.setdefault(match.group())
    return tuple(found)[:10]


def is_certificate(tag: str) -> bool:
    """Tell whether a tag is the name of a certificate."""
    return _CERTIFICATE.fullmatch(tag) is not None


def read_kind(text: str) -> EmployerKind | None:
    """Return the kind of employer a cell names."""
    return next((kind for word, kind in _KINDS if word in text), None)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a description says; None or empty is "not said"."""

    min_age: int | None
    max_age: int | None
    headcount: int | None
    education: tuple[str, int] | None
    experience: int | None
    shift: Shift | None
    night_shift: bool | None
    hours_per_day: float | None
    days_per_week: float | None
    lodging: bool | None
    meals: bool | None
    insurance: bool | None
    height_work: bool
    restricted_for_minors: bool
    dispatch: bool
    certificates: tuple[str, ...]


def read_text(text: str, title: str = "") -> TextFacts:
    """Return what a description or a requirements cell says of the post called ``title``."""
    plain = counted(text)
    demands = own_part(plain, title)
    low, high = ages(demands) if "岁" in demands or "年龄" in demands else (None, None)
    return TextFacts(
        low,
        high,
        _headcount_in_text(demands),
        _education_in_text(demands),
        _experience_in_text(demands),
        read_shift(plain),
        _yes_no(plain, _NIGHT, _NO_NIGHT),
        _hours(plain),
        _days(plain),
        lodging_in(plain),
        meals_in(plain),
        _yes_no(plain, _INSURANCE, _NO_INSURANCE),
        bool(_HEIGHT.search(demands)),
        bool(_RESTRICTED.search(demands)),
        bool(_DISPATCH.search(plain)),
        certificates_in_text(demands),
    )


def lodging_in(text: str) -> bool | None:
    """Return whether a text offers lodging."""
    return _yes_no(text, _LODGING, _NO_LODGING)


def meals_in(text: str) -> bool | None:
    """Return whether a text offers meals; an allowance for meals is none."""
    return _yes_no(text, _MEALS, _NO_MEALS)

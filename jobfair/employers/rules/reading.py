"""What free text says about a position: ages, numbers, schooling, shifts, board and lodging."""

import re
from dataclasses import dataclass

from jobfair.employers.rules.drafts import EmployerKind, Shift

# GB/T 4658 code and rank (low to high) by the words files use, longest words first.
_EDUCATION: tuple[tuple[str, tuple[str, int]], ...] = (
    ("博士", ("10", 6)),
    ("硕士", ("10", 6)),
    ("研究生", ("10", 6)),
    ("MBA", ("10", 6)),
    ("本科", ("21", 5)),
    ("学士", ("21", 5)),
    ("大专", ("31", 4)),
    ("专科", ("31", 4)),
    ("高职", ("31", 4)),
    ("中专", ("41", 3)),
    ("中技", ("41", 3)),
    ("中职", ("41", 3)),
    ("技校", ("41", 3)),
    ("职高", ("41", 3)),
    ("职中", ("41", 3)),
    ("高中", ("61", 3)),
    ("初中", ("71", 2)),
    ("小学", ("81", 1)),
)
EDUCATION_RANKS = dict(code_and_rank for _word, code_and_rank in _EDUCATION)
_ANY = re.compile(r"不限|无要求|不要求|无学历|学历不|均可")
_EDUCATION_IN_TEXT = re.compile(
    r"(博士|硕士|研究生|本科|大专|专科|高职|中专|中技|技校|职高|高中|初中|小学)"
    r"(?:或|、|/|及)?(?:以上|含以上|毕业|文化|水平|学历|程度)"
)
_YEARS = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:[-—–~～至到]\s*\d{1,2}\s*)?年")
_NO_EXPERIENCE = re.compile(
    r"不限|无经验|应届|无需|不需|无工作|在校|1年以下|一年以下|不要求|经验无"
)
_HEADCOUNT = re.compile(r"(?<![\d.])(\d{1,9})\s*(?:[-—–~～至到]\s*(\d{1,9})\s*)?(?:人|名|位|个)?")
_HEADCOUNT_IN_TEXT = re.compile(
    r"(?:招聘?|需|急聘|诚聘|招聘人数[:：]?|人数[:：]?)\s*(\d{1,4})\s*[名人位]"
)
_MOST = 5000
_AGE = re.compile(r"(?<!\d)(1[4-9]|[2-5]\d)\s*(?:周?岁)?\s*[-—–~～至到]\s*([2-6]\d)\s*(?:周)?岁")
_AGE_LABELLED = re.compile(
    r"年龄\s*(?:要求|限制|在)?\s*[:：]?\s*(1[4-9]|[2-5]\d)\s*(?:周?岁)?\s*[-—–~～至到]\s*([2-6]\d)(?!\d)"
)
_AGE_FROM = re.compile(
    r"(?:年满|满|年龄在?)\s*(1[4-9]|2\d)\s*(?:周)?岁|(1[4-9]|2\d)\s*(?:周)?岁(?:及)?以上"
)
_AGE_TO = re.compile(r"(?<!\d)([2-6]\d)\s*(?:周)?岁(?:及)?(?:以下|以内|之内)")
_HOURS = re.compile(
    r"(?:每天|每日|一天|日工作|工作时间)?[^，,。；;]{0,4}(?<![\d.])(\d{1,2}(?:\.5)?)\s*(?:个)?小时\s*(?:制|/天|每天|工作制)"
    r"|(?:每天|每日|一天)(?:工作|上班)?\s*(\d{1,2}(?:\.5)?)\s*(?:个)?小时"
)
_SIX_DAYS = re.compile(r"单休|六天|6\s*天|月休\s*4|月休四|周休一|休一天|做六休一|六日")
_FIVE_DAYS = re.compile(r"双休|五天|5\s*天|做五休二|周末休|周休二日|朝九晚[五六]")
_NIGHT = re.compile(r"夜班|晚班|大夜|通宵|上夜|深夜|倒班|两班倒|三班倒|二班倒|轮班")
_NO_NIGHT = re.compile(
    r"(?:不上|无|不用上?|没有|不需上?|无需|不倒|不)(?:夜班|晚班|倒班|轮班|三班倒|两班倒)|长白班|常白班|纯白班"
)
_LODGING = re.compile(
    r"包吃住|包食宿|包住|提供(?:食宿|住宿|宿舍|吃住|公寓)|免费(?:住宿|食宿|宿舍|吃住)|管吃住|管住|住宿舍|供食宿|吃住(?:全包|免费)|有宿舍|食宿全?包|夫妻房"
)
_NO_LODGING = re.compile(
    r"(?:不|无|没有)(?:包住|包吃住|包食宿|提供(?:住宿|食宿|宿舍)|住宿|食宿|宿舍)"
)
_MEALS = re.compile(
    r"包吃|包食宿|包[一两二三]餐|包工作餐|免费(?:工作餐|午餐|餐|食宿|吃|就餐|三餐)|提供(?:食宿|工作餐|午餐|吃住|三餐|两餐)|管吃|管饭|供食宿|工作餐|食宿全?包|餐补|餐费补贴|饭补"
)
_NO_MEALS = re.compile(r"(?:不|无|没有)(?:包吃|包食宿|提供(?:食宿|工作餐)|餐补)")
_INSURANCE = re.compile(r"[五六四三]险|社保|社会保险|养老保险|综合保险")
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
    ("国有", EmployerKind.STATE),
    ("事业单位", EmployerKind.PUBLIC),
    ("政府", EmployerKind.PUBLIC),
    ("个体", EmployerKind.INDIVIDUAL),
    ("民营", EmployerKind.PRIVATE),
    ("私营", EmployerKind.PRIVATE),
    ("股份制", EmployerKind.PRIVATE),
    ("创业公司", EmployerKind.PRIVATE),
)


def read_education(text: str) -> tuple[str, int] | None:
    """Return the lowest schooling asked for as (code, rank); rank 0 for "not limited"."""
    found = [pair for word, pair in _EDUCATION if word in text]
    if found:
        return min(found, key=lambda pair: pair[1])
    return ("90", 0) if _ANY.search(text) else None


def education_in_text(text: str) -> tuple[str, int] | None:
    """Return the schooling a sentence asks for, or None."""
    found = _EDUCATION_IN_TEXT.search(text)
    return read_education(found.group(1)) if found else None


def read_experience(text: str) -> int | None:
    """Return the years of experience asked for, 0 for none, None when not said."""
    found = _YEARS.search(text)
    if found and not re.search(r"1年以(?:下|内)", text):
        return int(found.group(1))
    return 0 if _NO_EXPERIENCE.search(text) else None


def read_headcount(text: str) -> int | None:
    """Return how many are wanted, or None for 若干, 不限 and impossible numbers."""
    found = _HEADCOUNT.fullmatch(text.strip().removeprefix("招").strip())
    if not found:
        return None
    number = int(found.group(2) or found.group(1))
    return number if 0 < number <= _MOST else None


def headcount_in_text(text: str) -> int | None:
    """Return the N of 招N名, or None."""
    found = _HEADCOUNT_IN_TEXT.search(text)
    return read_headcount(found.group(1)) if found else None


def ages_in_text(text: str) -> tuple[int | None, int | None]:
    """Return the lowest and highest age a text asks for."""
    found = _AGE.search(text) or _AGE_LABELLED.search(text)
    if found and int(found.group(1)) <= int(found.group(2)):
        return int(found.group(1)), int(found.group(2))
    lowest, highest = _AGE_FROM.search(text), _AGE_TO.search(text)
    low = int(lowest.group(1) or lowest.group(2)) if lowest else None
    high = int(highest.group(1)) if highest else None
    return (low, None) if low and high and low > high else (low, high)


def _yes_no(text: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    if no.search(text):
        return False
    return True if yes.search(text) else None


def read_shift(text: str) -> Shift | None:
    """Return how the day is cut, or None."""
    for pattern, shift in (
        (r"三班倒?|3班", Shift.THREE),
        (r"两班倒?|二班|2班|双班", Shift.TWO),
        (r"长白班|常白班|白班|正常班|行政班|早班", Shift.DAY),
        (r"夜班|晚班", Shift.NIGHT),
        (r"弹性(?:工作|上班|工时)|灵活", Shift.FLEXIBLE),
    ):
        if re.search(pattern, text):
            return shift
    return None


def _hours(text: str) -> float | None:
    found = _HOURS.search(text)
    hours = float(found.group(1) or found.group(2)) if found else 0.0
    return hours if 2 <= hours <= 16 else None


def _days(text: str) -> float | None:
    if _SIX_DAYS.search(text):
        return 6.0
    return 5.0 if _FIVE_DAYS.search(text) else None


def certificates_in_text(text: str) -> tuple[str, ...]:
    """Return the certificates a text demands; ones it merely prefers are left out."""
    found: dict[str, None] = {}
    for match in _CERTIFICATE.finditer(text):
        before = _CLAUSE_END.split(text[max(0, match.start() - 8) : match.start()])[-1]
        after = _CLAUSE_END.split(text[match.end() : match.end() + 8])[0]
        if _CERTIFICATE_WANTED.search(before) and not _OPTIONAL.search(before + after):
            found.setdefault(match.group())
    return tuple(found)[:10]


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


_EXPERIENCE_IN_TEXT = re.compile(r"(\d{1,2})\s*年(?:以上|及以上)?[^，,。；;\s]{0,10}经[验历]")


def read_text(text: str) -> TextFacts:
    """Return what a description or a requirements cell says."""
    low, high = ages_in_text(text)
    years = _EXPERIENCE_IN_TEXT.search(text)
    return TextFacts(
        low,
        high,
        headcount_in_text(text),
        education_in_text(text),
        int(years.group(1)) if years and int(years.group(1)) <= 20 else None,
        read_shift(text),
        _yes_no(text, _NIGHT, _NO_NIGHT),
        _hours(text),
        _days(text),
        _yes_no(text, _LODGING, _NO_LODGING),
        _yes_no(text, _MEALS, _NO_MEALS),
        _yes_no(text, _INSURANCE, _NO_INSURANCE),
        bool(_HEIGHT.search(text)),
        bool(_RESTRICTED.search(text)),
        bool(_DISPATCH.search(text)),
        certificates_in_text(text),
    )

"""What the texts of a vacancy say of hours, board and lodging; and whose text it is.

Cells with one meaning are read by ``kit.values``; here is what stands in sentences. A text can
speak of several posts: what is about people then counts only where it stands with the row's own
title. What is asked of people is read by ``requirements``.
"""

import html
import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from jobfair.employers.rules.drafts import EmployerKind, Shift
from jobfair.kit.values.counts import Ages, Experience, counted, read_ages, read_experience
from jobfair.kit.values.counts import read_headcount as read_people
from jobfair.kit.values.education import Education, read_education

_HEADCOUNT_IN_TEXT = re.compile(
    r"(?:招聘?|需求?|急聘|诚聘|招聘人数[:：]?|人数[:：]?)\s*(\d{1,4}\s*[名人位])"
)
_POST = re.compile(
    r"(?:^|[\n。；;、,\s]|[\d一二三四五六七八九十]\s*[、.)])\s*(?:另外?)?(?:现?招聘|诚聘|急聘)?"
    r"([\u4e00-\u9fffA-Za-z/（）()]{2,16}?|[\u4e00-\u9fff]\s[\u4e00-\u9fff])\s*[:：\-—(]{0,2}\s*(?:招聘?)?"
    r"(?:\d{1,3}(?:\s*[-~—至]\s*\d{1,3})?|[一二两三四五六七八九十]|若干|数)\s*[人名位]"
)
_POST_NOT = re.compile(
    r"^(?:招聘?|人数|需求?|要求|团队|公司|每|共|约|以上|带领|管理|男女|各)|人数|[:：]"
)
_POSTS_OF_TITLE = re.compile(r"[/、,，;；\s]+")
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
NIGHT = re.compile(
    r"夜班|晚班|大夜|通宵|上夜|深夜|(?<!不)倒班|两班倒|三班倒|二班倒|轮班|[两二三23]班[倒制]|[四4]班[三二两]"
)
NO_NIGHT = re.compile(
    r"(?:不上|无|不用上?|没有|不需上?|无需上?|不倒|不)(?:夜班|晚班|倒班|轮班|三班倒|两班倒)"
    r"|[长常]白班|纯白班|[长常]日班"
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


def _headcount_in_text(text: str) -> int | None:
    said = {people(found.group(1)) for found in _HEADCOUNT_IN_TEXT.finditer(text)}
    return said.pop() if len(said) == 1 else None


def posts_of(title: str) -> tuple[str, ...]:
    """Return the kinds of work a title names."""
    return tuple(filter(None, _POSTS_OF_TITLE.split(title))) or (title,)


def own_parts(text: str, title: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text that are about one post; the whole when it speaks of no other.

    A text is a list of posts when it names at least three with a number of people each. A title
    that names several of them has a span for each; what stands before the first is about the
    title's post when it is named there. None of them like the title, no span.
    """
    heads = [found for found in _POST.finditer(text) if not _POST_NOT.search(found.group(1))]
    if len({found.group(1) for found in heads}) < _LEAST_POSTS:
        return ((0, len(text)),)
    ends = [*(found.start() for found in heads[1:]), len(text)]
    names = [re.sub(r"\s|[()（）/]", "", found.group(1)) for found in heads]
    posts = posts_of(title)
    spans: dict[tuple[int, int], None] = {}
    for post in posts:
        alike = [fuzz.partial_ratio(name, post) for name in names]
        best = alike.index(max(alike))
        if alike[best] >= _SAME_POST:
            spans[heads[best].start(), ends[best]] = None
    before = heads[0].start()
    if not spans and any(post in text[:before] for post in posts):
        return ((0, before),)
    return tuple(spans)


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


def read_kind(text: str) -> EmployerKind | None:
    """Return the kind of employer a cell names."""
    return next((kind for word, kind in _KINDS if word in text), None)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a description says; None or empty is "not said"."""

    headcount: int | None
    shift: Shift | None
    hours_per_day: float | None
    days_per_week: float | None
    lodging: bool | None
    meals: bool | None
    insurance: bool | None


def read_text(text: str, title: str = "") -> TextFacts:
    """Return what a description or a requirements cell says of the post called ``title``."""
    plain = counted(text)
    own = "\n".join(plain[start:end] for start, end in own_parts(plain, title))
    return TextFacts(
        _headcount_in_text(own),
        read_shift(plain),
        _hours(plain),
        _days(plain),
        lodging_in(plain),
        meals_in(plain),
        _yes_no(plain, _INSURANCE, _NO_INSURANCE),
    )


def night_in(text: str) -> bool | None:
    """Return whether a cell about shifts says that there are nights."""
    return _yes_no(text, NIGHT, NO_NIGHT)


def lodging_in(text: str) -> bool | None:
    """Return whether a text offers lodging."""
    return _yes_no(text, _LODGING, _NO_LODGING)


def meals_in(text: str) -> bool | None:
    """Return whether a text offers meals; an allowance for meals is none."""
    return _yes_no(text, _MEALS, _NO_MEALS)

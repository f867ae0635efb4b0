"""What the text of a vacancy demands or wishes, each with the words that say it.

Only what the ranking knows is read. What an advert may not ask for (sex, household registration,
height, looks; Employment Promotion Law, 人力资源市场暂行条例) is never read into a demand. A demand
that is denied (无需经验), offered (免费办理健康证) or made of somebody else is none; a wish (优先,
加分) is told apart. A text can speak of several posts: demands then count only where they stand
with the row's own title.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from jobfair.employers.rules import reading
from jobfair.kit.i18n import N_
from jobfair.kit.values.counts import NUMBER_BEGINS, NUMBER_WORD, counted, find_ages
from jobfair.kit.values.terms import Mention, Vocabulary

YES, NO = "yes", "no"
# Between the names of two certificates of which one is enough.
OR = "或"
# GB/T 4658, "other": any schooling will do.
ANY_SCHOOLING = "90"


class Kind(StrEnum):
    """What a demand is about; the values are the fields of a position they fill."""

    CERTIFICATE = "certificates"
    SKILL = "skills"
    EDUCATION = "min_education"
    EXPERIENCE = "min_experience_years"
    MIN_AGE = "min_age"
    MAX_AGE = "max_age"
    NIGHT_SHIFT = "night_shift"
    HEIGHT_WORK = "height_work"
    RESTRICTED = "restricted_for_minors"
    DISPATCH = "dispatch"


LABELS: dict[Kind, str] = {
    Kind.CERTIFICATE: N_("Certificate"),
    Kind.SKILL: N_("Skill"),
    Kind.EDUCATION: N_("Lowest education"),
    Kind.EXPERIENCE: N_("Years of experience"),
    Kind.MIN_AGE: N_("Lowest age"),
    Kind.MAX_AGE: N_("Highest age"),
    Kind.NIGHT_SHIFT: N_("Night work"),
    Kind.HEIGHT_WORK: N_("Work at height"),
    Kind.RESTRICTED: N_("Work restricted for people under 18"),
    Kind.DISPATCH: N_("Labour dispatch"),
}
SEVERAL = frozenset({Kind.CERTIFICATE, Kind.SKILL})


@dataclass(frozen=True, slots=True)
class Found:
    """A demand or a wish of a text.

    Attributes:
        value: a certificate's or skill's name (several joined by ``OR`` when one is enough), a
            GB/T 4658 code (90: not limited), a number of years, or ``YES`` and ``NO``.
        hard: whoever lacks it cannot be taken; else it is a wish.
        phrase: the words of the text that say so.
        start: where the phrase begins in the text.
        end: where it ends, not included.
    """

    kind: Kind
    value: str
    hard: bool
    phrase: str
    start: int
    end: int


_CLAUSE = re.compile(r"[，,；;。！!？?\n]|(?<!\d)[.](?!\d)|\d+[、.)）]")
_SENTENCE = re.compile(r"[；;。！!\n]")
_WISH = re.compile(
    r"优先|者佳|更佳|尤佳|为佳|加分|最好|可放宽|prefer|a plus|is plus|nice to have",
    re.IGNORECASE,
)
_WISH_BEFORE = re.compile(r"最好|优选|优先(?:条件|考虑)[:：]?|加分项|prefer", re.IGNORECASE)
_LOOSENED = re.compile(r"放宽")
_NEAR = 14
_NOT_NEEDED = re.compile(
    r"(?:无需|不需要?|不用|不必|无须|不要求|不限|没有|无|免)(?:持有?|有|要|具备|任何)?[\u4e00-\u9fff]{0,2}$"
)
_EITHER_WAY = re.compile(
    r"^[^,，；;。\n]{0,4}(?:均可|皆可|都可|也可|亦可|不限|可培训|公司(?:可)?培训)"
)
_GIVEN = re.compile(
    r"(?:办理|代办|报销|补贴|免费|协助|帮助|提供|培训|考证|公司考|可考|奖励|颁发|发放|学习考|挂靠)[^,，；;。\n]{0,8}$"
)
_GIVEN_AFTER = re.compile(
    r"^(?:的?(?:费用|费)?(?:由?公司|单位)?(?:报销|补贴|办理|津贴|年审|挂靠|培训)|书?补贴)"
)
_WANTED = re.compile(
    r"有|持|具备|具有|须|需|必须|要求|取得|含|凭|考取|获得|拥有|证书|资格|require|hold|must",
    re.IGNORECASE,
)
_WANTED_AFTER = re.compile(r"^(?:及|或)?以?上?(?:者|的|上岗|原件|书|及以上|以上|，?.{0,2}年)|^$")
_BARE = re.compile(
    r"(?<![\u4e00-\u9fff])证(?=上岗)|持证|相关(?:资格|职业资格|上岗|操作)?证书?|上岗(?:资格)?证书?"
    r"|(?<![\u4e00-\u9fff业])操作证书?|(?<!业)从业资格证书?|职业资格证书?|特种作业操作证|特种作业证|有本?证(?=[,，；;。\s]|者|$)"
)
_LICENCES = re.compile(r"(?:[ABC][123]\s*(?:[/、,，或]|或者)\s*)+$", re.IGNORECASE)
_LICENCE_CLASS = re.compile(r"[ABC][123]", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"^\s*(?:或者?|/|\||以?及?其?他?或)\s*$")
_LISTED = re.compile(r"^\s*[、,，]\s*$")
_ABLE = re.compile(
    r"(?:会|能够?|懂得?|熟悉|熟练|熟知|精通|掌握|擅长|了解|使用|操作|运用|应用|可以|懂|有|具备|具有|从事过?"
    r"|独立|需|须|要求|负责过|做过"
    r"|knowledge of|proficient in|familiar with|experience (?:in|with))"
    r"[^，,；;。\n]{0,24}$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"流利|标准|流畅")
_ABLE_AFTER = re.compile(
    r"^[^，,；;。\n、]{0,8}(?:经验|熟练|能力|技能|基础|操作|优先|知识|流利|标准|技术|工作经历)"
)
# 销售渠道 and 客户服务意识 are no skills.
_NO_SKILL = re.compile(
    r"渠道|目标|意识|服务|报告|任务|业绩|额|团队|部|总监|经理|代表|顾问|行业|市场|合同"
)
_DUTY = re.compile(r"^\s*(?:负责|参与|协助|完成|开展|进行|配合|执行|组织|主要)")
_LEVEL = "(?:博士|硕士|研究生|本科|大专|专科|高职|中专|中技|技校|技工|职高|高中|初中|小学)"
_LEVELS = rf"{_LEVEL}(?:\s*(?:或者?|、|/|及|,)\s*{_LEVEL})*"
_EDUCATION = re.compile(
    rf"({_LEVELS})\s*(?:[(（]含[)）])?\s*(?:(?:及其?|或|含|或者)?以上|毕业|文化|水平|学历|程度)(?:的?学历|文化程度)?"
    rf"|(?:学历\s*(?:要求|不低于)?\s*[:：]?|全日制(?:统招)?|统招)\s*({_LEVELS})"
    r"|\b(bachelor|master|high school)\b[\w' ]{0,12}(?:degree|diploma)?",
    re.IGNORECASE,
)
_ANY_EDUCATION = re.compile(
    r"(?:学历|文化(?:程度)?)\s*[:：]?\s*(?:不限|不要求)|不(?:要求|限|看)学历"
)
_EXPERIENCE = re.compile(
    rf"{NUMBER_BEGINS}(?<![一二三四五六七八九十]){NUMBER_WORD}\s*(?:[-~—–至到]+\s*{NUMBER_WORD}\s*)?年半?(?:[(（]含[)）])?(?:及?或?以上|左右)?"
    r"(?!级|薪|假|休|龄|度|底|终|制|内|前|后|一次|[末初])"
    r"[^.。；;\n有者]{0,24}(?:经[验历]|工作|从业|驾龄)"
    rf"|(?:经[验历]|从事|工作|从业)[^,.，。；;\n\d]{{0,16}}(?<![\d.]){NUMBER_WORD}\s*年(?:及?以上)"
    rf"|经[验历]\s*[:：]?\s*{NUMBER_WORD}\s*[-~—–至到]+\s*{NUMBER_WORD}\s*年"
    rf"|(?<![\d.])(?:驾龄|驾驶经验)[^,.，。；;\n\d]{{0,6}}{NUMBER_WORD}\s*年"
    r"|(?<![\d.])\d{1,2}\s*\+?\s*years?['’]?(?: of)?[\w ,/-]{0,40}experience",
    re.IGNORECASE,
)
_ANY_EXPERIENCE = re.compile(
    r"(?:无需|不需要?|不限|无须|不要求|不用)(?:任何|工作|相关)?经[验历]|(?:工作)?经[验历](?:要求)?\s*[:：]?\s*不限|有无(?:工作)?经[验历]"
    r"|(?:优秀)?应届[^,.，。；;\n]{0,6}(?:亦可|也可|均可|可以|可接受)"
    r"|接受[^,.，。；;\n]{0,4}应届|无经[验历][^,.，。；;\n]{0,4}(?:亦可|也可|均可|可)"
    r"|no experience (?:needed|required|necessary)",
    re.IGNORECASE,
)
_FIRM_YEARS = re.compile(r"公司|团队|成立|专注|历史|集团|企业|合同|签|满|入职|行业领先|拥有")
_YEARS_ONLY = re.compile(r"[^\d\-~—–至到年]")
_MOST_YEARS = 15
_HEIGHT = re.compile(
    r"高空作业|登高作业|登高(?=证)|高处作业|外墙(?=清洗|施工|作业|安装|维修|涂|保洁)|蜘蛛人|爬架|塔吊"
)
_NO_HEIGHT = re.compile(r"(?:无|不|非|没有|不用|无需)[\u4e00-\u9fff]{0,2}$")
_RESTRICTED = re.compile(
    r"矿山井下|井下|有毒有害|粉尘作业|放射|四级体力|酒吧|KTV|夜总会|夜场|会所|爆破|危险化学"
)
_DISPATCH = re.compile(r"劳务派遣|派遣制|派遣(?:员工|工|岗位)|外包岗")
_NOT_DISPATCHED = re.compile(r"(?:负责|管理|办理|联系|业务|从事|不是|非|无|不)[^,，；;。\n]{0,8}$")


def read_requirements(text: str, title: str, vocabulary: Vocabulary) -> tuple[Found, ...]:
    """Return what a text asks of whoever takes the post called ``title``, in its order.

    Args:
        text: one field of the advert.
        title: the post's own title.
        vocabulary: certificates and skills by their names.
    """
    whole = _Text(text, 0, len(text))
    parts = [
        _of_one_post(_Text(text, *span), title, vocabulary)
        for span in reading.own_parts(text, title)
    ]
    found = [
        *_common(parts),
        *_night(whole),
        *_flag(Kind.DISPATCH, whole, _DISPATCH, _NOT_DISPATCHED),
    ]
    return tuple(sorted(_each_once(found), key=lambda one: (one.start, one.end)))


def _of_one_post(inside: "_Text", title: str, vocabulary: Vocabulary) -> list[Found]:
    mentions = [
        replace(one, start=one.start + inside.start, end=one.end + inside.start)
        for one in vocabulary.mentions(inside.text[inside.start : inside.end])
    ]
    found = [
        *_certificates(inside, title, vocabulary, mentions),
        *_education(inside),
        *_experience(inside),
        *_ages(inside),
        *_flag(Kind.HEIGHT_WORK, inside, _HEIGHT, _NO_HEIGHT),
        *_flag(Kind.RESTRICTED, inside, _RESTRICTED, _NO_HEIGHT),
    ]
    taken = [(one.start, one.end) for one in found if one.kind is Kind.CERTIFICATE]
    return [*found, *_skills(inside, mentions, taken)]


def _common(parts: Sequence[Sequence[Found]]) -> Iterator[Found]:
    """Give what several posts of one title ask; only what all of them demand is hard."""
    demanded = [{(one.kind, one.value) for one in part if one.hard} for part in parts]
    for part in parts:
        for one in part:
            hard = all((one.kind, one.value) in other for other in demanded)
            yield replace(one, hard=hard)


@dataclass(frozen=True, slots=True)
class _Text:
    """A part of a text, asked about the words around a place in it."""

    text: str
    start: int
    end: int

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(self.text, self.start, self.end)

    def before(self, at: int, length: int = 24) -> str:
        """Return what of the clause stands before a place."""
        return _CLAUSE.split(self.text[max(self.start, at - length) : at])[-1]

    def after(self, at: int, length: int = 24) -> str:
        """Return what of the clause stands behind a place."""
        return _CLAUSE.split(self.text[at : min(self.end, at + length)])[0]

    def wished(self, start: int, end: int) -> bool:
        """Tell whether the clause around a span only wishes."""
        before, after = self.before(start), self.after(end, 40)
        return bool(_WISH_BEFORE.search(before) or _WISH.search(after))

    def found(self, kind: Kind, value: str, span: tuple[int, int], *, hard: bool) -> Found:
        return Found(kind, value, hard, self.text[slice(*span)], *span)


def _each_once(found: Sequence[Found]) -> Iterator[Found]:
    """Give each demand once: the first hard one, else the first."""
    kept: dict[tuple[Kind, str], Found] = {}
    for one in found:
        before = kept.get((one.kind, one.value))
        if before is None or (one.hard and not before.hard):
            kept[one.kind, one.value] = one
    yield from kept.values()


def _certificates(
    inside: _Text, title: str, vocabulary: Vocabulary, mentions: Iterable[Mention]
) -> Iterator[Found]:
    demanded = _demanded_certificates(inside, vocabulary, mentions)
    for group in _alternatives(inside.text, demanded):
        names = dict.fromkeys(name for _, _, names in group for name in names)
        span = group[0][0], group[-1][1]
        hard = (
            any(_is_demand(inside, start, end) for start, end, _ in group)
            and not inside.wished(*span)
            and not any(_of_one_trade(name, title, vocabulary) for name in names)
        )
        yield inside.found(Kind.CERTIFICATE, OR.join(names), span, hard=hard)
    bare = next((m for m in inside.matches(_BARE) if not _is_free(inside, *m.span())), None)
    term = vocabulary.meant(_CERTIFICATE, title) if bare else None
    if bare and term and not any(term.name in names for _, _, names in demanded):
        hard = not inside.wished(*bare.span())
        yield inside.found(Kind.CERTIFICATE, term.name, bare.span(), hard=hard)


def _of_one_trade(name: str, title: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a certificate belongs to one of several kinds of work a title names."""
    term = vocabulary.term(name)
    trades = term.trades if term else ()
    told = {any(word in post for word in trades) for post in reading.posts_of(title)}
    return told == {True, False}


_CERTIFICATE, _SKILL = "certificate", "skill"
# Start, end, and the names of which one is enough.
_Named = tuple[int, int, tuple[str, ...]]
# Terms that are only read together with the title: of a driver's post it is another one.
_GENERAL = frozenset({"特种作业操作证", "特种设备作业人员证"})


def _demanded_certificates(
    inside: _Text, vocabulary: Vocabulary, mentions: Iterable[Mention]
) -> list[_Named]:
    found: list[_Named] = []
    for mention in mentions:
        if mention.term.kind != _CERTIFICATE or mention.term.name in _GENERAL:
            continue
        start, end = mention.start, mention.end
        names: tuple[str, ...] = (mention.term.name,)
        if classes := _LICENCES.search(inside.text[inside.start : start]):
            start = inside.start + classes.start()
            lesser = _LICENCE_CLASS.findall(classes.group())
            terms = (vocabulary.term(f"{one}驾驶证") for one in lesser)
            names = (*(term.name for term in terms if term), *names)
        if not _is_free(inside, start, end):
            found.append((start, end, names))
    return found


def _is_free(inside: _Text, start: int, end: int) -> bool:
    """Tell whether a certificate is not asked for: denied, either way, or given by the firm."""
    before, after = inside.before(start), inside.after(end)
    return bool(
        _NOT_NEEDED.search(before)
        or _EITHER_WAY.search(after)
        or _GIVEN.search(before)
        or _GIVEN_AFTER.search(after)
    )


def _is_demand(inside: _Text, start: int, end: int) -> bool:
    before = inside.before(start)
    return bool(
        not before.strip(" 、:：()（）-*●")
        or _WANTED.search(before)
        or _WANTED_AFTER.search(inside.after(end))
    )


def _alternatives(text: str, mentions: Sequence[_Named]) -> Iterator[list[_Named]]:
    """Give what is named together with "or" as one; a list whose last joint is "or" is one."""
    joints = [text[one[1] : other[0]] for one, other in pairwise(mentions)]
    group: list[_Named] = []
    for at, mention in enumerate(mentions):
        group.append(mention)
        joint = joints[at] if at < len(joints) else ""
        ahead = next((j for j in joints[at:] if not _LISTED.match(j)), "")
        if _ALTERNATIVE.match(joint) or (_LISTED.match(joint) and _ALTERNATIVE.match(ahead)):
            continue
        yield group
        group = []


def _skills(
    inside: _Text, mentions: Iterable[Mention], taken: Sequence[tuple[int, int]]
) -> Iterator[Found]:
    listed_after: int | None = None
    for mention in mentions:
        if mention.term.kind != _SKILL:
            continue
        start, end = mention.start, mention.end
        if any(start < other and one < end for one, other in taken):
            continue
        joined = listed_after is not None and bool(
            re.fullmatch(r"\s*(?:[、/,，和及与或]|以及|或者)\s*", inside.text[listed_after:start])
        )
        if joined or _is_asked(inside, mention, start, end):
            listed_after = end
            hard = not inside.wished(start, end)
            yield inside.found(Kind.SKILL, mention.term.name, (start, end), hard=hard)


def _is_asked(inside: _Text, mention: Mention, start: int, end: int) -> bool:
    """Tell whether a skill is asked of the person; work that is described is no demand."""
    before, after = inside.before(start, 40), inside.after(end)
    if _NO_SKILL.match(after) or _DUTY.search(before) or _NOT_NEEDED.search(before):
        return False
    spoken = _SPOKEN.search(inside.text, start, end)
    return bool(spoken or _ABLE.search(before) or _ABLE_AFTER.search(after))


def _education(inside: _Text) -> Iterator[Found]:
    levels = list(inside.matches(_EDUCATION))
    for match in levels:
        level = reading.schooling(next(filter(None, match.groups()), ""))
        if level is None:
            continue
        hard = not inside.wished(*match.span())
        yield inside.found(Kind.EDUCATION, level[0], match.span(), hard=hard)
        if hard:
            return
    for match in () if levels else inside.matches(_ANY_EDUCATION):
        yield inside.found(Kind.EDUCATION, ANY_SCHOOLING, match.span(), hard=True)
        return


def asks_schooling(text: str, title: str) -> bool:
    """Tell whether a text demands a level of schooling of whoever takes the post."""
    parts = [_Text(text, *span) for span in reading.own_parts(text, title)]
    return bool(parts) and all(
        any(one.hard and one.value != ANY_SCHOOLING for one in _education(part)) for part in parts
    )


def _experience(inside: _Text) -> Iterator[Found]:
    for match in inside.matches(_ANY_EXPERIENCE):
        yield inside.found(Kind.EXPERIENCE, "0", match.span(), hard=True)
        return
    for match in inside.matches(_EXPERIENCE):
        words = match.group()
        asked = reading.years(words if words.isascii() else _YEARS_ONLY.sub("", counted(words)))
        if asked and asked <= _MOST_YEARS and not _FIRM_YEARS.search(inside.before(match.start())):
            hard = not inside.wished(*match.span())
            yield inside.found(Kind.EXPERIENCE, str(asked), match.span(), hard=hard)
            if hard:
                return


def _ages(inside: _Text) -> Iterator[Found]:
    part = inside.text[inside.start : inside.end]
    spans = find_ages(part)
    spans = [one for one in spans if one.low and one.high] or spans
    for kind, ends in ((Kind.MIN_AGE, "low"), (Kind.MAX_AGE, "high")):
        said = [one for one in spans if getattr(one, ends)]
        if not said:
            continue
        # Where several are given, of men and women or of two posts, the wider counts.
        choose = min if kind is Kind.MIN_AGE else max
        widest = choose(said, key=lambda one: getattr(one, ends))
        span = widest.start + inside.start, widest.end + inside.start
        near = _SENTENCE.split(inside.text[span[1] : span[1] + _NEAR])[0]
        hard = not (inside.wished(*span) or _LOOSENED.search(near))
        yield inside.found(kind, str(getattr(widest, ends)), span, hard=hard)


def _night(whole: _Text) -> Iterator[Found]:
    for value, pattern in ((NO, reading.NO_NIGHT), (YES, reading.NIGHT)):
        for match in whole.matches(pattern):
            yield whole.found(Kind.NIGHT_SHIFT, value, match.span(), hard=True)
            return


def _flag(
    kind: Kind, inside: _Text, pattern: re.Pattern[str], innocent: re.Pattern[str]
) -> Iterator[Found]:
    for match in inside.matches(pattern):
        if not innocent.search(inside.before(match.start())):
            yield inside.found(kind, YES, match.span(), hard=True)
            return

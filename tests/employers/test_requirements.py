"""What vacancy texts ask for, with the words that say it. The sentences are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.employers.rules.phrases import PHRASE_RULES
from jobfair.employers.rules.requirements import Found, Kind, read_requirements
from jobfair.occupations.qualifications import qualifications

HARD, WISH = True, False
Said = set[tuple[str, str, bool]]


def _read(text: str, title: str = "普工") -> tuple[Found, ...]:
    return read_requirements(text, title, qualifications())


def _said(text: str, title: str = "普工") -> Said:
    return {(one.kind.name, one.value, one.hard) for one in _read(text, title)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("须持低压电工作业证上岗", {("CERTIFICATE", "电工证", HARD)}),
        ("要有特种作业操作证（低压电工作业）", {("CERTIFICATE", "电工证", HARD)}),
        ("持有本人电工操作证原件", {("CERTIFICATE", "电工证", HARD)}),
        ("1、电工证；2、能倒班", {("CERTIFICATE", "电工证", HARD), ("NIGHT_SHIFT", "yes", HARD)}),
        ("有叉车证者优先", {("CERTIFICATE", "叉车证", WISH)}),
        ("最好有健康证", {("CERTIFICATE", "健康证", WISH)}),
        ("持会计证和相关工作经验者优先", {("CERTIFICATE", "会计从业资格证", WISH)}),
        ("公司免费办理健康证", set()),
        ("办证费用由公司报销，可协助办理焊工证", set()),
        ("无需叉车证", set()),
        ("有无焊工证均可", set()),
        ("焊工证或电工证均须在有效期内，须持证", {("CERTIFICATE", "焊工证或电工证", HARD)}),
        ("持电工证、焊工证或叉车证", {("CERTIFICATE", "电工证或焊工证或叉车证", HARD)}),
        ("持电工证、焊工证", {("CERTIFICATE", "电工证", HARD), ("CERTIFICATE", "焊工证", HARD)}),
        ("A2/B2驾照", {("CERTIFICATE", "A2驾驶证或B2驾驶证", HARD)}),
        ("会开车，有C1及以上驾照", {("CERTIFICATE", "C1驾驶证", HARD)}),
        ("审核记账凭证，保证质量，带好身份证", set()),
    ],
)
def test_certificates(text: str, said: Said) -> None:
    assert {one for one in _said(text) if one[0] != "SKILL"} == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("叉车司机", {("CERTIFICATE", "叉车证", HARD)}),
        ("车间电工", {("CERTIFICATE", "电工证", HARD)}),
        ("保安", {("CERTIFICATE", "保安员证", HARD)}),
        ("文员", set()),
    ],
)
def test_a_bare_certificate_is_that_of_the_trade(title: str, said: Said) -> None:
    assert _said("身体健康，须持证上岗", title) == said


def test_of_several_kinds_of_work_a_certificate_of_one_shuts_nobody_out() -> None:
    text = "叉车司机需持有叉车证"
    assert _said(text, "叉车司机") == {("CERTIFICATE", "叉车证", HARD)}
    assert _said(text, "叉车司机/铲车司机") == {("CERTIFICATE", "叉车证", HARD)}
    assert _said(text, "理货员、叉车司机") == {("CERTIFICATE", "叉车证", WISH)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("初中以上学历", {("EDUCATION", "71", HARD)}),
        ("学历要求：高中或中专", {("EDUCATION", "41", HARD)}),
        ("大专以上学历优先", {("EDUCATION", "31", WISH)}),
        ("不要求学历", {("EDUCATION", "90", HARD)}),
        ("中专及以上学历(技术好可放宽)", {("EDUCATION", "41", WISH)}),
        ("bachelor degree", {("EDUCATION", "21", HARD)}),
    ],
)
def test_schooling(text: str, said: Said) -> None:
    assert _said(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("五年及以上市场营销工作经验", {("EXPERIENCE", "5", HARD)}),
        ("1.2年以上相关工作经验", {("EXPERIENCE", "2", HARD)}),
        ("2.五年以上看护工作经历", {("EXPERIENCE", "5", HARD)}),
        ("从事车工工作2年以上", {("EXPERIENCE", "2", HARD)}),
        ("驾驶经验3年", {("EXPERIENCE", "3", HARD)}),
        ("有2年以上缝制经验者优先", {("EXPERIENCE", "2", WISH)}),
        ("3年以上经验，有带队经历者优先", {("EXPERIENCE", "3", HARD)}),
        ("1年以上工作经验，优秀应届毕业生亦可", {("EXPERIENCE", "0", HARD)}),
        ("无需经验，有人带", {("EXPERIENCE", "0", HARD)}),
        ("公司拥有20年行业经验", set()),
        ("工作满1年后享受年假", set()),
        ("at least 3 years of experience", {("EXPERIENCE", "3", HARD)}),
    ],
)
def test_experience(text: str, said: Said) -> None:
    assert {one for one in _said(text) if one[0] == "EXPERIENCE"} == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18-45岁", {("MIN_AGE", "18", HARD), ("MAX_AGE", "45", HARD)}),
        ("1.25-35岁，品行好", {("MIN_AGE", "25", HARD), ("MAX_AGE", "35", HARD)}),
        ("男16-35周岁，女16-30周岁", {("MIN_AGE", "16", HARD), ("MAX_AGE", "35", HARD)}),
        ("年满18周岁", {("MIN_AGE", "18", HARD)}),
        ("55岁以下", {("MAX_AGE", "55", HARD)}),
        ("45岁以下（技术好可放宽）", {("MAX_AGE", "45", WISH)}),
        ("30岁以下优先", {("MAX_AGE", "30", WISH)}),
        ("团队成员都在30岁以下", set()),
        ("教14岁以下儿童画画", set()),
    ],
)
def test_ages(text: str, said: Said) -> None:
    assert _said(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("熟练使用Excel、Word等办公软件", {"Excel", "Word", "办公软件"}),
        ("会看图纸，懂PLC编程", {"看图纸", "PLC"}),
        ("普通话流利", {"普通话"}),
        ("熟悉C++/JAVA/SCALA/PYTHON至少一种", {"C++", "Java", "Python"}),
        ("负责销售合同的签订，完成销售任务", set()),
        ("负责仓库盘点", set()),
        ("有独立的销售渠道，良好的客户服务意识", set()),
    ],
)
def test_skills_are_those_asked_for_not_the_work_described(text: str, said: set[str]) -> None:
    assert {one.value for one in _read(text) if one.kind is Kind.SKILL} == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("两班倒", {("NIGHT_SHIFT", "yes", HARD)}),
        ("长白班，不上夜班", {("NIGHT_SHIFT", "no", HARD)}),
        ("能高空作业", {("HEIGHT_WORK", "yes", HARD)}),
        ("不用高空作业", set()),
        ("矿山井下作业", {("RESTRICTED", "yes", HARD)}),
        ("合同为劳务派遣", {("DISPATCH", "yes", HARD)}),
        ("负责劳务派遣员工的考勤", set()),
    ],
)
def test_shifts_heights_and_agencies(text: str, said: Said) -> None:
    assert _said(text) == said


def test_of_a_list_of_posts_only_the_own_one_makes_demands() -> None:
    text = (
        "一、财务会计 1人 要求：3年以上工作经验 二、总经理助理 1人 要求：硕士学历，28-40岁 "
        "三、驾驶员 2名 要求：初中以上学历，45岁以下，有C1驾照。包住"
    )
    driver = {("MAX_AGE", "45", HARD), ("EDUCATION", "71", HARD), ("CERTIFICATE", "C1驾驶证", HARD)}
    assert _said(text, "驾驶员") == driver
    assert _said(text, "驾驶员/仓管") == driver
    # Whoever takes one of two posts need not have what only the other asks.
    both = _said(text, "驾驶员、财务会计")
    assert both == {(kind, value, WISH) for kind, value, _ in driver} | {("EXPERIENCE", "3", WISH)}
    assert _said(text, "前台文员") == set()


@pytest.mark.parametrize(
    "text",
    [
        "限女性，身高160以上，形象好",
        "男性优先，本地户口，已婚",
        "性别：女；民族：汉族；视力5.0以上",
        "只招未婚女生，属相不限",
    ],
)
def test_what_may_not_be_asked_is_never_read(text: str) -> None:
    assert _said(text) == set()
    # Each of these is the business of the vacancy rules instead.
    assert any(rule.pattern.search(text) for rule in PHRASE_RULES)


_PIECES = (
    *("18-45岁", "持电工证或焊工证", "初中以上学历", "3年以上经验优先", "会使用Excel", "两班倒"),
    *("1、", "（含）", "（", "无需", "五", "A2/", "证", "以下"),
)
_SIGNS = ("，", "；", "\n", "  ", "🙂", "\uff45\uff58cel", "\ufb01")


@given(
    st.lists(st.sampled_from((*_PIECES, *_SIGNS)), max_size=14).map("".join), st.text(max_size=10)
)
def test_every_finding_stands_in_the_text(text: str, title: str) -> None:
    for one in read_requirements(text, title, qualifications()):
        assert text[one.start : one.end] == one.phrase != ""


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    found = read_requirements(text, text[:10], qualifications())
    assert len({(one.kind, one.value) for one in found}) == len(found)


def test_a_text_of_ten_thousand_signs_is_read_at_once() -> None:
    text = "熟练使用Excel，" * 1_500
    assert _said(text) == {("SKILL", "Excel", HARD)}

"""What a person agrees to: the texts by version, newest last; a text once used never changes."""

from dataclasses import dataclass

from jobfair.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of a consent text."""

    version: str
    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text as it is read to somebody."""
        return self.en if language == "en" else self.zh


# Personal Information Protection Law of 2021, articles 13-17, 29, 47: purpose, kinds of data,
# keeping time, who receives them, how to withdraw; ID numbers need separate consent.
FORM = ConsentText(
    "form-1",
    zh=(
        "我同意劳动部门为介绍工作而登记我的姓名、身份证号码、电话、住址、学历和求职意向，"
        "并把求职意向提供给招聘单位。身份证号码和住址不提供给招聘单位。"
        "登记有效期90天，可以续期。我可以随时到任何一个劳动部门办事窗口撤回同意，"
        "撤回后不再向任何单位推荐我，也可以要求删除我的个人资料。"
    ),
    en=(
        "I agree that the labour office records my name, ID number, phone, address, education and "
        "the work I want in order to find me work, and shows what work I want to employers. My ID "
        "number and address are not shown to employers. The registration holds for 90 days and "
        "can be renewed. I may withdraw my consent at any labour office at any time; then I am "
        "recommended to nobody, and I may ask that my personal data be erased."
    ),
)
LEDGER = ConsentText(
    "ledger-1",
    zh="由乡镇（街道）采集台账时当面征得同意，书面材料由采集单位保存。",
    en=(
        "Consent was given in person when the township recorded its ledger; the collecting office "
        "keeps the signed paper."
    ),
)
TEXTS = {text.version: text for text in (FORM, LEDGER)}
NOT_GIVEN = N_("The person must agree before being registered.")

"""What every reader of a cell shares: the tidy text and the answer "cannot be read"."""

import re
import unicodedata
from dataclasses import dataclass

_WRAPPED = re.compile(r"\[\s*(?:(['\"])(.*)\1)?\s*\]", re.DOTALL)
_LIST_MARK = re.compile(r"(['\"])\s*,\s*\1")
_EMPTY = frozenset(
    {
        "",
        "none",
        "null",
        "nan",
        "n/a",
        "[]",
        "-",
        "--",
        "—",
        "/",
        "\\",
        "无数据",
        "#n/a",
        "...",
        "暂无",
    }
)


# Traditional characters of forms, each before its simplified one (Unicode Unihan,
# kSimplifiedVariant); names and free texts are left as they are.
_PAIRS = (
    "資资職职務务崗岗業业單单稱称範范圍围歷历歲岁齡龄電电話话聯联繫系絡络議议談谈萬万幾几兩两個个餘余時时間间數数額额經经驗验學学專专鄉乡鎮镇縣县區区點点應应屆届實实習习員员類类別别"
    "級级階阶層层證证書书條条險险補补貼贴體体檢检錄录發发佈布統统編编號号碼码內内說说詳详細细標标題题網网連连結结簡简國国營营團团廠厂場场廣广東东灣湾開开陽阳龍龙雲云貴贵門门馬马島岛"
    "蘇苏寧宁漢汉滬沪濟济慶庆遼辽瀋沈無无須须備备註注獎奖給给與与報报為为優优協协約约滿满種种產产領领導导願愿總总線线組组織织倉仓庫库輪轮轉转雙双廚厨師师輔辅護护醫医療疗藥药車车駛驶"
    "機机氣气縫缝紉纫術术設设計计劃划財财會会顧顾問问質质規规環环興兴畢毕碩硕憑凭陸陆貳贰參叁捨舍舉举從从後后處处於于達达據据傳传銷销購购試试採采貨货運运裝装維维紡纺鋼钢燈灯農农飼饲"
    "養养責责語语際际樣样製制檔档權权繳缴納纳稅税婦妇驅驱態态動动勞劳僱雇傭佣徵征"
)
_SIMPLIFIED = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def simplified(text: str) -> str:
    """Return a header or cell with the traditional characters of forms made simplified."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that says something that cannot be used.

    Attributes:
        reason: msgid that says what to do; never repeats what was typed.
    """

    reason: str


def tidy(text: str) -> str:
    """Return a cell's text in one form: NFKC, no wrapping ``['…']``, no edge spaces.

    A list as programs print it (``['a', 'b']``) becomes ``a、b``.

    Texts that stand for nothing (``None``, ``nan``, ``[]``, ``--``) become empty.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.replace("\u200b", "").replace("\ufeff", "").strip()
    if plain.startswith("[") and (found := _WRAPPED.fullmatch(plain)):
        plain = _LIST_MARK.sub("、", found.group(2) or "").strip()
    return "" if plain.lower() in _EMPTY else plain

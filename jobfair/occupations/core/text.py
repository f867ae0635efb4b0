"""Titles as they are compared: whole, bare of calls and promises, and as they sound."""

import re
import unicodedata
from functools import lru_cache

from pypinyin.pinyin_dict import pinyin_dict

HEAD = 3  # characters: 操作工, 工程师
LONGEST = 200  # characters of a title that are read; the longest title of a job board has 60

_NOT_WORD = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"[（(【\[<《「].*?(?:[）)】\]>》」]|$)")
_CALLS = re.compile(
    r"急聘|急招|急缺|急需|诚聘|诚招|高薪|招聘|直招|聘请|招收|招募|^招(?![生商标投]|采(?!购))|五险一金|五险|六险|一金"
    r"|包吃住|包食宿|包吃|包住|提供食宿|双休|单休|月薪|年薪|日薪|底薪|无责|应届(?:毕业)?生|可居家|不加班"
    r"|长白班|周末|带薪|年假|可小白|无经验|零基础|月入|过万"
    r"|\d+(?:\.\d+)?[kw千万元]*(?:[-~至]\d+(?:\.\d+)?[kw千万元]*)?"
)
# The employer's name before the call: 西昌市小巷子串烤店招聘烧烤师傅.
_EMPLOYER = re.compile(r"^.{2,}?(?:诚聘|急招|急聘|招聘|诚招|招(?![生商标投]|采(?!购)))(?=.{2,}$)")
# Digital (S) and green (L) marks behind official names.
_MARK = re.compile(r"(?:[LS]/?)+$")
# Syllables that many speakers do not tell apart, after the tone is gone.
_SLIPS = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^[nr](?!$)"), "l"),
    (re.compile(r"^hu(?=[aoei])"), "f"),
    (re.compile(r"([aei])ng$"), r"\1n"),
)
_SOUNDS_FROM = 0xE000  # private use: one sign for every syllable


def official(name: str) -> str:
    """Return an official name without its marks."""
    return _MARK.sub("", name)


@lru_cache(maxsize=8_192)
def whole(title: str) -> str:
    """Return all words of a title, lower case, divided by single spaces."""
    text = unicodedata.normalize("NFKC", title[:LONGEST]).lower()
    return _NOT_WORD.sub(" ", text).strip()


@lru_cache(maxsize=8_192)
def bare(title: str) -> str:
    """Return what of a title names the work; the whole title when nothing else is left."""
    text = _BRACKETED.sub(" ", unicodedata.normalize("NFKC", title[:LONGEST]).lower())
    text = _EMPLOYER.sub("", text)
    kept = _NOT_WORD.sub(" ", _CALLS.sub(" ", text)).strip()
    return kept or whole(title)


def head(words: str) -> str:
    """Return the last characters of the last word, where a title names the trade."""
    return words[-HEAD:].rsplit(" ", 1)[-1]


def letters(words: str) -> str:
    """Return every character once, in one word."""
    return "".join(dict.fromkeys(words.replace(" ", "")))


def _sound(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading.split(",", maxsplit=1)[0])
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    for slip, meant in _SLIPS:
        plain = slip.sub(meant, plain)
    return plain


class _Sounds(dict[int, int]):
    """A table for str.translate that hears a character when it first meets it."""

    def __init__(self) -> None:
        super().__init__()
        self._signs: dict[str, int] = {}

    def __missing__(self, sign: int) -> int:
        reading = pinyin_dict.get(sign)
        if reading is None:
            heard = sign
        else:
            heard = self._signs.setdefault(_sound(reading), _SOUNDS_FROM + len(self._signs))
        self[sign] = heard
        return heard


_SOUNDS = _Sounds()


def sounds(text: str) -> str:
    """Return a text with one sign for every syllable as it sounds; others stay."""
    return text.translate(_SOUNDS)

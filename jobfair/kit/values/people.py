"""What forms say of a person: sex, ethnic group, phone, ID number, yes and no."""

import re
from dataclasses import dataclass, field
from datetime import date

from stdnum.cn import ric

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, tidy

SEX_NOT_UNDERSTOOD = N_("Write the sex as 男 or 女.")
YES_NO_NOT_UNDERSTOOD = N_("Write 是 or 否.")
ETHNIC_NOT_KNOWN = N_("The ethnic group is not in the list. Write it like 汉族 or 苗族.")
PHONE_NOT_UNDERSTOOD = N_("The phone number is not one. Write 11 digits, or area code and number.")
PHONE_DAMAGED = N_(
    "Excel turned the phone number into scientific notation. "
    "Set the column to text and type it again."
)
ID_DAMAGED = N_(
    "Excel turned the ID number into scientific notation and the last digits are lost. "
    "Set the column to text and type the number again."
)
ID_WRONG_LENGTH = N_("An ID number has 18 characters. Compare it with the card.")
ID_WRONG_CHECK = N_("The ID number is mistyped: it fails its check. Compare it with the card.")
ID_WRONG_DATE = N_("The birth date in the ID number is not possible. Compare it with the card.")
ID_WRONG_CHARACTERS = N_("An ID number is 17 digits and a digit or X. Compare it with the card.")

# GB/T 3304-1991 in code order from 01; 81 is an extension that card readers use.
_GROUPS = (  # noqa: SIM905
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 "
    "土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 "
    "纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 "
    "锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 "
    "裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
).split(" ")  # one string: a quoted word each is no easier to read
_ETHNIC = {name: f"{code:02d}" for code, name in enumerate(_GROUPS, start=1)}
_ETHNIC |= {"穿青": "81", "穿青人": "81", "傈傈": "20", "僳僳": "20", "达翰尔": "31"}
_ETHNIC |= {"乌兹别克": "43", "崩龙": "46", "布衣": "09", "仡姥": "37", "革家": "97", "其他": "97"}

_YES = frozenset(
    {"是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "已", "愿意", "参加", "已参加", "对"}
)
_NO = frozenset(
    {
        "否",
        "无",
        "n",
        "no",
        "false",
        "0",
        "×",
        "✗",
        "未",
        "没有",
        "不是",
        "不",
        "不愿意",
        "未参加",
        "x",
    }
)
_BEGINS_YES = frozenset("是有已")
_BEGINS_NO = frozenset("否无没不未")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d{1,2}", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:\+?86)?(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(?:(?:转|ext)(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class IdText:
    """A resident ID number in its 18-character form.

    Attributes:
        changed: it stood otherwise in the cell (15 digits, full width, spaces, small x, 20 digits).
    """

    text: str = field(repr=False)
    changed: bool = False


def read_sex(text: str) -> str | Unread | None:
    """Read a sex as GB/T 2261.1: 1 male, 2 female."""
    plain = tidy(text).lower().removesuffix("性")
    if not plain:
        return None
    if plain in {"男", "1", "m", "male", "01"}:
        return "1"
    return "2" if plain in {"女", "2", "f", "female", "02"} else Unread(SEX_NOT_UNDERSTOOD)


def read_yes_no(text: str) -> bool | Unread | None:
    """Read yes or no in the usual words and ticks."""
    plain = tidy(text).lower()
    if not plain:
        return None
    if plain in _YES:
        return True
    return False if plain in _NO else Unread(YES_NO_NOT_UNDERSTOOD)


def says_yes(text: str) -> bool | None:
    """Return a yes or no said with more words (已务工, 无组织); None for neither."""
    found = read_yes_no(text)
    if isinstance(found, bool) or found is None:
        return found
    begins = tidy(text)[:1]
    if begins in _BEGINS_YES:
        return True
    return False if begins in _BEGINS_NO else None


def read_ethnic_group(text: str) -> str | Unread | None:
    """Read an ethnic group as its GB/T 3304 code; old names and common misspellings included."""
    plain = tidy(text).replace(" ", "")
    if not plain:
        return None
    if re.fullmatch(r"\d{1,2}", plain):
        code = f"{int(plain):02d}"
        return (
            code
            if 1 <= int(plain) <= 56 or code in {"81", "97", "98"}
            else Unread(ETHNIC_NOT_KNOWN)
        )
    name = plain if plain in _ETHNIC else plain.removesuffix("族")
    return _ETHNIC.get(name) or Unread(ETHNIC_NOT_KNOWN)


def read_phone(text: str) -> str | Unread | None:
    """Read a mobile (11 digits) or a landline (area-number); the first of several."""
    plain = tidy(text)
    if not plain:
        return None
    if _SCIENTIFIC.fullmatch(plain):
        return Unread(PHONE_DAMAGED)
    for part in re.split(r"[/,;、|\n]|\s{2,}|或", plain):
        solid = re.sub(r"[^\d+转a-z]", "", part.lower())
        if found := _MOBILE.fullmatch(solid):
            return found.group(1)
        if found := _LANDLINE.fullmatch(solid):
            extension = f"-{found.group(3)}" if found.group(3) else ""
            return f"{found.group(1)}-{found.group(2)}{extension}"
    return Unread(PHONE_NOT_UNDERSTOOD)


def read_id_number(text: str) -> IdText | Unread | None:
    """Read an ID number: 18 characters, the old 15, or the 20 of a disability card.

    The first 18 of a disability card are the ID number. A wrong check character is refused and the
    right one is not told: typing it in would hide a real slip elsewhere.
    """
    plain = tidy(text)
    if not plain:
        return None
    if _SCIENTIFIC.fullmatch(plain.replace(" ", "")):
        return Unread(ID_DAMAGED)
    solid = re.sub(r"[\s'`’‘.\-_·]", "", plain).upper()
    number = _lengthen(solid) if len(solid) == 15 else solid[:18]
    fault = _fault(solid, number)
    return Unread(fault) if fault else IdText(number, changed=number != text)


def _fault(solid: str, number: str) -> str | None:
    if len(solid) not in {15, 18, 20}:
        return ID_WRONG_LENGTH
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return ID_WRONG_CHARACTERS
    if not _date_possible(number[6:14]):
        return ID_WRONG_DATE
    if ric.calc_check_digit(number) != number[-1]:
        # Excel keeps 15 digits and fills up with zeros.
        return ID_DAMAGED if number.endswith("000") else ID_WRONG_CHECK
    return None


def _lengthen(number: str) -> str:
    """The old form has two digits of the year, always of the 1900s, and no check character."""
    if not re.fullmatch(r"\d{15}", number, re.ASCII):
        return number
    longer = number[:6] + "19" + number[6:]
    return longer + str(ric.calc_check_digit(longer + "0"))


def _date_possible(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).year >= 1900
    except ValueError:
        return False

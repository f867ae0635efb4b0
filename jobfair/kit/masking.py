"""How personal data look on a screen: enough to recognise one's own, not enough to use."""


def _mask_part(part: str) -> str:
    if len(part) <= 1:
        return part
    if len(part) == 2:
        return part[0] + "*"
    return part[0] + "*" * (len(part) - 2) + part[-1]


def mask_name(name: str) -> str:
    """Return 张三 as 张*, 张小明 as 张*明, 欧阳小明 as 欧**明; parts of a dotted name likewise."""
    if "·" in name:
        return "·".join(part[:1] + "*" * (len(part) - 1) for part in name.split("·"))
    return _mask_part(name)


def mask_id_number(number: str) -> str:
    """Return the first three and last four characters, stars between."""
    return number[:3] + "*" * max(len(number) - 7, 0) + number[-4:] if len(number) > 7 else "****"


def mask_phone(phone: str) -> str:
    """Return 138****1234 for a mobile; the last four of anything else."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 4, 0) + phone[-4:]


def mask_address(address: str) -> str:
    """Return the first six characters, enough for province and city."""
    return address[:6] + "…" if len(address) > 6 else address


def mask_end(number: str) -> str:
    """Return only the last four characters of a number, at most half of them."""
    shown = min(4, len(number) // 2)
    return "*" * (len(number) - shown) + number[len(number) - shown :]

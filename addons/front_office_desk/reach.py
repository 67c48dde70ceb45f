"""How somebody is reached, and who is meant: plain functions without the ORM."""

import re

# letter by letter what Odoo leaves out of telephone numbers in its index on them
SEPARATORS = re.compile(r"[\s\\./\(\)\-]")
# shorter ones are extensions and emergency numbers
LEAST_DIGITS = 5


def bare(number: str) -> str:
    r"""Return a telephone number without separators, as the database compares it.

    >>> bare("+34 (600) 111-222")
    '+34600111222'
    """
    return SEPARATORS.sub("", number)


def spellings(number: str, calling_code: str = "") -> frozenset[str]:
    """Return the ways in which a number may be written, without separators.

    :param number: as somebody typed it
    :param calling_code: of the country where numbers without one are, such as ``34``
    :return: none for what is no telephone number

    >>> sorted(spellings("600 111", "34"))[:3]
    ['+340600111', '+34600111', '+600111']
    >>> "0600111222" in spellings("+34 600 111 222", "34")
    True
    >>> spellings("112")
    frozenset()
    """
    text = bare(number)
    digits = "".join(char for char in text if char in "0123456789")
    is_double_zero = text.startswith("00")
    if is_double_zero:
        digits = digits[2:]
    if len(digits) < LEAST_DIGITS:
        return frozenset()
    found, whole = set(), {digits}
    is_abroad = is_double_zero or text.startswith("+")
    if not is_abroad or (calling_code and digits.startswith(calling_code)):
        inland = digits.removeprefix(calling_code) if is_abroad else digits
        inland = inland.lstrip("0")
        found |= {inland, f"0{inland}"}
        if calling_code:
            whole |= {f"{calling_code}{inland}", f"{calling_code}0{inland}"}
    found |= {prefix + each for each in whole for prefix in ("+", "00", "")}
    return frozenset(each for each in found if len(each) >= LEAST_DIGITS)


def plain_name(name: str) -> str:
    """Return a name as two of them are compared.

    >>> plain_name("  Ada  LOVELACE ")
    'ada lovelace'
    """
    return " ".join(name.split()).lower()


def who(by_reach: frozenset, by_name: frozenset):
    """Return who is meant, or none where only a person can tell.

    :param by_reach: who has the telephone number or e-mail address
    :param by_name: who has the name

    >>> who({1}, set()), who({1, 2}, {2, 3}), who(set(), {3}), who({1}, {3})
    (1, 2, None, None)
    """
    for certain in (by_reach & by_name, by_reach | by_name):
        if len(certain) == 1 and by_reach:
            return next(iter(certain))
    return None

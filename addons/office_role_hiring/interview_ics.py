"""A meeting in an applicant's own calendar: one entry, however often it moves."""

import re

_UID = re.compile(rb"^UID:.*(?:\r?\n[ \t].*)*\r?\n", re.MULTILINE)
_END = b"END:VEVENT"


def identify(content: bytes, uid: str, sequence: int) -> bytes:
    """Return an iCalendar file of one event that says which event it is.

    A calendar replaces the event of the same UID when the sequence is higher
    (RFC 5545, 3.8.4.7 and 3.8.7.4).

    :param content: as ``calendar.event._get_ics_file`` returns it
    :param uid: ASCII, without line breaks
    :param sequence: how often the event was sent before

    >>> old = b"BEGIN:VEVENT\\r\\nUID:2026\\r\\n 0318@host\\r\\nEND:VEVENT\\r\\n"
    >>> print(identify(old, "interview-7@example.com", 2).decode().replace("\\r", ""))
    BEGIN:VEVENT
    UID:interview-7@example.com
    SEQUENCE:2
    END:VEVENT
    <BLANKLINE>
    >>> identify(identify(old, "a", 1), "b", 1).count(b"UID:")
    1
    """
    bare = _UID.sub(b"", content)
    lines = f"UID:{uid}\r\nSEQUENCE:{sequence}\r\n".encode()
    return bare.replace(_END, lines + _END, 1)

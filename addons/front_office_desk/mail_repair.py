"""E-mails that the standard library refuses to read: plain functions without the ORM.

A header or a part that can't be read must not cost the customer the whole message.
What is readable is left alone, byte for byte.
"""

import codecs
import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

# more is no identifier, and PostgreSQL has no room for it in an index
LONGEST_ID = 500
# a larger text is kept as a file: to make its HTML harmless would take minutes
LONGEST_TEXT = 2_000_000
IDENTIFIERS = {"message-id", "in-reply-to", "references"}
# what the standard library has readers for
MAIN_TYPES = {"text", "image", "audio", "video", "application", "multipart", "message"}
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
BROKEN_ENCODED = re.compile(r"=00|%00", re.IGNORECASE)
IDENTIFIER = re.compile(r"<[\w.!#$%&'*+/=?^`{|}~:-]+@[\w.:-]+>", re.ASCII)
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-][\w.-]*", re.ASCII)
ADDRESSES = {
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "delivered-to",
    "resent-to",
    "resent-cc",
}


def repair(message: EmailMessage) -> EmailMessage:
    """Make an e-mail readable, in place.

    >>> from email import message_from_bytes
    >>> broken = b"From: <x@y.fi>\\nMessage-Id: <[a@b>\\nSubject: =?utf-8?q?a=00b?="
    >>> message = repair(message_from_bytes(broken, policy=SMTP))
    >>> message["Message-Id"], message["Subject"], message["From"]
    (None, 'ab', 'x@y.fi')
    """
    for part in message.walk():
        headers = list(part.raw_items())
        fixed = [
            (name, _repair_header(name.lower(), value), value)
            for name, value in headers
        ]
        if any(new != value for _name, new, value in fixed):
            for name in {name for name, _value in headers}:
                del part[name]
            for name, new, _value in fixed:
                if new:
                    part.set_raw(name, new)
        _repair_type(part)
    return message


def _repair_header(name: str, value: str) -> str:
    """Return the value of a header so that it can be read, empty where it can't."""
    value = str(value)
    if name == "message-id" and len(value) > LONGEST_ID:
        # the same for the same, so that twice the same message is seen
        return f"<{sha256(value.encode(errors='replace')).hexdigest()}@long>"
    if _is_readable(name, value):
        return value
    plain = BROKEN_ENCODED.sub("", ODD.sub("", value))
    if _is_readable(name, plain):
        return plain
    if name in IDENTIFIERS:
        plain = " ".join(IDENTIFIER.findall(plain))
    elif name in ADDRESSES:
        plain = ", ".join(ADDRESS.findall(plain))
    else:
        plain = re.sub(r"[^ \w.,;:=/@\"-]", "", plain, flags=re.ASCII)
    return plain if _is_readable(name, plain) else ""


def _is_readable(name: str, value: str) -> bool:
    """Whether the standard library reads a header, and finds nothing odd in it."""
    # bytes that are no text are read as question marks
    try:
        header = SMTP.header_fetch_parse(name, value)
        texts: Iterable = [str(header), *getattr(header, "params", {}).values()]
        return not any("\x00" in str(text) for text in texts)
    except Exception:
        # whatever it stumbles over
        return False


def _repair_type(part: EmailMessage) -> None:
    """Give a part a type and a character set that the standard library can read."""
    main = part.get_content_maintype()
    if main not in MAIN_TYPES:
        _set_type(part, "application/octet-stream")
    elif main != "text":
        return
    elif len(part.get_payload()) > LONGEST_TEXT and not part.get_filename():
        ending = "txt" if part.get_content_subtype() == "plain" else "html"
        _set_type(part, f'application/octet-stream; name="message.{ending}"')
    elif not is_text_charset(str(part.get_param("charset", "ascii"))):
        _set_type(part, f'{part.get_content_type()}; charset="utf-8"')


def _set_type(part: EmailMessage, value: str) -> None:
    filename = part.get_filename()
    del part["Content-Type"]
    part["Content-Type"] = value
    if filename:
        part.set_param("name", filename)


def is_text_charset(name: str) -> bool:
    """Whether text can be read with a character set.

    >>> [is_text_charset(name) for name in ("utf-8", "latin1", "none", "hex", "idna")]
    [True, True, False, False, False]
    """
    try:
        codecs.lookup(name)
        b"a\xff.".decode(name, errors="replace")
    except (LookupError, ValueError):
        return False
    return True


def wrap(raw: bytes) -> bytes:
    """Return a plain e-mail with another one as a file, for one that can't be read.

    :param raw: the other one
    :return: with its sender, recipients, subject and references as far as they are
        plain

    >>> wrapped = wrap(b"From: <x@y.example>\\nSubject: A\\x00b\\n\\nHello")
    >>> b"x@y.example" in wrapped, b"Subject: Ab" in wrapped, b"Hello" in wrapped
    (True, True, False)
    """
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0][:100000]
    text = re.sub(r"\r?\n[ \t]+", " ", head.decode("ascii", errors="ignore"))
    message = EmailMessage(policy=SMTP)
    for line in text.splitlines():
        name, _colon, value = line.partition(":")
        if name.lower() in ADDRESSES:
            value = ", ".join(ADDRESS.findall(value)[:100])
        elif name.lower() in IDENTIFIERS:
            value = " ".join(IDENTIFIER.findall(value)[:100])
        elif name.lower() == "subject":
            value = ODD.sub("", value).strip()[:500]
        else:
            continue
        if value and name not in message and _is_readable(name.lower(), value):
            message[name] = value
    message.set_content("")
    message.add_attachment(
        raw, maintype="application", subtype="octet-stream", filename="message.eml"
    )
    return message.as_bytes()

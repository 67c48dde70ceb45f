"""The arithmetic of a certificate and its digest, without the ORM."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta


def canonical_json(record: dict) -> str:
    """Return the one text that stands for a record: sorted keys, no spaces.

    :param record: what :func:`json.dumps` takes; dates become ISO text

    >>> canonical_json({"b": date(2026, 3, 1), "a": [1, None, "é"]})
    '{"a":[1,null,"é"],"b":"2026-03-01"}'
    """
    return json.dumps(
        record, default=str, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as hex digits.

    >>> digest("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def holds(text: str, expected_digest: str, columns: dict) -> bool:
    """Whether a frozen record is as it was issued.

    :param text: the frozen record, as :func:`canonical_json` wrote it
    :param expected_digest: the digest that was stored when it was issued
    :param columns: what the columns of the certificate say now; must be what the
        record holds under ``certificate``

    >>> text = canonical_json({"certificate": {"score": 80}})
    >>> holds(text, digest(text), {"score": 80})
    True
    >>> holds(text, digest(text), {"score": 90})
    False
    >>> holds(text + " ", digest(text), {"score": 80})
    False
    >>> holds("no record", digest("no record"), {})
    False
    """
    if digest(text) != expected_digest:
        return False
    try:
        record = json.loads(text)
        return record["certificate"] == json.loads(canonical_json(columns))
    except (ValueError, KeyError, TypeError):
        return False


def mean_score(scores: Iterable[float]) -> float:
    """Return the mean of scores in percent, to two decimals; 0 without any.

    >>> mean_score([80, 90.5])
    85.25
    >>> mean_score([])
    0.0
    """
    scores = list(scores)
    return round(sum(scores) / len(scores), 2) if scores else 0.0


def last_day(issued_on: date, validity_months: int) -> date | None:
    """Return the last day on which a certificate holds; None when it is for good.

    >>> last_day(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    >>> last_day(date(2026, 1, 31), 0)
    """
    if not validity_months:
        return None
    return issued_on + relativedelta(months=validity_months)

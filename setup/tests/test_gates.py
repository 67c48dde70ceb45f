"""The log of the installation, and coverage."""

from offices_setup import gates
from offices_setup.gates import AddonCoverage, Known

LOG = """\
2026-01-02 03:04:05,678 12 INFO offices_test odoo.modules.loading: loading 3 modules...
2026-01-02 03:04:06,678 12 WARNING offices_test odoo.fields: x: unknown parameter 'y'
2026-01-02 03:04:06,700 12 INFO offices_test odoo: WARNING is only a word here
2026-01-02 03:04:07,678 12 ERROR ? odoo.sql_db: bad query
SELECT nothing
Traceback (most recent call last):
2026-01-02 03:04:08,678 12 INFO offices_test odoo.modules: done
a line that belongs to the information above
"""


def test_warnings_and_errors_are_found():
    first, second = gates.log_problems(LOG, ())
    assert "unknown parameter 'y'" in first
    assert second.splitlines()[1:] == [
        "SELECT nothing",
        "Traceback (most recent call last):",
    ]


def test_a_clean_log():
    assert gates.log_problems("", ()) == []
    assert gates.log_problems(LOG.splitlines()[0], ()) == []


def test_known_lines_pass_with_what_belongs_to_them():
    known = (Known(r"odoo\.sql_db: bad query", "a test"),)
    (problem,) = gates.log_problems(LOG, known)
    assert "unknown parameter" in problem


def test_each_known_line_has_a_reason():
    assert all(entry.pattern and entry.reason for entry in gates.KNOWN)


def summary(statements, covered):
    return {"summary": {"num_statements": statements, "covered_lines": covered}}


REPORT = {
    "files": {
        "addons/a/models/x.py": summary(60, 60),
        "addons/a/__init__.py": summary(40, 29),
        "addons/ab/models/x.py": summary(10, 9),
    }
}


def test_coverage_is_summed_for_each_addon():
    rows = gates.coverage_by_addon(REPORT, ["a", "ab", "data_only"])
    assert rows == [AddonCoverage("a", 100, 89), AddonCoverage("ab", 10, 9)]
    assert rows[0].percent == 89.0


def test_the_threshold():
    rows = gates.coverage_by_addon(REPORT, ["a", "ab"])
    # 89 % is too little, 90 % is enough
    assert [row.name for row in gates.below_minimum(rows)] == ["a"]
    assert AddonCoverage("empty", 0, 0).percent == 100.0

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import role_file, spreadsheet
from ..role_file import HEADINGS, Requirement, Role, escape, read, unescape, write

PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=80)
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
# what has a meaning in CSV or in a spreadsheet stands there often
TEXT = st.text(CHARACTERS | st.sampled_from("\"',;\t\r\n=+-@ "), min_size=1)
# a name in the database neither begins nor ends with spaces
NAME = TEXT.map(str.strip).filter(lambda text: text and text == unescape(escape(text)))
REQUIREMENT = st.builds(
    Requirement, NAME, NAME, NAME, st.booleans(), st.integers(1, 5), st.just(0)
)
ROLES = st.lists(
    st.builds(
        Role,
        st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z"),
        NAME,
        st.sampled_from(["front", "back"]),
        st.lists(
            REQUIREMENT,
            max_size=4,
            unique_by=lambda each: (each.skill_type.lower(), each.skill.lower()),
        ),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda role: role.code,
)
HEAD = ",".join(HEADINGS)


def _said(*lines, head=HEAD):
    """Return what is wrong with a file as (code, line, column)."""
    data = "\r\n".join([head, *lines]).encode()
    return [(each.code, each.line, each.heading) for each in read(data)[1]]


@tagged("post_install", "-at_install")
class TestRoleFile(BaseCase):
    """The file by itself, without a database."""

    def test_doctests(self):
        for module in (role_file, spreadsheet):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertEqual(results.failed, 0)

    @PROPERTY
    @given(ROLES)
    def test_what_is_written_is_read(self, roles):
        found, problems = read(write(roles))
        self.assertEqual(problems, [])
        for role in found:
            role.line = 0
            role.requirements = [
                Requirement(
                    each.skill_type,
                    each.skill,
                    each.level,
                    each.must_have,
                    each.weight,
                )
                for each in role.requirements
            ]
        self.assertEqual(found, roles)

    @PROPERTY
    @given(st.binary(max_size=200) | TEXT.map(lambda text: f"{HEAD}\n{text}".encode()))
    def test_nothing_breaks_it(self, data):
        roles, problems = read(data)
        self.assertTrue(roles or problems)

    @PROPERTY
    @given(TEXT)
    def test_no_formula_leaves(self, text):
        self.assertNotIn(escape(text)[0], "=+-@\t\r")
        self.assertEqual(unescape(escape(text)), text)

    def test_separators_and_headings_in_any_order(self):
        roles, problems = read(
            b"\xef\xbb\xbfSkill;Level;Role_Code;Skill_Type\nPatience;Skilled;desk;Manner"
        )
        self.assertFalse(problems)
        self.assertEqual(
            roles[0].requirements,
            [Requirement("Manner", "Patience", "Skilled", False, 3, 2)],
        )

    def test_what_is_no_table(self):
        self.assertEqual(read(b"")[1][0].code, "empty")
        self.assertEqual(read(HEAD.encode())[1][0].code, "empty")
        self.assertEqual(read(b"x" * (5 * 1024**2 + 1))[1][0].code, "too_big")
        bad = read(f"{HEAD}\ndesk,L\xe4s".encode("latin-1"))[1][0]
        self.assertEqual((bad.code, bad.line), ("no_utf8", 2))
        self.assertEqual(_said("desk,A\x00"), [("unstorable", 2, "")])
        self.assertEqual(_said('desk,"Desk'), [("no_table", 2, "")])

    def test_headings(self):
        self.assertEqual(
            _said("desk,Desk", head="role_code,role_name"), [("no_headings", 1, "")]
        )
        self.assertEqual(
            _said("desk", head=HEAD + ",points,skill"),
            [("unknown_heading", 1, "points"), ("double_heading", 1, "skill")],
        )
        self.assertEqual(_said("desk,,,,,,,,surplus"), [("too_long", 2, "")])

    def test_the_role_of_a_line(self):
        self.assertEqual(
            _said(",Desk", "Front Desk", "desk,Desk,middle"),
            [
                ("no_code", 2, "role_code"),
                ("code", 3, "role_code"),
                ("side", 4, "side"),
            ],
        )
        self.assertEqual(
            _said("desk,Desk,front", "desk,Till,back", "desk,Desk,FRONT"),
            [("conflict", 3, "side"), ("conflict", 3, "role_name")],
        )

    def test_the_requirement_of_a_line(self):
        self.assertEqual(
            _said("desk,,,,Patience,,perhaps,0"),
            [
                ("missing", 2, "skill_type"),
                ("missing", 2, "level"),
                ("must_have", 2, "must_have"),
                ("weight", 2, "weight"),
            ],
        )
        for weight in ("0", "6", "-1", "2.5", "three", "²"):
            self.assertEqual(
                _said(f"desk,,,Manner,Patience,Skilled,no,{weight}"),
                [("weight", 2, "weight")],
            )

    def test_a_skill_twice(self):
        line = "desk,,,Manner,Patience,Skilled,no,3"
        self.assertEqual(
            _said(line, line.upper().replace("DESK", "desk")),
            [("duplicate", 3, "skill")],
        )
        self.assertEqual(_said(line, line.replace("desk", "till")), [])

from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, tagged

from .. import evidence_pack
from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingIdentity(FilingFixture, TransactionCase):
    """What says which filing it was stays as filed when the obligation changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls._invoice(1000)
        cls.filing = cls._filed(cls._filing())
        cls.open = cls._filing(period_start="2026-02-05")

    def _change_obligation(self):
        place = self.authority.jurisdiction_id.copy({"name": "Elsewhere"})
        other = self.authority.copy({"name": "Other", "jurisdiction_id": place.id})
        self.authority.name = "Renamed Revenue"
        self.obligation.with_user(self.manager).write(
            {
                "code": "NEW-CODE",
                "name": "Renamed return",
                "kind": "licence",
                "authority_id": other.id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return other

    def _shown(self, filing):
        return filing.with_user(self.viewer).read(
            [
                "name",
                "kind",
                "authority_id",
                "jurisdiction_id",
                "obligation_name",
                "authority_name",
                "display_name",
            ]
        )[0]

    def test_a_filed_one_stays(self):
        before = self._shown(self.filing)
        self._change_obligation()
        after = self._shown(self.filing)
        # the link goes to the authority, which has another name today
        self.assertEqual(after.pop("authority_id")[0], before.pop("authority_id")[0])
        self.assertEqual(after, before)
        self.assertEqual(after["obligation_name"], "Sales tax return")
        self.assertEqual(after["authority_name"], "Test Revenue")
        with Form(self.filing.with_user(self.reviewer)) as form:
            self.assertEqual(form.filed_obligation, "Sales tax return")
            self.assertEqual(form.filed_authority, "Test Revenue")

    def test_an_open_one_follows(self):
        other = self._change_obligation()
        self.assertEqual(self.open.name, "NEW-CODE 2026-02-28")
        self.assertEqual(self.open.kind, "licence")
        self.assertEqual(self.open.authority_id, other)
        self.assertEqual(self.open.jurisdiction_id, other.jurisdiction_id)
        self.assertEqual(self.open.obligation_name, "Renamed return")
        self.assertEqual(self.open.authority_name, "Other")

    def test_search_and_groups(self):
        other = self._change_obligation()
        filings = self.env["compliance.filing"].with_user(self.viewer)
        mine = [("company_id", "=", self.company.id)]
        self.assertEqual(
            filings.search([*mine, ("kind", "=", "tax_return")]).ids, self.filing.ids
        )
        groups = dict(filings._read_group(mine, ["authority_id"], ["__count"]))
        self.assertEqual(
            {authority.id: count for authority, count in groups.items()},
            {self.authority.id: 1, other.id: 1},
        )

    def test_the_record_and_the_pack_agree(self):
        before = self.filing.with_user(self.auditor)._build_pack()
        self._change_obligation()
        filing = self.filing.with_user(self.auditor)
        self.assertEqual(filing._get_changes_of_record(), [])
        self.assertEqual(filing.action_check_record()["params"]["type"], "success")
        after = filing._build_pack()
        self.assertEqual(evidence_pack.verify(after), [])
        self.assertEqual(after, before)

    def test_a_forged_name_is_noticed(self):
        self.env.flush_all()
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(
            "UPDATE compliance_filing SET filed_obligation = 'x' WHERE id = %s",
            [self.filing.id],
        )
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Obligation as Filed is not what was"):
            self.filing.with_user(self.auditor).action_check_record()

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .. import evidence_pack, freeze_sql
from ..models.compliance_filing import FROZEN_FIELDS
from .common_filing import FilingFixture


@tagged("post_install", "-at_install")
class TestFilingFrozen(FilingFixture, TransactionCase):
    """What was filed does not change: by hand, by RPC, as superuser, by SQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_filings()
        cls.move = cls._invoice(1000)
        cls.filing = cls._filing()
        cls.file = cls._evidence(cls.filing)
        cls._filed(cls.filing)

    def _refused_by_sql(self, query, *params, error=psycopg2.errors.RestrictViolation):
        with (
            self.assertRaises(error),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(query, params)

    def test_what_is_kept(self):
        filing = self.filing
        self.assertEqual(
            filing.frozen_hash,
            evidence_pack.sha256(evidence_pack.canonical(filing.frozen)),
        )
        self.assertEqual(filing.frozen["filing"]["amount_declared"], "100.00")
        self.assertEqual(
            filing.frozen["files"],
            [
                {
                    "name": "evidence/01_receipt.txt",
                    "sha256": evidence_pack.sha256(b"received"),
                    "size": 8,
                }
            ],
        )
        items = filing.line_ids.filtered(lambda line: line.code == "TAX").item_ids
        tax_item = self.move.line_ids.filtered("tax_line_id")
        self.assertEqual(items.item_id, tax_item.id)
        self.assertEqual((items.amount, items.account_code), (100.0, "2300"))
        self.assertEqual(items.move_name, self.move.name)
        self.assertFalse(filing._get_changes_of_record())

    def test_by_hand_and_by_rpc(self):
        for user in (self.preparer, self.reviewer, self.manager):
            filing = self.filing.with_user(user)
            for values in (
                {"amount_declared": 1.0},
                {"receipt_number": "R-9"},
                {"filed_on": "2026-03-01"},
                {"state": "to_prepare"},
                {"evidence_ids": [Command.clear()]},
                {"line_ids": [Command.clear()]},
                {"frozen_hash": "0" * 64},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaisesRegex(UserError, "TEST-ST 2026-02-28"),
                ):
                    filing.write(values)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.filing.with_user(self.manager).unlink()

    def test_in_the_form(self):
        with Form(self.filing.with_user(self.manager)) as form:
            self.assertEqual(form.state, "filed")
            for name in ("amount_declared", "receipt_number", "filed_on", "due_date"):
                with self.assertRaises(AssertionError):
                    form[name] = False

    def test_as_superuser(self):
        for name in FROZEN_FIELDS:
            with self.subTest(name), self.assertRaises(UserError):
                self.filing.sudo().write({name: False})
        with self.assertRaisesRegex(UserError, "State"):
            self.filing.sudo().state = "ready"
        with self.assertRaises(UserError):
            self.filing.sudo().unlink()

    def test_lines_and_items_as_superuser(self):
        line = self.filing.line_ids[:1].sudo()
        item = line.item_ids[:1]
        for change in (
            lambda: line.write({"amount": 1}),
            lambda: item.write({"amount": 1}),
            line.unlink,
            item.unlink,
            lambda: line.copy({"code": "NEW"}),
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                change()
                self.env.flush_all()
            self.env.invalidate_all()

    def test_lines_and_items_as_people(self):
        line = self.filing.line_ids[:1]
        for user in (self.preparer, self.reviewer, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                line.with_user(user).write({"amount": 1})
            with self.assertRaises(AccessError):
                line.item_ids.with_user(user).unlink()

    def test_sql_on_the_filing(self):
        values = {
            "company_id": str(self.env.ref("base.main_company").id),
            "obligation_id": str(self.obligation.copy({"code": "TEST-2"}).id),
            "rule_id": None,
            "event_key": "'x'",
            "event_salt": "'x'",
            "override_covers": "'{}'",
            "frozen": "'{}'",
            "frozen_hash": "'x'",
            "override_by_id": str(self.manager.id),
            "override_reason": "'x'",
            "amends_id": "id",
            "amendment_number": "7",
        }
        self.env.flush_all()
        for name in FROZEN_FIELDS:
            if self.filing._fields[name].type == "date":
                values[name] = (
                    f"{name} - 1" if name == "period_start" else "'2026-12-1'"
                )
            value = values.get(name, "NULL")
            if value is None:
                continue
            with self.subTest(name):
                self._refused_by_sql(
                    f"UPDATE compliance_filing SET {name} = {value} WHERE id = %s",
                    self.filing.id,
                )
        self._refused_by_sql(
            "UPDATE compliance_filing SET state = 'ready' WHERE id = %s", self.filing.id
        )
        self._refused_by_sql(
            "DELETE FROM compliance_filing WHERE id = %s",
            self.filing.id,
            # its items refer to it as well
            error=psycopg2.IntegrityError,
        )
        self._refused_by_sql("TRUNCATE compliance_filing_item")

    def test_sql_on_the_parts(self):
        for table in ("compliance_filing_line", "compliance_filing_item"):
            self._refused_by_sql(
                f"UPDATE {table} SET amount = amount + 1 WHERE filing_id = %s",
                self.filing.id,
            )
            self._refused_by_sql(
                f"DELETE FROM {table} WHERE filing_id = %s", self.filing.id
            )
        self._refused_by_sql(
            "INSERT INTO compliance_filing_item (line_id, filing_id, company_id, "
            "item_id) VALUES (%s, %s, %s, 1)",
            self.filing.line_ids[0].id,
            self.filing.id,
            self.company.id,
        )
        self._refused_by_sql(
            "UPDATE compliance_filing_item SET filing_id = %s WHERE filing_id = %s",
            self._filing(event_key="other").id,
            self.filing.id,
        )

    def test_sql_on_the_files(self):
        self._refused_by_sql(
            "DELETE FROM compliance_filing_ir_attachment_rel "
            "WHERE compliance_filing_id = %s",
            self.filing.id,
        )
        self._refused_by_sql(
            "UPDATE ir_attachment SET checksum = 'x' WHERE id = %s", self.file.id
        )
        self._refused_by_sql(
            "UPDATE ir_attachment SET store_fname = 'aa/bb' WHERE id = %s", self.file.id
        )
        self._refused_by_sql("DELETE FROM ir_attachment WHERE id = %s", self.file.id)
        self.cr.execute(
            "UPDATE ir_attachment SET write_date = now(), index_content = 'x' "
            "WHERE id = %s",
            [self.file.id],
        )

    def test_files_as_superuser(self):
        for values in ({"raw": b"other"}, {"datas": b"b3RoZXI="}, {"name": "x.txt"}):
            with self.assertRaisesRegex(UserError, "receipt.txt is evidence of TEST"):
                self.file.sudo().write(values)
        with self.assertRaisesRegex(UserError, "receipt.txt is evidence of TEST"):
            self.file.sudo().unlink()
        self.file.sudo().description = "Free to change"

    def test_files_of_an_open_filing_are_free(self):
        filing = self._filing(event_key="open")
        attachment = self._evidence(filing, "draft.txt")
        attachment.raw = b"other"
        attachment.unlink()
        self.assertFalse(filing.evidence_ids)

    def test_what_goes_around_the_database_is_noticed(self):
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(
            "UPDATE compliance_filing_item SET amount = amount + 1 "
            "WHERE filing_id = %s",
            [self.filing.id],
        )
        self.cr.execute("SET LOCAL session_replication_role = origin")
        self.env.invalidate_all()
        self.assertEqual(
            self.filing._get_changes_of_record(), ["items.csv is not what was filed."]
        )

    def test_nothing_is_filed_without_the_button(self):
        filing = self._filing(event_key="forged")
        with self.assertRaises(UserError):
            filing.with_user(self.manager).state = "filed"
        with self.assertRaises(UserError):
            self.env["compliance.filing"].with_user(self.manager).create(
                {"obligation_id": self.obligation.id, "state": "filed"}
            )
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            filing.sudo().state = "filed"
            filing.flush_recordset()

    def test_in_review_the_figures_are_locked(self):
        filing = self._filing(event_key="review").with_user(self.preparer)
        filing.amount_declared = 5
        filing.action_prepare()
        for user in (self.preparer, self.reviewer, self.manager):
            with self.assertRaisesRegex(UserError, "in review: Amount Declared"):
                filing.with_user(user).amount_declared = 6
            for name in ("state", "prepared_by_id", "amount_computed"):
                with self.assertRaises(UserError):
                    filing.with_user(user).write({name: False})
        with self.assertRaisesRegex(AccessError, "only a manager"):
            filing.due_date = "2027-01-01"
        filing.with_user(self.manager).due_date = "2026-03-21"

    def test_uninstalling_drops_the_triggers(self):
        def triggers():
            self.cr.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'compliance_keep%'"
            )
            return self.cr.fetchone()[0]

        self.assertEqual(triggers(), 11)
        with self.cr.savepoint() as savepoint:
            freeze_sql.drop_triggers(self.cr)
            self.assertEqual(triggers(), 0)
            savepoint.rollback()
        self.assertEqual(triggers(), 11)

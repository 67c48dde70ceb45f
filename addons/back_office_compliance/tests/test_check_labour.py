from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_labour import TODAY, LabourFixture

CHECK = "compliance_check_labour_"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCheckLabour(LabourFixture):
    """Each check about employees: what it names, and what it leaves alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls._make_employee("Good")
        cls.stranger = cls._make_employee(
            "Stranger",
            cls.other_company,
            contract_date_start=False,
            identification_id=False,
            birthday="2015-01-01",
            resource_calendar_id=False,
        )

    def test_nothing_about_a_good_employee(self):
        checks = self.env["compliance.check"].search([("family", "=", "labour")])
        self.assertGreaterEqual(len(checks), 10)
        run = self.env["compliance.check"]._run_checks(self.company, checks)
        self.assertEqual(set(run.line_ids.mapped("result")), {"pass"})

    def test_every_check_says_what_to_do(self):
        for check in self.env["compliance.check"].search([("family", "=", "labour")]):
            with self.subTest(check=check.code):
                self.assertGreater(len(check.description), 80)
                self.assertTrue(all(check.parameter_ids.mapped("label")))

    # --- contracts ----------------------------------------------------------------

    def test_no_contract(self):
        none = self._make_employee("None", contract_date_start=False)
        ended = self._make_employee("Ended", contract_date_end="2026-06-14")
        self._make_employee("Last day", contract_date_end=TODAY)
        self._make_employee(
            "Free", contract_date_start=False, employee_type="freelance"
        )
        self._make_employee(
            "Starts in July",
            date_version="2026-07-01",
            contract_date_start="2026-07-01",
        )
        archived = self._make_employee("Archived", contract_date_start=False)
        archived.active = False
        self.assertEqual(self._named(f"{CHECK}no_contract"), (none | ended).ids)
        self.assertEqual(
            self._named(f"{CHECK}no_contract", self.other_company), self.stranger.ids
        )

    def test_contract_ends(self):
        ends = self._make_employee("Ends", contract_date_end="2026-08-14")
        self._make_employee("Later", contract_date_end="2026-08-15")
        found = self._run(f"{CHECK}ending")
        self.assertEqual(list(found), [(ends.id, "contract")])
        self.assertEqual(str(found[ends.id, "contract"].date), "2026-08-14")

    def test_trial_ends(self):
        ends = self._make_employee("Ends", trial_date_end="2026-06-29")
        self._make_employee("Later", trial_date_end="2026-06-30")
        self._make_employee("Over", trial_date_end="2026-06-14")
        self.assertEqual(list(self._run(f"{CHECK}ending")), [(ends.id, "trial")])

    def test_decided(self):
        """A next contract, a departure or a planned talk is a decision."""
        renewed = self._make_employee("Renewed", contract_date_end="2026-06-30")
        renewed.create_version(
            {
                "date_version": "2026-07-01",
                "contract_date_start": "2026-07-01",
                "contract_date_end": False,
            }
        )
        leaves = self._make_employee("Leaves", contract_date_end="2026-06-30")
        leaves.departure_date = "2026-06-30"
        talk = self._make_employee("Talk", contract_date_end="2026-06-30")
        user = self._make_user("planner", "hr.group_hr_manager")
        activity = (
            talk.with_user(user)
            .sudo()
            .activity_schedule("mail.mail_activity_data_todo", date_deadline=TODAY)
        )
        self.assertEqual(activity.create_uid, user)
        self.assertEqual(self._named(f"{CHECK}ending"), [])
        activity.date_deadline = "2026-07-01"
        self.assertEqual(self._named(f"{CHECK}ending"), talk.ids)

    def test_a_reminder_of_odoo_is_no_decision(self):
        ends = self._make_employee("Ends", contract_date_end="2026-06-30")
        ends.with_user(self.env.ref("base.user_root")).activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=TODAY
        )
        self.assertEqual(self._named(f"{CHECK}ending"), ends.ids)

    # --- papers -------------------------------------------------------------------

    def test_no_schedule(self):
        flexible = self._make_employee("Flexible", resource_calendar_id=False)
        self._make_employee(
            "Free", resource_calendar_id=False, employee_type="contractor"
        )
        self.assertEqual(self._named(f"{CHECK}no_schedule"), flexible.ids)

    def test_identity(self):
        none = self._make_employee("None", identification_id=False)
        self._make_employee("Passport", identification_id=False, passport_id="P-1")
        self.assertEqual(self._named(f"{CHECK}identity"), none.ids)

    def test_right_to_work_expires(self):
        permit = self._make_employee("Permit", work_permit_expiration_date="2026-08-14")
        visa = self._make_employee("Visa", visa_expire="2026-01-31")
        passport = self._make_employee(
            "Passport",
            identification_id=False,
            passport_id="P-1",
            passport_expiration_date="2026-07-01",
        )
        self._make_employee("Later", work_permit_expiration_date="2026-08-15")
        self._make_employee("Has a number", passport_expiration_date="2026-07-01")
        found = self._run(f"{CHECK}right_to_work")
        self.assertEqual(
            {key: str(finding.date) for key, finding in found.items()},
            {
                (permit.id, "permit"): "2026-08-14",
                (visa.id, "visa"): "2026-01-31",
                (passport.id, "passport"): "2026-07-01",
            },
        )

    def test_right_to_work_missing(self):
        sweden = self.env.ref("base.se")
        foreigner = self._make_employee("Foreigner", country_id=sweden.id)
        self._make_employee("Permit", country_id=sweden.id, permit_no="W-1")
        self._make_employee("Visa", country_id=sweden.id, visa_no="V-1")
        self._make_employee("National", country_id=self.usa.id)
        self.assertEqual(
            list(self._run(f"{CHECK}right_to_work")), [(foreigner.id, "missing")]
        )
        self._set_parameter(f"{CHECK}right_to_work", "foreigners", 0)
        self.assertEqual(self._run(f"{CHECK}right_to_work"), {})

    def test_minimum_age(self):
        young = self._make_employee("Young", birthday="2010-06-16")
        self._make_employee("Sixteen today", birthday="2010-06-15")
        self.assertEqual(self._named(f"{CHECK}minimum_age"), young.ids)
        self._set_parameter(f"{CHECK}minimum_age", "years", 15)
        self.assertEqual(self._named(f"{CHECK}minimum_age"), [])

    # --- contractors --------------------------------------------------------------

    def test_contractor(self):
        values = {
            "employee_type": "contractor",
            "parent_id": self.good.id,
            "contract_date_start": False,
        }
        found = self._make_employee("All signs", **values)
        self._make_employee("No manager", **{**values, "parent_id": False})
        self._make_employee("Recent", **values, date_version="2025-06-16")
        half = self.calendar.copy({"name": "Half"})
        half.attendance_ids.filtered(lambda line: line.day_period != "morning").unlink()
        self._make_employee("Part time", **values, resource_calendar_id=half.id)
        self._make_employee("Employed", parent_id=self.good.id)
        self.assertEqual(self._named(f"{CHECK}contractor"), found.ids)
        self._set_parameter(f"{CHECK}contractor", "signs", 2)
        self.assertEqual(len(self._named(f"{CHECK}contractor")), 4)

    # --- documents ----------------------------------------------------------------

    def _demand(self, **values):
        return self.env["compliance.document.rule"].create(
            {
                "name": "Food handler card",
                "company_id": self.company.id,
                **values,
            }
        )

    def _hand_in(self, employee, demand, **values):
        return self.env["compliance.document"].create(
            {"employee_id": employee.id, "rule_id": demand.id, **values}
        )

    def test_document_of_a_job(self):
        job = self.env["hr.job"].create({"name": "Cook", "company_id": self.company.id})
        demand = self._demand(job_ids=[Command.link(job.id)])
        cook = self._make_employee("Cook", job_id=job.id)
        self.assertEqual(
            list(self._run(f"{CHECK}document")), [(cook.id, str(demand.id))]
        )
        card = self._hand_in(cook, demand, expires_on="2026-07-15")
        self.assertEqual(self._run(f"{CHECK}document"), {})
        card.expires_on = "2026-07-14"
        (finding,) = self._run(f"{CHECK}document").values()
        self.assertEqual(str(finding.date), "2026-07-14")
        self._hand_in(cook, demand)
        self.assertEqual(self._run(f"{CHECK}document"), {})

    def test_document_of_a_department(self):
        above, below, other = self.env["hr.department"].create(
            [
                {"name": name, "company_id": self.company.id}
                for name in ("Above", "Below", "Other")
            ]
        )
        below.parent_id = above
        self._demand(department_ids=[Command.link(above.id)])
        named = self._make_employee("Named", department_id=below.id)
        self._make_employee("Other", department_id=other.id)
        self.assertEqual(self._named(f"{CHECK}document"), named.ids)

    def test_document_of_everybody(self):
        demand = self._demand()
        self.assertEqual(self._named(f"{CHECK}document"), self.good.ids)
        self.assertEqual(self._named(f"{CHECK}document", self.other_company), [])
        demand.company_id = False
        self.assertEqual(
            self._named(f"{CHECK}document", self.other_company), self.stranger.ids
        )
        demand.active = False
        self.assertEqual(self._named(f"{CHECK}document"), [])

    # --- reports ------------------------------------------------------------------

    def _report_hire(self, employee, day, **values):
        jurisdiction = self.env["compliance.jurisdiction"].create(
            {"name": "Hires", "country_id": self.usa.id}
        )
        authority = self.env["compliance.authority"].create(
            {"name": "Registry", "jurisdiction_id": jurisdiction.id}
        )
        obligation = self.env["compliance.obligation"].create(
            {
                "name": "New hire report",
                "code": "TEST-HIRE",
                "authority_id": authority.id,
                "rule_ids": [
                    Command.create(
                        {
                            "date_from": "2020-01-01",
                            "trigger": "event",
                            "event": "hire",
                            "period": False,
                            "days": 20,
                        }
                    )
                ],
            }
        )
        return self.env["compliance.filing"].create(
            {
                "company_id": employee.company_id.id,
                "obligation_id": obligation.id,
                "rule_id": obligation.rule_ids.id,
                "period_start": day,
                "period_end": day,
                "event_key": f"hr.employee,{employee.id}",
                "due_date": day,
                "internal_date": day,
                **values,
            }
        )

    def test_new_hire(self):
        self._report_hire(self.good, "2026-05-25")
        found = self._run(f"{CHECK}new_hire")
        self.assertEqual(list(found), [(self.good.id, "TEST-HIRE")])
        self.assertEqual(str(found[self.good.id, "TEST-HIRE"].date), "2026-05-25")

    def test_new_hire_in_time(self):
        self._report_hire(self.good, "2026-05-26")
        self.assertEqual(self._run(f"{CHECK}new_hire"), {})
        self._set_parameter(f"{CHECK}new_hire", "days", 19)
        self.assertTrue(self._run(f"{CHECK}new_hire"))

    def test_new_hire_reported(self):
        filing = self._report_hire(self.good, "2026-01-01")
        # a filing becomes filed by its own action only; the check reads the state
        self.env.cr.execute(
            """
            UPDATE compliance_filing
               SET state = 'filed', frozen_hash = 'frozen', filed_on = '2026-01-01'
             WHERE id = %s
            """,
            [filing.id],
        )
        filing.invalidate_recordset()
        self.assertEqual(self._run(f"{CHECK}new_hire"), {})


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMinimumWage(LabourFixture):
    """Which minimum holds where and when, and who earns less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what other add-ons ship would hold here as well
        cls.env["compliance.minimum.wage"].search([]).unlink()
        cls.federal = cls._make_jurisdiction("Federation")
        cls.state = cls._make_jurisdiction(
            "State", level="state", parent=cls.federal, state_id=cls.california.id
        )
        cls.city = cls._make_jurisdiction(
            "City", level="local", parent=cls.state, city=" san francisco"
        )
        # an hour: 5,000 × 12 ÷ 52 ÷ 40 = 28.85
        cls.employee = cls._make_employee("Earner")

    @classmethod
    def _make_jurisdiction(cls, name, parent=None, **values):
        return cls.env["compliance.jurisdiction"].create(
            {
                "name": name,
                "country_id": cls.usa.id,
                "parent_id": parent and parent.id,
                **values,
            }
        )

    def _set(self, jurisdiction, hourly, date_from="2026-01-01", **values):
        return self.env["compliance.minimum.wage"].create(
            {
                "jurisdiction_id": jurisdiction.id,
                "date_from": date_from,
                "hourly": hourly,
                "currency_id": self.company.currency_id.id,
                "source": "A test",
                **values,
            }
        )

    def _earns_less(self):
        return bool(self._named(f"{CHECK}minimum_wage"))

    def test_to_the_cent(self):
        minimum = self._set(self.federal, 28.86)
        self.assertTrue(self._earns_less())
        minimum.hourly = 28.85
        self.assertFalse(self._earns_less())

    def test_narrowest_goes_first(self):
        self._set(self.federal, 30)
        self.assertTrue(self._earns_less())
        self._set(self.state, 20)
        self.assertFalse(self._earns_less())
        self._set(self.city, 29)
        self.assertTrue(self._earns_less())

    def test_highest_goes_first(self):
        self._set(self.federal, 30)
        self._set(self.city, 20)
        self.assertFalse(self._earns_less())
        self._set_parameter(f"{CHECK}minimum_wage", "highest", 1)
        self.assertTrue(self._earns_less())

    def test_effective_dates(self):
        self._set(self.federal, 20, "2026-01-01")
        self._set(self.federal, 40, "2026-06-16")
        self.assertFalse(self._earns_less())
        with freeze_time("2026-06-16"):
            self.assertTrue(self._earns_less())

    def test_elsewhere(self):
        """A city of the same name in another state is another city."""
        self._set(self.city, 40)
        elsewhere = self.env["res.partner"].create(
            {
                "name": "Branch",
                "country_id": self.usa.id,
                "state_id": self.env.ref("base.state_us_27").id,
                "city": "San Francisco",
            }
        )
        self.employee.address_id = elsewhere
        self.assertFalse(self._earns_less())
        elsewhere.state_id = self.california
        self.assertTrue(self._earns_less())
        elsewhere.write({"country_id": False, "state_id": False, "city": False})
        self.assertTrue(self._earns_less(), "the address of the company holds")

    def test_other_currency_is_not_compared(self):
        self._set(self.federal, 100, currency_id=self.env.ref("base.EUR").id)
        self.assertFalse(self._earns_less())

    def test_part_time(self):
        self._set(self.federal, 28.85)
        half = self.calendar.copy({"name": "Half"})
        half.attendance_ids.filtered(lambda line: line.day_period != "morning").unlink()
        self.employee.resource_calendar_id = half
        self.employee.wage = 2500
        self.assertFalse(self._earns_less())
        self.employee.resource_calendar_id = self.calendar
        self.assertTrue(self._earns_less())

    def test_without_contract(self):
        self._set(self.federal, 100)
        self.employee.current_version_id.contract_date_end = "2026-06-01"
        self.assertFalse(self._earns_less())

    def test_wage_of_the_version_in_force(self):
        self._set(self.federal, 40)
        self.employee.create_version({"date_version": "2026-06-16", "wage": 50000})
        self.assertTrue(self._earns_less())
        with freeze_time("2026-06-16"):
            self.assertFalse(self._earns_less())

    def test_the_wage_is_not_told(self):
        self._set(self.federal, 100)
        (finding,) = self._run(f"{CHECK}minimum_wage").values()
        self.assertEqual(set(finding.sudo().values), {"minimum", "jurisdiction"})


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLabourAccess(LabourFixture):
    """An accountant learns nothing about employees; HR officers do their work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._make_employee(
            "Secretary Secret", contract_date_end="2026-06-30"
        )
        cls.demand = cls.env["compliance.document.rule"].create(
            {"name": "Card", "company_id": cls.company.id}
        )
        cls.document = cls.env["compliance.document"].create(
            {
                "employee_id": cls.employee.id,
                "rule_id": cls.demand.id,
                "number": "S-1",
                "expires_on": "2026-06-20",
            }
        )
        viewer = "back_office_compliance.group_compliance_"
        cls.accountant = cls._make_user(
            "labour_accountant",
            f"{viewer}manager",
            "account.group_account_manager",
            "base.group_allow_export",
        )
        cls.officer = cls._make_user(
            "labour_officer", f"{viewer}preparer", "hr.group_hr_user"
        )
        cls.plain = cls._make_user("labour_plain")

    def test_findings(self):
        for name in ("ending", "document"):
            with self.subTest(check=name):
                (finding,) = self._run(f"{CHECK}{name}").values()
                Finding = self.Finding.with_user(self.accountant)
                self.assertNotIn(finding, Finding.search([]))
                groups = Finding.formatted_read_group([], ["family"], ["__count"])
                self.assertNotIn("labour", [group["family"] for group in groups])
                with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                    finding.with_user(self.accountant).export_data(["key", "date"])
                mine = finding.with_user(self.officer)
                self.assertIn("Secretary Secret", mine.record_name)

    def test_counts(self):
        check = self._get_check(f"{CHECK}ending")
        self._run(f"{CHECK}ending")
        self.assertFalse(check.with_user(self.accountant).finding_count)
        lines = self.env["compliance.run.line"].with_user(self.accountant)
        self.assertFalse(lines.search([("check_id", "=", check.id)]))

    def test_documents(self):
        for user in (self.accountant, self.plain):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.document.with_user(user).read(["number"])
                with self.assertRaises(AccessError):
                    self.document.with_user(user).write({"number": "S-2"})
        self.document.with_user(self.officer).write({"number": "S-2"})
        self.assertEqual(self.document.number, "S-2")

    def test_documents_of_another_company(self):
        other = self._make_employee("Other", self.other_company)
        document = self.env["compliance.document"].create(
            {
                "employee_id": other.id,
                "rule_id": self.env["compliance.document.rule"]
                .create({"name": "Card", "company_id": False})
                .id,
            }
        )
        with self.assertRaises(AccessError):
            document.with_user(self.officer).read(["number"])
        with self.assertRaises(AccessError):
            document.with_user(self.officer).write({"number": "S-2"})

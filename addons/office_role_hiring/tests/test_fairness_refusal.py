from odoo.exceptions import UserError
from odoo.tests import Form

from .fairness_common import FairnessCommon


class TestFairnessRefusal(FairnessCommon):
    """A refusal for a missing must-have says which one, and it is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_users()
        cls.role_desk.skill_ids.must_have = True
        cls.both = cls._apply("Both")
        cls.one = cls._apply("One", [(cls.greeting, 75)])
        cls.none = cls._apply("None", [(cls.greeting, 75), (cls.telephone, 50)])

    def test_every_reason_has_a_kind(self):
        reasons = self.env["hr.applicant.refuse.reason"]
        self.assertFalse(reasons.search([("office_type", "=", False)]))
        kinds = set(reasons.search([]).mapped("office_type"))
        self.assertLessEqual({"must_have", "degree", "right_to_work"}, kinds)
        withdrew = self.env.ref("hr_recruitment.refuse_reason_8")
        self.assertEqual(withdrew.office_type, "withdrew")

    def test_a_kind_that_somebody_chose_is_kept(self):
        reason = self.env.ref("hr_recruitment.refuse_reason_6")
        reason.office_type = "requirements"
        reasons = self.env["hr.applicant.refuse.reason"]
        reasons._set_odoo_kinds()
        self.assertEqual(reason.office_type, "requirements")
        reason.office_type = "other"
        reasons._set_odoo_kinds()
        self.assertEqual(reason.office_type, "duplicate")

    def test_the_kind_of_a_reason_in_use_stays(self):
        self.reason_degree.office_type = "other"
        self.reason_degree.office_type = "degree"
        self._refuse(self.both, self.reason_degree)
        self.reason_degree.write({"name": "Degree", "office_type": "degree"})
        with self.assertRaisesRegex(UserError, "its kind stays"):
            self.reason_degree.office_type = "other"

    def test_the_wizard_names_what_is_missed(self):
        wizard = Form(
            self.env["applicant.get.refuse.reason"]
            .with_user(self.recruiter)
            .with_context(default_applicant_ids=(self.both + self.one).ids)
        )
        wizard.refuse_reason_id = self.reason_must_have
        wizard.send_mail = False
        self.assertEqual(
            set(wizard.office_skill_ids.ids), {self.greeting.id, self.telephone.id}
        )
        wizard.save().action_refuse_reason_apply()
        both = self.greeting + self.telephone
        self.assertEqual(self.both.office_refuse_skill_ids, both)
        self.assertEqual(self.one.office_refuse_skill_ids, self.telephone)
        self.assertFalse(self.one.active)

    def test_one_of_two_is_named(self):
        self._refuse(
            self.both, self.reason_must_have, office_skill_ids=self.telephone.ids
        )
        self.assertEqual(self.both.office_refuse_skill_ids, self.telephone)

    def test_a_must_have_that_is_held_is_no_reason(self):
        with self.assertRaisesRegex(UserError, "None misses no must-have"):
            self.none.write({"refuse_reason_id": self.reason_must_have.id})
        for applicants, skill in (
            (self.one, self.greeting),
            (self.one, self.juggling),
            (self.both + self.one, self.greeting),
        ):
            with (
                self.subTest(skill=skill.name),
                self.assertRaisesRegex(UserError, "One does not lack"),
            ):
                self._refuse(
                    applicants, self.reason_must_have, office_skill_ids=skill.ids
                )
        self.assertFalse((self.one + self.both + self.none).refuse_reason_id)

    def test_skills_must_be_named(self):
        with self.assertRaisesRegex(UserError, "Name the must-have"):
            self._refuse(self.none, self.reason_must_have, office_skill_ids=[])

    def test_without_a_role_whoever_refuses_names_the_skill(self):
        applicant = self._create_applicant("Free", self._create_job("Free"))
        with self.assertRaisesRegex(UserError, "has no role"):
            applicant.refuse_reason_id = self.reason_must_have
        self._refuse(
            applicant, self.reason_must_have, office_skill_ids=self.juggling.ids
        )
        self.assertEqual(applicant.office_refuse_skill_ids, self.juggling)

    def test_by_rpc_all_that_is_missed_is_named(self):
        applicant = self.both.with_user(self.recruiter)
        applicant.write({"refuse_reason_id": self.reason_must_have.id})
        self.assertEqual(len(applicant.office_refuse_skill_ids), 2)
        applicant.write({"refuse_reason_id": self.reason_degree.id})
        self.assertFalse(applicant.office_refuse_skill_ids)

    def test_the_skills_are_set_by_the_refusal_alone(self):
        applicants = self.env["hr.applicant"].with_user(self.recruiter)
        values = {"office_refuse_skill_ids": [(6, 0, self.juggling.ids)]}
        with self.assertRaisesRegex(UserError, "set by the refusal"):
            self.both.with_user(self.recruiter).write(values)
        with self.assertRaisesRegex(UserError, "set by the refusal"):
            applicants.create({"partner_name": "Imported", **values})
        with self.assertRaisesRegex(UserError, "misses no must-have|has no role"):
            applicants.create(
                {
                    "partner_name": "Imported",
                    "refuse_reason_id": self.reason_must_have.id,
                }
            )

    def test_an_imported_refusal_names_the_skills(self):
        applicant = self._apply("Old", refuse_reason_id=self.reason_must_have.id)
        self.assertEqual(len(applicant.office_refuse_skill_ids), 2)

    def test_a_copy_is_not_refused(self):
        self._refuse(self.one, self.reason_must_have)
        copy = self.one.with_user(self.recruiter).copy()
        self.assertFalse(copy.refuse_reason_id)
        self.assertFalse(copy.office_refuse_skill_ids)

    def test_an_interviewer_refuses_own_candidates(self):
        self.one.interviewer_ids = self.interviewer
        self._refuse(self.one, self.reason_must_have, self.interviewer)
        self.assertEqual(self.one.office_refuse_skill_ids, self.telephone)
        self.assertEqual(self._log(self.one).user_id, self.interviewer)

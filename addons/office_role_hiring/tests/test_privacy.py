from odoo.exceptions import AccessError, UserError

from .common_interview import InterviewCommon

FAIRNESS = (
    "hr.group_hr_manager,hr_recruitment.group_hr_recruitment_manager,"
    "office_role_hiring.group_hiring_fairness"
)


class TestPrivacy(InterviewCommon):
    """Interviews and background checks of who is anonymised, or asks for their data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair = cls._create_user("privacy_fair", FAIRNESS)
        cls.both = cls._create_user(
            "privacy_both", f"{FAIRNESS},office_role_hiring.group_background_check"
        )
        cls.round = cls._create_round(opened=True)
        cls.type = cls.env["hr.background.check.type"].create({"name": "Driving"})
        cls.check = cls.env["hr.background.check"].create(
            {
                "applicant_id": cls.ada.id,
                "type_id": cls.type.id,
                "consent_date": "2026-03-01",
                "consent_document": b"c2lnbmVk",
                "note": "Ada drives well",
            }
        )

    def _refuse(self):
        self.ada.write(
            {
                "active": False,
                "refuse_reason_id": self.env["hr.applicant.refuse.reason"]
                .search([], limit=1)
                .id,
            }
        )

    def _export(self, user):
        data = self.ada.with_user(user).sudo()._get_personal_data()
        return data["interviews"], data["background_checks"]

    def test_words_of_interviews_go_and_ratings_stay(self):
        card = self._submit(self.round, self.ivy, note="Ada greets like a queen")
        self.round.message_post(body="About Ada")
        self._refuse()
        self.ada.with_user(self.fair).action_anonymise()
        self.env.invalidate_all()
        card = card.sudo()
        self.assertFalse(card.summary)
        self.assertEqual(set(card.line_ids.mapped("note")), {False})
        self.assertEqual(set(card.line_ids.mapped("rating")), {3})
        self.assertFalse(self.round.message_ids)
        self.assertNotIn("Ada", self.round.display_name)
        # the other one's draft is gone, and with it what was owed
        self.assertEqual(self.round.sudo().scorecard_ids, card)
        self.assertEqual(self.round.state, "done")
        self.assertIn(
            "words, drafts and files of interviews", self.ada.office_anonymised_note
        )

    def test_background_checks_are_erased(self):
        self._refuse()
        self.ada.with_user(self.fair).action_anonymise()
        self.env.invalidate_all()
        self.assertTrue(self.check.erased_on)
        self.assertFalse(self.check.note)
        self.assertFalse(self.check.consent_document)
        self.assertNotIn("Ada", self.check.display_name)

    def test_what_is_on_legal_hold_stays(self):
        self.check.legal_hold = True
        self._refuse()
        with self.assertRaisesRegex(UserError, "cannot be anonymised"):
            self.ada.with_user(self.fair).action_anonymise()
        self.assertEqual(self.check.note, "Ada drives well")

    def test_export_holds_what_was_submitted(self):
        self._submit(self.round, self.ivy, rating=4, note="Heard a queen")
        [interview], _checks = self._export(self.fair)
        self.assertEqual(interview["interviewer"], "Ivy")
        self.assertEqual({line["rating"] for line in interview["ratings"]}, {4})
        self.assertEqual(
            {line["note"] for line in interview["ratings"]}, {"Heard a queen"}
        )

    def test_results_for_those_only_who_may_see_them(self):
        _interviews, [check] = self._export(self.both)
        self.assertEqual(check["note"], "Ada drives well")
        _interviews, [check] = self._export(self.fair)
        self.assertEqual(check["type"], "Driving")
        self.assertNotIn("Ada drives well", str(check))

    def test_export_is_no_way_around_blindness(self):
        self._submit(self.round, self.ivy)
        blind = self._create_round(self.fair, opened=True)
        with self.assertRaisesRegex(UserError, "still owe a scorecard"):
            self._export(self.fair)
        self._submit(blind, self.fair)
        self.assertEqual(len(self._export(self.fair)[0]), 2)

    def test_a_recruiter_does_not_export(self):
        with self.assertRaises(AccessError):
            self.ada.with_user(self.rob)._get_personal_data_archive()

from odoo import models
from odoo.exceptions import UserError

from ..background.hr_background_check import GROUP


class HrApplicant(models.Model):
    """Interviews and background checks, where an application is anonymised or exported.

    Extends the hooks of anonymising and of the export of personal data.
    """

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    # --- anonymising ------------------------------------------------------------------

    def _get_anonymisable_domain(self):
        """Keep applications of which a background check is on legal hold."""
        # sudo: that something is on hold counts, whoever asks; those who may not see
        # checks may not search by them either, so the applications are named by id
        held = (
            self.env["hr.background.check"].sudo().search([("legal_hold", "=", True)])
        )
        return [
            *super()._get_anonymisable_domain(),
            ("id", "not in", held.applicant_id.ids),
        ]

    def _anonymise_related(self):
        """Empty what was written in interviews and found by background checks."""
        self._anonymise_interviews()
        self.background_check_ids._erase()
        return super()._anonymise_related()

    def _anonymise_interviews(self):
        """Delete words, drafts, files and messages of interviews.

        The ratings that were submitted stay; nobody owes a scorecard any more.
        """
        rounds = self.interview_round_ids
        own = [("res_model", "=", rounds._name), ("res_id", "in", rounds.ids)]
        self.interview_scorecard_ids.filtered(lambda c: c.state == "draft").unlink()
        self.interview_scorecard_ids.write({"summary": False})
        self.interview_scorecard_ids.line_ids.write({"note": False})
        rounds.line_ids.write({"question": False})
        rounds.write({"name": self.env._("Interview"), "state": "done"})
        rounds.message_ids.unlink()
        self.env["mail.activity"].search(own).unlink()
        self.env["ir.attachment"].search(own).unlink()

    def _get_anonymised_removed(self):
        return [
            *super()._get_anonymised_removed(),
            self.env._("words, drafts and files of interviews"),
            self.env._("consent, results and files of background checks"),
        ]

    def _get_anonymised_kept(self):
        return [
            *super()._get_anonymised_kept(),
            self.env._("ratings of interviews, without words"),
            self.env._("which background checks were made, and when"),
        ]

    # --- the person's own data --------------------------------------------------------

    def _get_personal_data(self):
        """Add interviews and background checks.

        :raises UserError: when the user still owes a scorecard of this applicant, for
            the others are not to be seen before
        """
        self._check_no_scorecard_owed()
        return {
            **super()._get_personal_data(),
            "interviews": self._get_personal_interviews(),
            "background_checks": self._get_personal_background_checks(),
        }

    def _check_no_scorecard_owed(self):
        if self.interview_scorecard_ids.filtered(
            lambda card: card.state == "draft" and card.interviewer_id == self.env.user
        ):
            raise UserError(
                self.env._(
                    "You still owe a scorecard of %s. Submit it first: the export "
                    "holds those of the others.",
                    self.display_name,
                )
            )

    def _get_personal_interviews(self):
        """Return what interviewers submitted; drafts are their own notes so far."""
        return [
            {
                "interview": card.round_id.name,
                "start": card.start or None,
                "interviewer": card.interviewer_id.name,
                "submitted_on": card.submitted_on,
                "recommendation": card.recommendation,
                "summary": card.summary or None,
                "ratings": [
                    {
                        "skill": line.skill_id.name,
                        "rating": line.rating,
                        "note": line.note or None,
                    }
                    for line in card.line_ids
                ],
            }
            for card in self.interview_scorecard_ids
            if card.state == "submitted"
        ]

    def _get_personal_background_checks(self):
        """Return the checks; results for those only who may see them."""
        shown = self.env.user.has_group(GROUP)
        hidden = self.env._("Ask whoever handles background checks.")
        return [
            {
                "type": check.type_id.name,
                "consent_date": check.consent_date or None,
                "ordered_on": check.ordered_on or None,
                "valid_until": check.valid_until or None,
                "result": (check.result or None) if shown else hidden,
                "note": (check.note or None) if shown else hidden,
            }
            for check in self.background_check_ids
        ]

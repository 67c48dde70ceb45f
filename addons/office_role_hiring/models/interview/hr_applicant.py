from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import interview_rating


class HrApplicant(models.Model):
    """Interview rounds, and what the interviewers say when all is put together."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    interview_round_ids = fields.One2many(
        "interview.round", "applicant_id", string="Interviews", readonly=True
    )
    interview_round_count = fields.Integer(compute="_compute_interview_round_count")
    interview_scorecard_ids = fields.One2many(
        "interview.scorecard", "applicant_id", string="Scorecards", readonly=True
    )
    interview_has_ratings = fields.Boolean(compute="_compute_interview_summary")
    interview_summary = fields.Html(
        string="What the interviewers say",
        compute="_compute_interview_summary",
        sanitize=False,
    )

    @api.depends("interview_round_ids")
    def _compute_interview_round_count(self):
        for applicant in self:
            applicant.interview_round_count = len(applicant.interview_round_ids)

    @api.depends_context("uid", "lang")
    @api.depends(
        "interview_scorecard_ids.state",
        "interview_scorecard_ids.summary",
        "interview_scorecard_ids.line_ids.note",
    )
    def _compute_interview_summary(self):
        """Put together what the user may read: the record rules choose."""
        blind = self._filter_interview_blind()
        cards = self._get_interview_scorecards()
        # in one go what the applicants would read one by one
        lines = cards.line_ids.filtered("rating")
        lines.skill_id.mapped("display_name")
        lines.interviewer_id.mapped("name")
        for applicant in self:
            readable = cards.filtered(
                lambda card, applicant=applicant: (
                    card.applicant_id == applicant._origin
                )
            )
            applicant.interview_has_ratings = bool(readable)
            applicant.interview_summary = self.env["ir.qweb"]._render(
                "office_role_hiring.interview_consolidated",
                {
                    **applicant._get_interview_progress(),
                    "blind": applicant in blind,
                    "cards": readable,
                    "skills": self._get_interview_skills(readable),
                },
            )

    def _get_interview_scorecards(self):
        """Return the submitted scorecards that the user may read, none while blind."""
        return self.env["interview.scorecard"].search(
            [
                ("applicant_id", "in", self._origin.ids),
                ("applicant_id", "not in", self._filter_interview_blind()._origin.ids),
                ("state", "=", "submitted"),
            ],
            order="submitted_on, id",
        )

    def _filter_interview_blind(self):
        """Return those of whom the user owes a scorecard."""
        owed = self.env["interview.scorecard"]._read_group(
            [
                ("applicant_id", "in", self._origin.ids),
                ("interviewer_id", "=", self.env.uid),
                ("state", "=", "draft"),
            ],
            ["applicant_id"],
        )
        owed_ids = {applicant.id for (applicant,) in owed}
        return self.filtered(lambda applicant: applicant._origin.id in owed_ids)

    def _get_interview_progress(self):
        """Return how many scorecards there are, and how many are not submitted."""
        self.ensure_one()
        # sudo: how many are missing says nothing about what stands in them
        expected = self.sudo().interview_round_ids.scorecard_ids
        return {
            "expected": len(expected),
            "missing": len(expected.filtered(lambda card: card.state == "draft")),
        }

    @api.model
    def _get_interview_skills(self, cards):
        """Return a dict for each skill: who gave which rating, mean and spread.

        :param cards: submitted scorecards of one applicant
        :return: the must-haves first, then by name
        """
        by_skill = cards.line_ids.grouped("skill_id")
        result = []
        for skill, lines in by_skill.items():
            ratings = lines.mapped("rating")
            result.append(
                {
                    "skill": skill,
                    "must_have": any(lines.mapped("must_have")),
                    "lines": lines,
                    "by_card": lines.grouped("scorecard_id"),
                    "mean": interview_rating.mean(ratings),
                    "spread": interview_rating.spread(ratings),
                    "disagree": interview_rating.disagree(ratings),
                }
            )
        return sorted(
            result, key=lambda row: (not row["must_have"], row["skill"].display_name)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_ratings(self):
        # the database deletes rounds and scorecards with the application; sudo: whether
        # something stands in a scorecard; nothing of it is shown
        for applicant in self.sudo():
            if any(card._is_begun() for card in applicant.interview_scorecard_ids):
                raise UserError(
                    self.env._(
                        "%s cannot be deleted, because interviewers have rated. Refuse "
                        "or archive the application; whoever handles personal data can "
                        "anonymise it.",
                        applicant.display_name,
                    )
                )

    def action_view_interviews(self):
        """Open the rounds of this applicant, or begin the first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "office_role_hiring.interview_round_action"
        )
        return {
            **action,
            "domain": [("applicant_id", "=", self.id)],
            "context": {"default_applicant_id": self.id},
        }

    def action_rate_skills(self):
        """Ask which ratings become skills of the applicant.

        :raises UserError: if there are no ratings that the user may see
        """
        self.ensure_one()
        self._check_may_take_over()
        rows = self._get_interview_skills(self._get_interview_scorecards())
        if not rows:
            raise UserError(
                self.env._(
                    "%s: there are no ratings to take over yet. Scorecards have to be "
                    "submitted first, yours among them.",
                    self.partner_name,
                )
            )
        wizard = self.env["interview.take.over"].create(
            {
                "applicant_id": self.id,
                "line_ids": [
                    Command.create(self._get_take_over_values(row)) for row in rows
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ratings to skills"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_take_over_values(self, row):
        """Return the values of a wizard's line.

        Ticked is what changes a level and is not in dispute. That nothing was shown of
        a skill gives nobody its lowest level.
        """
        level = self._get_rated_level(row)
        held = self.current_applicant_skill_ids.filtered(
            lambda skill: skill.skill_id == row["skill"]
        )
        shown = row["mean"] > interview_rating.LOWEST
        return {
            "skill_id": row["skill"].id,
            "mean": float(row["mean"]),
            "spread": row["spread"],
            "skill_level_id": level.id,
            "take_over": (
                not row["disagree"]
                and (shown or bool(held))
                and level not in held.skill_level_id
            ),
        }

    def _check_may_take_over(self):
        if not self.env.user.has_group("hr_recruitment.group_hr_recruitment_user"):
            raise AccessError(
                self.env._(
                    "Only a recruiter decides which ratings become skills of an "
                    "applicant."
                )
            )

    @api.model
    def _get_rated_level(self, row):
        """Return the level of a skill that its mean rating stands for."""
        levels = row["skill"].skill_type_id.skill_level_ids.sorted("level_progress")
        if not levels:
            return levels
        return levels[interview_rating.level_index(row["mean"], len(levels))]

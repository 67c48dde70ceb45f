from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...playbook_score import percent

# counted from the answers, and typed by nobody
COUNTED = {"playbook_score", "playbook_open"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    playbook_id = fields.Many2one(
        "desk.playbook",
        compute="_compute_playbook_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    playbook_answer_ids = fields.One2many(
        "desk.playbook.answer", "lead_id", string="Playbook answers"
    )
    playbook_score = fields.Float(
        compute="_compute_playbook_score",
        store=True,
        aggregator="avg",
        help="The part of the playbook's points that was earned, from 0 to 100.",
    )
    playbook_open = fields.Integer(
        string="Questions to ask", compute="_compute_playbook_score", store=True
    )
    playbook_explanation = fields.Text(
        string="How it was counted", compute="_compute_playbook_explanation"
    )

    # the form shows a column only for kinds that are asked
    playbook_kinds = fields.Char(compute="_compute_playbook_kinds")

    @api.depends("playbook_answer_ids.kind")
    def _compute_playbook_kinds(self):
        for lead in self:
            kinds = set(lead.playbook_answer_ids.mapped("kind"))
            lead.playbook_kinds = ",".join(sorted(filter(None, kinds)))

    @api.depends("team_id", "company_id")
    def _compute_playbook_id(self):
        playbooks = self.env["desk.playbook"].search(
            [("team_id", "in", self.team_id.ids)]
        )
        for lead in self:
            # one of another company must not keep a lead from being made
            fitting = playbooks.filtered(
                lambda each, lead=lead: each.team_id == lead.team_id
                and each.company_id <= lead.company_id
            )
            lead.playbook_id = lead.playbook_id or fitting[:1]

    @api.depends(
        "playbook_answer_ids.points",
        "playbook_answer_ids.points_best",
        "playbook_answer_ids.is_answered",
        "playbook_answer_ids.question_id.is_required",
        "playbook_answer_ids.question_id.active",
    )
    def _compute_playbook_score(self):
        for lead in self:
            answers = lead.playbook_answer_ids.filtered("question_id.active")
            lead.playbook_score = percent(
                answers.mapped("points"), answers.mapped("points_best")
            )
            lead.playbook_open = len(lead._get_open_answers())

    @api.depends("playbook_score", "playbook_open")
    @api.depends_context("lang")
    def _compute_playbook_explanation(self):
        for lead in self:
            lines = [
                self.env._(
                    "%(question)s: %(points)s of %(best)s",
                    question=answer.question_id.name,
                    points=f"{answer.points:g}",
                    best=f"{answer.points_best:g}",
                )
                if answer.is_answered
                else self.env._("%s: not asked yet", answer.question_id.name)
                for answer in lead.playbook_answer_ids.filtered("question_id.active")
            ]
            lead.playbook_explanation = "\n".join(lines)

    @api.model_create_multi
    def create(self, vals_list):
        """Make leads with the questions of their playbooks.

        :raise UserError: when a lead is made in a stage that needs the answers
        """
        leads = super().create(
            [
                {name: value for name, value in vals.items() if name not in COUNTED}
                for vals in vals_list
            ]
        )
        leads._add_playbook_answers()
        # a column of the board names the stage as a default
        is_named = bool(self.env.context.get("default_stage_id"))
        for lead, vals in zip(leads, vals_list, strict=True):
            # a lead that comes by e-mail has no stage yet, and must not be lost
            if vals.get("stage_id") or is_named:
                lead._check_playbook(lead.stage_id)
        return leads

    def write(self, vals):
        """Change leads; a stage can need a complete playbook.

        :raise UserError: when it isn't complete, or an answered playbook is changed
        """
        if COUNTED & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "%s: the score of a playbook is counted. Answer its questions.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        # only the program moves answers with their playbook
        is_moving = self.env.su and self.env.context.get("desk_playbook_moves")
        if "playbook_id" in vals and not is_moving:
            self._drop_playbook_answers(vals["playbook_id"])
        result = super().write(vals)
        if {"playbook_id", "team_id", "user_id"} & vals.keys():
            self._add_playbook_answers()
        if {"stage_id", "playbook_id", "type"} & vals.keys():
            for lead in self:
                lead._check_playbook(lead.stage_id)
        return result

    def _get_open_answers(self):
        """Return the needed questions that are not answered yet."""
        self.ensure_one()
        return self.playbook_answer_ids.filtered(
            lambda answer: answer.question_id.active
            and answer.is_required
            and not answer.is_answered
        )

    def _check_playbook(self, stage):
        self.ensure_one()
        if not stage.is_playbook_required:
            return
        if not self.playbook_id:
            raise UserError(
                self.env._(
                    "%(lead)s: the stage %(stage)s needs a playbook. Choose one.",
                    lead=self.display_name,
                    stage=stage.name,
                )
            )
        if answers := self._get_open_answers():
            raise UserError(
                self.env._(
                    "%(lead)s: before the stage %(stage)s, ask: %(questions)s",
                    lead=self.display_name,
                    stage=stage.name,
                    questions=" · ".join(answers.question_id.mapped("name")),
                )
            )

    def _add_playbook_answers(self):
        """Put the questions of their playbooks on leads that don't have them yet."""
        # sudo: whoever may have the lead is asked its questions, and can't add others
        answers = self.env["desk.playbook.answer"].sudo()
        leads = self.filtered("playbook_id")
        domain = Domain("lead_id", "in", leads.ids)
        present = {
            (lead.id, question.id)
            for lead, question in answers._read_group(
                domain, ["lead_id", "question_id"]
            )
        }
        answers.create(
            [
                {"lead_id": lead.id, "question_id": question.id}
                for lead in leads
                # sudo: a playbook may be one of another company's by then
                for question in lead.sudo().playbook_id.question_ids
                if (lead.id, question.id) not in present
            ]
        )

    def _drop_playbook_answers(self, playbook_id):
        """Take away the questions of another playbook that nobody has answered.

        :param playbook_id: the playbook that leads get
        :raise UserError: when one of them has answers already
        """
        for lead in self.filtered(lambda each: each.playbook_id.id != playbook_id):
            # sudo: answers are taken away by the program only
            answers = lead.sudo().playbook_answer_ids
            if any(answers.mapped("is_answered")):
                raise UserError(
                    self.env._(
                        "%s: its playbook is answered already and stays. Empty the "
                        "answers first.",
                        lead.display_name,
                    )
                )
            answers.unlink()

    def _merge_dependences(self, opportunities):
        """Keep the answers when leads become one."""
        result = super()._merge_dependences(opportunities)
        # sudo: the answers of a colleague's lead move with it
        kept, others = self.sudo(), opportunities.sudo()
        donors = others.filtered(
            lambda each: any(each.playbook_answer_ids.mapped("is_answered"))
        )
        if donors and not any(kept.playbook_answer_ids.mapped("is_answered")):
            donor = donors[0]
            kept.playbook_answer_ids.unlink()
            donor.playbook_answer_ids.write({"lead_id": kept.id})
            # the answers are those of the playbook that comes with them
            kept.with_context(desk_playbook_moves=True).playbook_id = donor.playbook_id
        return result

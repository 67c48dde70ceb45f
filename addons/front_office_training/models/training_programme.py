import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class TrainingProgramme(models.Model):
    """What somebody in a role must learn: steps, and who signs each of them.

    Only a published programme enrols people. An enrolment takes a snapshot of the
    steps, so revising a programme leaves those who are under way with what they
    started with; publishing the changed programme makes a new version.
    """

    _name = "training.programme"
    _description = "Training Programme"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Html(translate=True)
    role_ids = fields.Many2many(
        "office.role",
        string="Roles",
        check_company=True,
        help="Whoever is given one of these roles is enrolled.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Trains and signs where nobody else is named.",
    )
    validity_months = fields.Integer(
        string="Valid for (months)",
        help="How long finishing the programme counts; 0 means for good.",
    )
    reminder_days = fields.Integer(
        string="Remind before (days)",
        default=3,
        help="How many days before a step is due the trainee is reminded.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to share the programme between all companies.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    version = fields.Integer(readonly=True, copy=False, tracking=True)
    published_on = fields.Datetime(readonly=True, copy=False)
    published_digest = fields.Char(readonly=True, copy=False)
    step_ids = fields.One2many(
        "training.step", "programme_id", string="Steps", copy=True
    )
    step_count = fields.Integer(compute="_compute_step_totals")
    minutes = fields.Integer(
        string="Minutes in all",
        compute="_compute_step_totals",
        help="The minutes of all steps together.",
    )
    enrolment_ids = fields.One2many("training.enrolment", "programme_id")
    running_count = fields.Integer(
        string="Under way", compute="_compute_enrolment_counts"
    )
    done_count = fields.Integer(string="Completed", compute="_compute_enrolment_counts")
    missing_count = fields.Integer(
        string="Not enrolled",
        compute="_compute_missing_count",
        groups="hr.group_hr_user,front_office_training.group_training_manager",
        help="People who hold a role of the programme and were never enrolled in it.",
    )

    _validity_positive = models.Constraint(
        "CHECK (validity_months >= 0)",
        "The validity of a programme is a number of months, or 0 for good.",
    )
    _reminder_positive = models.Constraint(
        "CHECK (reminder_days >= 0)",
        "The reminder of a programme comes a number of days before the due date, or 0.",
    )

    @api.depends("step_ids.minutes")
    def _compute_step_totals(self):
        for programme in self:
            programme.step_count = len(programme.step_ids)
            programme.minutes = sum(programme.step_ids.mapped("minutes"))

    @api.depends("enrolment_ids.state")
    def _compute_enrolment_counts(self):
        counts = {
            (programme, state): count
            for programme, state, count in self.env["training.enrolment"]._read_group(
                [("programme_id", "in", self.ids)],
                ["programme_id", "state"],
                ["__count"],
            )
        }
        for programme in self:
            programme.running_count = counts.get((programme._origin, "running"), 0)
            programme.done_count = counts.get((programme._origin, "done"), 0)

    def _compute_missing_count(self):
        for programme in self:
            programme.missing_count = len(programme._get_missing_employees())

    def _get_missing_employees(self):
        """Return who holds a role of the programme and was never enrolled in it.

        :return: ``hr.employee`` records of the user's companies
        """
        self.ensure_one()
        if not self.role_ids:
            return self.env["hr.employee"]
        # sudo: roles are for HR officers; the companies of the user still bound it
        return (
            self.env["hr.employee"]
            .sudo()
            .search(
                Domain("company_id", "in", (self.company_id or self.env.companies).ids)
                & Domain("office_role_ids", "in", self.role_ids.ids)
                & Domain(
                    "training_enrolment_ids",
                    "not any",
                    [("programme_id", "=", self.id), ("state", "!=", "cancelled")],
                )
            )
            .sudo(False)  # back from sudo: the rights of the user hold again
        )

    # --- life cycle -------------------------------------------------------------

    def action_publish(self):
        """Open the programme for enrolments; a changed one becomes a new version.

        :raises UserError: when the programme has no step
        """
        for programme in self:
            if not programme.step_ids:
                raise UserError(
                    self.env._(
                        "%s has no step. Add at least one step before you publish it.",
                        programme.name,
                    )
                )
            digest = programme._content_digest()
            changed = digest != programme.published_digest
            programme.write(
                {
                    "state": "published",
                    "published_on": fields.Datetime.now(),
                    "published_digest": digest,
                    "version": programme.version + changed,
                }
            )

    def action_revise(self):
        """Take the programme back to draft to change its steps."""
        self.write({"state": "draft"})

    def action_retire(self):
        """Stop enrolling. Enrolments under way run on."""
        self.write({"state": "retired"})

    def _content_digest(self):
        """Return the SHA-256 of everything that an enrolment copies, as hex digits.

        The language of the user does not matter: the source terms are taken.
        """
        self.ensure_one()
        source = self.with_context(lang="en_US")
        names = source.step_ids._snapshot_fields()
        content = [
            [
                source.step_ids._fields[name].convert_to_export(step[name], step)
                for name in names
            ]
            for step in source.step_ids.sorted(lambda step: (step.sequence, step.id))
        ]
        text = json.dumps(content, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # --- enrolment --------------------------------------------------------------

    def _enrol(self, employees, start_date=None, trainer=None):
        """Enrol employees in these programmes, in one batch.

        Whoever has the programme under way already is left out, and so is who works
        for another company than the programme's.

        :param employees: ``hr.employee`` records, any number
        :param start_date: first day; today when not given
        :param trainer: ``res.users`` record; the programme's rule when not given
        :return: the new ``training.enrolment`` records
        :raises UserError: when a programme is not published
        """
        for programme in self:
            if programme.state != "published":
                raise UserError(
                    self.env._(
                        "%s is not published. Publish the programme before you enrol "
                        "anybody in it.",
                        programme.name,
                    )
                )
        Enrolment = self.env["training.enrolment"]
        # sudo: who is enrolled already does not depend on who may see it
        running = {
            (enrolment["programme_id"][0], enrolment["employee_id"][0])
            for enrolment in Enrolment.sudo().search_read(
                [
                    ("state", "=", "running"),
                    ("programme_id", "in", self.ids),
                    ("employee_id", "in", employees.ids),
                ],
                ["programme_id", "employee_id"],
            )
        }
        common = {"start_date": start_date or fields.Date.context_today(self)}
        if trainer:
            common["trainer_id"] = trainer.id
        return Enrolment.create(
            [
                {"programme_id": programme.id, "employee_id": employee.id, **common}
                for programme in self
                for employee in employees
                if (programme.id, employee.id) not in running
                and programme.company_id
                in (employee.company_id, self.env["res.company"])
            ]
        )

    def action_enrol(self):
        """Open the enrolment wizard for these programmes."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrol_action"
            ),
            "context": {"default_programme_ids": self.ids},
        }

    def action_enrol_missing(self):
        """Open the enrolment wizard with the people who were never enrolled."""
        self.ensure_one()
        action = self.action_enrol()
        action["context"]["default_employee_ids"] = self._get_missing_employees().ids
        return action

    def action_view_enrolments(self):
        """Open the enrolments of this programme."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_enrolment_action"
            ),
            "domain": [("programme_id", "=", self.id)],
            "context": {"default_programme_id": self.id},
        }

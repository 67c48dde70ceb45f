import base64
import hashlib
import json
import re
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..enrolment_plan import with_prerequisites


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
    issues_certificate = fields.Boolean(
        string="Gives a certificate",
        default=True,
        help="Whoever completes the programme is given a certificate.",
    )
    refresher_id = fields.Many2one(
        "training.programme",
        check_company=True,
        domain="[('state', '=', 'published')]",
        help="What is taken before the certificate expires; leave empty to take this "
        "programme again. Completing it renews the certificate.",
    )
    refresher_days = fields.Integer(
        string="Refresher before (days)",
        default=60,
        help="How many days before a certificate expires its holder is enrolled in the "
        "refresher; 0 for never.",
    )
    skill_ids = fields.One2many(
        "training.programme.skill",
        "programme_id",
        string="Skills",
        copy=True,
        help="What somebody who completed the programme is able to do.",
    )
    certificate_count = fields.Integer(
        string="Certified", compute="_compute_certificate_count"
    )
    max_attempts = fields.Integer(
        string="Attempts at a step",
        help="How often a step may be tried before a training manager decides what "
        "happens; 0 means without limit. People under way keep theirs.",
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
    prerequisite_ids = fields.Many2many(
        "training.programme",
        "training_programme_prerequisite_rel",
        "programme_id",
        "prerequisite_id",
        string="Comes after",
        check_company=True,
        domain="[('id', '!=', id)]",
        help="Whoever is enrolled and never completed one of these programmes is "
        "enrolled in it as well.",
    )
    version_ids = fields.One2many(
        "training.programme.version", "programme_id", string="Versions", readonly=True
    )
    version_count = fields.Integer(
        string="Kept versions", compute="_compute_version_count"
    )
    export_file = fields.Binary(
        compute="_compute_export_file",
        groups="front_office_training.group_training_manager",
        help="The programme as a file that another database imports.",
    )
    export_table = fields.Binary(
        compute="_compute_export_table",
        groups="front_office_training.group_training_manager",
        help="The same as a table, to be worked on in a spreadsheet.",
    )

    _validity_positive = models.Constraint(
        "CHECK (validity_months >= 0)",
        "The validity of a programme is a number of months, or 0 for good.",
    )
    _reminder_positive = models.Constraint(
        "CHECK (reminder_days >= 0)",
        "The reminder of a programme comes a number of days before the due date, or 0.",
    )
    _refresher_positive = models.Constraint(
        "CHECK (refresher_days >= 0)",
        "The refresher is assigned a number of days before the expiry, or 0 for never.",
    )
    _max_attempts_positive = models.Constraint(
        "CHECK (max_attempts >= 0)",
        "The attempts at a step are a number, or 0 for no limit.",
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

    def _compute_certificate_count(self):
        Certificate = self.env["training.certificate"]
        counts = dict(
            Certificate._read_group(
                Domain("programme_id", "in", self.ids)
                & Certificate._get_current_domain(),
                ["programme_id"],
                ["employee_id:count_distinct"],
            )
        )
        for programme in self:
            programme.certificate_count = counts.get(programme._origin, 0)

    @api.depends("version_ids")
    def _compute_version_count(self):
        for programme in self:
            programme.version_count = len(programme.version_ids)

    def _compute_export_file(self):
        for programme in self:
            programme.export_file = base64.b64encode(
                self.env["training.programme.file"]._export(programme)
            )

    def _compute_export_table(self):
        for programme in self:
            programme.export_table = base64.b64encode(
                self.env["training.programme.file"]._export_table(programme)
            )

    @api.constrains("prerequisite_ids")
    def _check_prerequisites(self):
        for programme in self:
            if programme._has_cycle("prerequisite_ids"):
                raise ValidationError(
                    self.env._(
                        "%(programme)s: the field “Comes after” leads in a circle back "
                        "to the programme itself. Take out one of: %(prerequisites)s.",
                        programme=programme.name,
                        prerequisites=", ".join(
                            programme.prerequisite_ids.mapped("name")
                        ),
                    )
                )

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

        :raises UserError: when the programme has no step, or a rubric nobody could be
            judged by
        """
        for programme in self:
            if not programme.step_ids:
                raise UserError(
                    self.env._(
                        "%s has no step. Add at least one step before you publish it.",
                        programme.name,
                    )
                )
            programme.step_ids._check_rubric()
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
        self._keep_versions()

    def _keep_versions(self):
        """Keep what the published versions say, where it is not kept already."""
        # sudo: nobody writes the history by hand; it follows from publishing
        self.env["training.programme.version"].sudo().create(
            [
                {
                    "programme_id": programme.id,
                    "version": programme.version,
                    "published_on": programme.published_on,
                    "digest": programme.published_digest,
                    "content": json.dumps(
                        programme._version_content(), ensure_ascii=False
                    ),
                }
                for programme in self
                if programme.version not in programme.version_ids.mapped("version")
            ]
        )
        # the newest comes first
        self.invalidate_recordset(["version_ids"])

    def _version_content(self):
        """Return the steps as they are now, in the source language, as dicts."""
        self.ensure_one()
        File = self.env["training.programme.file"]
        steps = self.with_context(lang="en_US").step_ids.sorted(
            lambda step: (step.sequence, step.id)
        )
        return [{"id": step.id, **File._export_step(step)} for step in steps]

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
        content = [
            step._content_values()
            for step in source.step_ids.sorted(lambda step: (step.sequence, step.id))
        ]
        text = json.dumps(content, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    # --- enrolment --------------------------------------------------------------

    def _check_published(self):
        """Refuse to enrol anybody in a programme that is not published.

        :raises UserError: naming the programme
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

    def _enrol(self, employees, start_date=None, trainer=None):
        """Enrol employees in these programmes, in one batch.

        Whoever has the programme under way already is left out, and so is who works
        for another company than the programme's. Who never completed a prerequisite is
        enrolled in it as well.

        :param employees: ``hr.employee`` records, any number
        :param start_date: first day; today when not given
        :param trainer: ``res.users`` record; the programme's rule when not given
        :return: the new ``training.enrolment`` records
        :raises UserError: when a programme is not published
        """
        self._check_published()
        # A prerequisite may be somebody else's to enrol in, and it is nobody's choice.
        wanted, first = self._plan_enrolments(employees)
        common = {"start_date": start_date or fields.Date.context_today(self)}
        if trainer:
            common["trainer_id"] = trainer.id
        Enrolment = self.env["training.enrolment"]
        values = {
            pair: {"programme_id": pair[0], "employee_id": pair[1], **common}
            for pair in first + wanted
        }
        # sudo: it follows from the enrolment below, which the user must have the right
        # to make: without it nothing of this stays
        before = first and Enrolment.sudo().create([values[pair] for pair in first])
        enrolments = Enrolment.create([values[pair] for pair in wanted])
        return before.with_env(self.env) + enrolments if before else enrolments

    def _plan_enrolments(self, employees, pairs=None):
        """Return who would be enrolled in what, with the programmes that come before.

        A prerequisite that is not published, or of another company, is passed over.

        :param employees: ``hr.employee`` records
        :param pairs: set of pairs (programme id, employee id) that are wanted; all
            employees in all of these programmes when not given
        :return: two lists of pairs (programme id, employee id): what was wanted and is
            new, and the prerequisites, each list in the order to take them
        """
        before = self._prerequisite_closure()
        programmes = self | self.browse(before)
        companies = {each.id: each.company_id for each in programmes}
        allowed = {
            (programme.id, employee.id)
            for programme in programmes
            for employee in employees
            if companies[programme.id] in (employee.company_id, self.env["res.company"])
        }
        asked = [
            (programme.id, employee.id)
            for programme in self
            for employee in employees
            if pairs is None or (programme.id, employee.id) in pairs
        ]
        # sudo: who is enrolled already does not depend on who may see it
        states = (
            self.env["training.enrolment"]
            .sudo()
            ._read_group(
                [
                    ("state", "in", ("running", "done")),
                    ("programme_id", "in", programmes.ids),
                    ("employee_id", "in", employees.ids),
                ],
                ["programme_id", "employee_id", "state"],
            )
        )
        plan = with_prerequisites(
            [pair for pair in asked if pair in allowed],
            before,
            {(p.id, e.id) for p, e, state in states if state == "running"},
            {(p.id, e.id) for p, e, state in states if state == "done"},
        )
        asked = set(asked)
        return (
            [pair for pair in plan if pair in asked],
            [pair for pair in plan if pair not in asked and pair in allowed],
        )

    def _prerequisite_closure(self):
        """Return what comes before these programmes, directly or not.

        :return: dict of programme id to the ids of the published programmes that come
            directly before it; a query for each level, whatever the number of
            programmes
        """
        before = {}
        level = self
        while level:
            for programme in level:
                before[programme.id] = programme.prerequisite_ids.filtered(
                    lambda each: each.state == "published"
                ).ids
            level = self.browse(
                dict.fromkeys(each for ids in before.values() for each in ids)
            ).filtered(lambda programme: programme.id not in before)
        return before

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

    def action_view_certificates(self):
        """Open the certificates of this programme."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_certificate_action"
            ),
            "domain": [("programme_id", "=", self.id)],
            "context": {"search_default_current": 1},
        }

    # --- authoring --------------------------------------------------------------

    def action_preview(self):
        """Show the steps as a trainee sees them. Nothing is created."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_step_action_preview"
            ),
            "name": self.env._("Preview of %s", self.name),
            "domain": [("programme_id", "=", self.id)],
        }

    def action_export(self):
        """Download the programme as one JSON file.

        :raises AccessError: for whoever may not write programmes
        """
        return self._download("export_file", "json")

    def action_export_table(self):
        """Download the programme as one CSV file for a spreadsheet.

        :raises AccessError: for whoever may not write programmes
        """
        return self._download("export_table", "csv")

    def _download(self, field, extension):
        """Return the action that downloads a binary field of this programme."""
        self.ensure_one()
        self.check_access("write")
        name = re.sub(r"[^\w-]+", "_", self.name).strip("_") or "programme"
        query = urlencode(
            {
                "model": self._name,
                "id": self.id,
                "field": field,
                "filename": f"{name}.{extension}",
                "download": "true",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content?{query}",
            "target": "download",
        }

    def action_view_versions(self):
        """Open what each published version said."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_programme_version_action"
            ),
            "domain": [("programme_id", "=", self.id)],
        }

    def action_compare(self):
        """Compare the last published version with the programme as it is now."""
        self.ensure_one()
        return self.env["training.programme.compare"]._open(
            self, self.version_ids[:1], self.env["training.programme.version"]
        )

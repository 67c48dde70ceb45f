import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .. import reader_rights

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EDITABLE = {"owner_id"}
EDITABLE_PREFIXES = ("message_", "activity_", "my_activity_")


class ComplianceFinding(models.Model):
    """What a check found; only a retest that no longer finds it closes it."""

    _name = "compliance.finding"
    _description = "Finding"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "severity_rank desc, first_seen, id"
    _check_company_auto = True

    check_id = fields.Many2one(
        "compliance.check",
        required=True,
        ondelete="restrict",
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    family = fields.Selection(related="check_id.family", store=True)
    severity = fields.Selection(related="check_id.severity", store=True)
    severity_rank = fields.Integer(compute="_compute_severity_rank", store=True)
    res_model = fields.Char(string="Model of the Record", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, index=True
    )
    key = fields.Char(
        default="",
        required=True,
        readonly=True,
        groups=NO_ACCESS,
        help="Tells apart several findings on one record. It may hold what was found.",
    )
    values = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What was found: figures and dates. Shown through “Details” only, to "
        "those who may read the record.",
    )
    record_name = fields.Char(
        string="About", compute="_compute_record", compute_sudo=False
    )
    details = fields.Char(compute="_compute_record", compute_sudo=False)
    date = fields.Date(
        readonly=True, index=True, help="The day the finding belongs to, if it has one."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("fixed", "Fixed, waiting for the retest"),
            ("resolved", "Resolved"),
            ("waived", "Waived"),
        ],
        required=True,
        default="open",
        index=True,
        readonly=True,
        tracking=True,
        group_expand=True,
    )
    first_seen = fields.Datetime(readonly=True)
    seen_until = fields.Datetime(readonly=True)
    last_seen = fields.Datetime(
        compute="_compute_last_seen",
        help="The last time that the check found it. A run that finds nothing new "
        "writes no finding: until it is resolved, this is the check's last answer.",
    )
    resolved_on = fields.Datetime(readonly=True)
    reopened = fields.Integer(readonly=True, help="How often it came back.")
    owner_id = fields.Many2one("res.users", tracking=True, check_company=True)
    fixed_by_id = fields.Many2one("res.users", readonly=True)
    fix_note = fields.Text(readonly=True)
    waived_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    waiver_asked_by_id = fields.Many2one(
        "res.users", string="Waiver Asked by", readonly=True, ondelete="restrict"
    )
    waiver_reason = fields.Text(readonly=True)
    waived_until = fields.Date(readonly=True)
    waiver_asked = fields.Boolean(
        compute="_compute_waiver_asked", search="_search_asked"
    )

    _unique_key = models.UniqueIndex(
        "(check_id, company_id, res_id, key)",
        "A check has one finding a record and key.",
    )
    _waiver_by_another = models.Constraint(
        "CHECK (waived_by_id IS NULL OR waived_by_id != waiver_asked_by_id)",
        "Somebody else than the person who asked for a waiver has to grant it.",
    )
    _waiver_complete = models.Constraint(
        "CHECK (state != 'waived' OR (waived_by_id IS NOT NULL AND "
        "waiver_asked_by_id IS NOT NULL AND waived_until IS NOT NULL))",
        "A waiver needs who asked for it, who granted it, and its last day.",
    )

    @api.depends("severity")
    def _compute_severity_rank(self):
        ranks = self._get_severity_ranks()
        for finding in self:
            finding.severity_rank = ranks.get(finding.severity, 0)

    @api.model
    def _get_severity_ranks(self):
        return {"low": 0, "medium": 1, "high": 2, "critical": 3}

    @api.depends("check_id")
    def _compute_display_name(self):
        """Name the check; the record has a name of its own, for who may read it."""
        for finding in self:
            finding.display_name = self.env._(
                "%(check)s #%(number)s",
                check=finding.check_id.name or "",
                number=finding.id or "",
            )

    @api.depends("state", "seen_until")
    def _compute_last_seen(self):
        last_good = self.check_id._get_last_good(self.company_id)
        for finding in self:
            seen = finding.seen_until
            if finding.state != "resolved":
                answer = last_good.get((finding.check_id.id, finding.company_id.id))
                seen = max(filter(None, (seen, answer)), default=False)
            finding.last_seen = seen

    @api.depends("state", "waiver_asked_by_id")
    def _compute_waiver_asked(self):
        for finding in self:
            finding.waiver_asked = (
                bool(finding.waiver_asked_by_id) and finding.state != "waived"
            )

    def _search_asked(self, operator, value):
        if operator != "in":
            return NotImplemented
        asked = Domain("waiver_asked_by_id", "!=", False) & Domain(
            "state", "in", ("open", "acknowledged", "fixed")
        )
        return asked if True in value else ~asked

    # --- the record, for who may read it ------------------------------------------

    @api.depends("res_model", "res_id", "values")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_record(self):
        """Show the name and the figures to who may read the record, and to nobody else.

        As the reader also where the finding was read with more rights: a filing's gate
        shows findings to people who may not see what they are about.
        """
        hidden = self.env._("A record that you may not read")
        self.record_name = hidden
        self.details = False
        for res_model, findings in self.grouped("res_model").items():
            if not res_model:
                findings._show_groups()
            elif res_model in self.env:
                findings._show_records(res_model)

    def _show_groups(self):
        """Fill in names and figures of groups, for who may read all their records."""
        for finding in self._filter_whole_groups():
            # sudo: the reader may read every record of the group
            finding.record_name = finding.sudo().key
            finding.details = finding._format_values(finding._get_reader_model())

    def _show_records(self, res_model):
        """Fill in names and figures for the records of a model that may be read."""
        records = self.env[res_model].browse(set(self.mapped("res_id"))).exists()
        readable = reader_rights.filter_readable(records)
        names = {record.id: record.display_name for record in readable}
        existing = set(records._ids)
        named = self.filtered(lambda finding: finding.res_id in names)
        # sudo: what a check sums up is no secret
        groups = named.filtered(lambda f: f.sudo().check_id._sums_up())
        # such figures are those of other records than the one that is named
        whole = groups._filter_whole_groups()
        for finding in self:
            if finding.res_id in names:
                finding.record_name = names[finding.res_id]
            elif finding.res_id not in existing:
                finding.record_name = self.env._("A record that was deleted")
        for finding in named - groups:
            finding.details = finding._format_values(readable)
        for finding in whole:
            finding.details = finding._format_values(finding._get_reader_model())

    def _format_values(self, Model):
        """Return the figures in words, without fields that the reader may not read."""
        # sudo: the caller has asked for the reader's rights on the record
        values = self.sudo().values or {}
        parts = []
        for name, value in values.items():
            field = Model._fields.get(name.partition(":")[0])
            if (
                value is None
                or value is False
                or value == ""
                or (field is not None and not Model._has_field_access(field, "read"))
            ):
                continue
            label = name.strip("_").replace("_", " ").capitalize()
            if field is not None:
                label = field._description_string(self.env)
            parts.append(f"{label}: {self._format_value(field, value)}")
        return " · ".join(parts)

    def _format_value(self, field, value):
        """Return one figure as the reader's language writes it."""
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, float):
            return formatLang(self.env, value)
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            return format_date(self.env, value)
        return value

    def action_open_record(self):
        """Open the record that the finding is about.

        :raises AccessError: when the reader may not read it
        :raises UserError: when it is about no record, or the record is gone
        """
        self.ensure_one()
        record = self.env["base"]
        if self.res_model in self.env:
            # sudo(False): with the rights of the reader
            record = self.env[self.res_model].sudo(False).browse(self.res_id).exists()
        if not record:
            raise UserError(
                self.env._(
                    "%s has no record to open: it was deleted, or the finding is about"
                    " a group of records.",
                    self.display_name,
                )
            )
        record.check_access("read")
        return record.get_formview_action()

    # --- who may change what ------------------------------------------------------

    def write(self, vals):
        """Let people change the owner only; states change by actions and by retests.

        :raises AccessError: names the fields that nobody may write
        """
        if not self.env.su:
            refused = [
                self._fields[name]._description_string(self.env)
                for name in vals
                if name in self._fields
                and name not in EDITABLE
                and not name.startswith(EDITABLE_PREFIXES)
            ]
            if refused:
                raise AccessError(
                    self.env._(
                        "%(fields)s of a finding cannot be written. Use its buttons;"
                        " only a retest resolves it.",
                        fields=", ".join(refused),
                    )
                )
        result = super().write(vals)
        if vals.get("owner_id") and not self.env.su:
            self._tell_owner()
        return result

    def _tell_owner(self):
        """Plan an activity for who got findings from somebody else."""
        given = self.filtered(lambda finding: finding.owner_id != self.env.user)
        for owner, findings in given.grouped("owner_id").items():
            findings.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Resolve this finding"),
                user_id=owner.id,
            )

    def _demand_state(self, *states):
        """Demand that each finding is in one of the states, and may be worked on.

        :raises AccessError: for who may not write these findings
        :raises UserError: names the first finding in another state
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for finding in self:
            if finding.state not in states:
                raise UserError(
                    self.env._(
                        "%(finding)s is “%(state)s”: this is possible only when it is"
                        " %(wanted)s.",
                        finding=finding.display_name,
                        state=labels[finding.state],
                        wanted=", ".join(f"“{labels[state]}”" for state in states),
                    )
                )

    def action_acknowledge(self):
        """Say that somebody has seen the findings; who has no owner becomes it."""
        self._demand_state("open")
        # sudo: the right to work on them was checked, and nobody writes a state by hand
        findings = self.sudo()
        findings.write({"state": "acknowledged"})
        findings.filtered(lambda finding: not finding.owner_id).write(
            {"owner_id": self.env.uid}
        )

    def _mark_fixed(self, note):
        """Say how the findings were fixed; the next run shows whether they were.

        :param str note: what was done
        :raises UserError: without a note, or when a finding is not open
        """
        self._demand_state("open", "acknowledged")
        self._demand_text(note, self.env._("what was done"))
        # sudo: as above
        self.sudo().write(
            {"state": "fixed", "fixed_by_id": self.env.uid, "fix_note": note.strip()}
        )
        self._log_decision(self.env._("Fixed: %s", note.strip()))

    def _ask_waiver(self, reason, until):
        """Ask a manager to live with the findings until a day.

        :param str reason: why they cannot be fixed
        :param date until: the last day of the waiver
        :raises UserError: without a reason or a day to come
        """
        self._demand_state("open", "acknowledged", "fixed")
        self._demand_text(reason, self.env._("why it cannot be fixed"))
        if not until or until < fields.Date.context_today(self):
            raise UserError(
                self.env._("Give the last day of the waiver: today or later.")
            )
        # sudo: as above
        self.sudo().write(
            {
                "waiver_asked_by_id": self.env.uid,
                "waiver_reason": reason.strip(),
                "waived_until": until,
            }
        )
        day = format_date(self.env, until)
        self._log_decision(
            self.env._(
                "Waiver until %(day)s asked for: %(reason)s",
                day=day,
                reason=reason.strip(),
            )
        )

    def action_grant_waiver(self):
        """Grant the waivers that somebody else asked for.

        :raises AccessError: for who is no compliance manager
        :raises UserError: when nobody asked, the same person asked, or it has run out
        """
        self._check_is_manager()
        self._demand_state("open", "acknowledged", "fixed")
        for finding in self:
            finding._check_waiver()
        # sudo: as above; the constraint demands another person once more
        self.sudo().write({"state": "waived", "waived_by_id": self.env.uid})

    def _refuse_waiver(self, note):
        """Turn down the waivers that were asked for.

        :param str note: why
        :raises AccessError: for who is no compliance manager
        """
        self._check_is_manager()
        self._demand_state("open", "acknowledged", "fixed")
        self._demand_text(note, self.env._("why the waiver is refused"))
        # sudo: as above
        self.sudo().write(
            {"waiver_asked_by_id": False, "waiver_reason": False, "waived_until": False}
        )
        self._log_decision(self.env._("Waiver refused: %s", note.strip()))

    def action_retest(self):
        """Ask the checks of the findings again, for their companies, at once.

        :return: a notification with the outcome
        :raises AccessError: for who may not work on findings
        """
        self.check_access("write")
        runs = self.env["compliance.run"]
        for company, findings in self.grouped("company_id").items():
            runs |= self.env["compliance.check"]._run_checks(company, findings.check_id)
        # sudo: the lines of these checks only; they are the reader's findings
        lines = runs.sudo().line_ids
        problems = "\n".join(filter(None, lines.mapped("error")))
        message = self.env._(
            "%(resolved)d resolved, %(left)d left.",
            resolved=sum(lines.mapped("resolved_count")),
            left=sum(lines.mapped("count")),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "title": self.env._("Retested"),
                "message": f"{message}\n{problems}" if problems else message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # --- what the actions demand --------------------------------------------------

    def _check_is_manager(self):
        if not self.env.user.has_group(
            "back_office_compliance.group_compliance_manager"
        ):
            raise AccessError(
                self.env._("Waivers are granted or refused by compliance managers.")
            )

    def _check_waiver(self):
        """Demand a waiver that somebody else asked for, up to a day to come.

        :raises UserError: names the finding and what is wrong
        """
        names = {"finding": self.display_name}
        if not self.waiver_asked:
            raise UserError(
                self.env._("%(finding)s: nobody has asked for a waiver.", **names)
            )
        if self.waiver_asked_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "%(finding)s: you asked for this waiver. Another manager has to"
                    " grant it.",
                    **names,
                )
            )
        if self.waived_until < fields.Date.context_today(self):
            raise UserError(
                self.env._("%(finding)s: this waiver has run out already.", **names)
            )

    def _demand_text(self, text, what):
        if not (text or "").strip():
            raise UserError(self.env._("Write down %s.", what))

    def _log_decision(self, body):
        # sudo: in the name of who decided; its right was checked
        self.sudo()._message_log_batch(
            bodies=dict.fromkeys(self.ids, body),
            author_id=self.env.user.partner_id.id,
        )

    def _open_decision(self, kind):
        """Return the dialog that asks for the words of a decision."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "compliance.finding.decision",
            "name": dict(
                self.env["compliance.finding.decision"]
                ._fields["kind"]
                ._description_selection(self.env)
            )[kind],
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_kind": kind,
                "default_finding_ids": [fields.Command.set(self.ids)],
            },
        }

    def action_mark_fixed(self):
        """Open the dialog that asks what was done."""
        return self._open_decision("fixed")

    def action_ask_waiver(self):
        """Open the dialog that asks why, and until when."""
        return self._open_decision("waiver")

    def action_refuse_waiver(self):
        """Open the dialog that asks why a waiver is refused."""
        return self._open_decision("refusal")

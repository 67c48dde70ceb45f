from datetime import UTC

from odoo import api, fields, models
from odoo.tools import format_datetime

from ... import due_dates
from ..compliance_filing import OPEN_STATES

EVENT = "compliance.event"


class ComplianceFiling(models.Model):
    """The event recorded, deadlines by the hour, how long a posting stays up."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    deadline = fields.Datetime(
        string="Deadline to the Hour",
        compute="_compute_deadline",
        help="The moment, when hours count.",
    )
    deadline_note = fields.Char(string="Deadline", compute="_compute_deadline")
    recorded_event_id = fields.Many2one(
        "compliance.event",
        compute="_compute_recorded_event_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The event that somebody recorded, from which the filing follows.",
    )
    posted_until = fields.Date(
        compute="_compute_posted_until",
        help="The last day on which the notice has to be up.",
    )

    @api.model
    def _get_recorded_event_id(self, key):
        """Return the id of the recorded event that a key names, None for any other.

        :param str key: what happened, as filings name it
        """
        model, _comma, number = (key or "").partition(",")
        return int(number) if model == EVENT else None

    @api.depends("event_key")
    def _compute_recorded_event_id(self):
        # sudo: nobody reads the key
        ids = {
            filing: self._get_recorded_event_id(filing.sudo().event_key)
            for filing in self
        }
        # sudo: whether the event is there does not depend on who asks
        events = self.env[EVENT].sudo().browse(filter(None, ids.values())).exists()
        for filing in self:
            known = ids[filing] in events._ids
            filing.recorded_event_id = known and ids[filing]

    @api.depends("rule_id.hours", "recorded_event_id.happened_at", "due_date")
    @api.depends_context("lang")
    def _compute_deadline(self):
        for filing in self:
            # sudo: when it is due is no secret to whom may read the filing
            hours = filing.sudo().rule_id.hours
            # sudo: of the event only the time is used
            event = filing.sudo().recorded_event_id
            filing.deadline = False
            if not hours:
                filing.deadline_note = False
            elif not event:
                filing.deadline_note = self.env._("Within %s hours", hours)
            else:
                moment = due_dates.event_deadline(hours, event._get_moment())
                filing.deadline = moment.astimezone(UTC).replace(tzinfo=None)
                filing.deadline_note = filing._explain_deadline(hours, event, moment)

    def _explain_deadline(self, hours, event, moment):
        """Return the deadline in words, in the time zone of the company.

        :param hours: within how many
        :param event: compliance.event
        :param moment: when they have passed
        """
        zone = moment.tzinfo.key
        return self.env._(
            "Within %(hours)s hours of %(start)s: by %(end)s (%(zone)s)",
            hours=hours,
            start=format_datetime(self.env, event.happened_at, zone, "short"),
            end=format_datetime(self.env, self.deadline, zone, "short"),
            zone=zone,
        )

    @api.depends("rule_id.posted_months", "due_date")
    def _compute_posted_until(self):
        for filing in self:
            # sudo: a plain figure of the rule
            rule = filing.sudo().rule_id
            filing.posted_until = rule._get_posted_until(filing.due_date)

    def _compute_urgency(self):
        """Count hours where hours are what the law gives."""
        result = super()._compute_urgency()
        now = fields.Datetime.now()
        for filing in self:
            is_open = filing.state in OPEN_STATES
            if is_open and filing.deadline and filing.deadline < now:
                filing.urgency = "overdue"
        return result

    def _add_to_calendar(self, calendar):
        """Tell the hour, and how long a posting stays up, in the event's text."""
        result = super()._add_to_calendar(calendar)
        text = calendar.vevent_list[-1].description
        if self.deadline_note:
            text.value += f" {self.deadline_note}."
        if self.posted_until:
            text.value += " " + self.env._("Posted until %s.", self.posted_until)
        return result

    def action_open_event(self):
        """Open the event that was recorded, to whom may read it."""
        self.ensure_one()
        self.recorded_event_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": EVENT,
            "res_id": self.recorded_event_id.id,
            "view_mode": "form",
        }

from collections import defaultdict
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

# what decides which filings follow, and when they are due
DECIDING = {"company_id", "kind", "happened_at", "obligation_ids"}


class ComplianceEvent(models.Model):
    """Something that happened and that no other record tells of, such as an injury.

    Whoever knows of it records it; the filings that follow are generated like those of
    any other event.
    """

    _name = "compliance.event"
    _description = "Event to report"
    _inherit = ["mail.thread"]
    _order = "happened_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection="_get_kinds", string="What Happened", required=True, tracking=True
    )
    happened_at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        tracking=True,
        help="The moment from which the law counts: when it happened, or when the "
        "company learned of it.",
    )
    reference = fields.Char(
        required=True,
        tracking=True,
        help="The number of the incident or of the payroll. Not a person's name: "
        "everybody who sees the filing may be told it.",
    )
    note = fields.Text(help="What is needed for the report.")
    obligation_ids = fields.Many2many(
        "compliance.obligation",
        string="Filings That Follow",
        compute="_compute_obligation_ids",
        store=True,
        readonly=False,
        check_company=True,
        help="Untick what this event does not call for.",
    )
    possible_obligation_ids = fields.Many2many(
        "compliance.obligation", compute="_compute_possible_obligation_ids"
    )
    filing_ids = fields.One2many(
        "compliance.filing", "recorded_event_id", string="Filings", readonly=True
    )

    @api.model
    def _get_kinds(self):
        """Return the kinds of events that no record of Odoo tells of."""
        known = self.env["compliance.obligation"]._get_known_events()
        field = self.env["compliance.due.rule"]._fields["event"]
        kinds = field._description_selection(self.env)
        return [(kind, label) for kind, label in kinds if kind not in known]

    @api.depends("kind", "reference")
    def _compute_name(self):
        for event in self:
            event.name = event.reference or ""

    @api.depends("kind", "company_id")
    def _compute_possible_obligation_ids(self):
        for event in self:
            event.possible_obligation_ids = event._get_possible_obligations()

    @api.depends("kind", "company_id")
    def _compute_obligation_ids(self):
        for event in self:
            event.obligation_ids = event._get_possible_obligations()

    def _get_possible_obligations(self):
        """Return the company's obligations that follow such an event."""
        self.ensure_one()
        if not self.kind or not self.company_id:
            return self.env["compliance.obligation"]
        obligations = self.env["compliance.obligation"].search(
            Domain("rule_ids.event", "=", self.kind)
        )
        return obligations._applies_to(self.company_id._origin)[self.company_id._origin]

    def _get_tz(self):
        """Return the time zone in which the event's day, and what follows, is told."""
        self.ensure_one()
        # sudo: the time zone is no secret
        return ZoneInfo(self.company_id.sudo().resource_calendar_id.tz or "UTC")

    def _get_moment(self):
        """Return when it happened, in the company's time zone."""
        return self.happened_at.replace(tzinfo=UTC).astimezone(self._get_tz())

    @api.constrains("happened_at")
    def _check_happened_at(self):
        for event in self:
            if event.happened_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._(
                        "%(event)s lies in the future (%(moment)s): record it once it "
                        "has happened, or correct When.",
                        event=event.name,
                        moment=format_datetime(self.env, event.happened_at),
                    )
                )

    @api.constrains("kind")
    def _check_kind(self):
        kinds = dict(self._get_kinds())
        for event in self:
            if event.kind not in kinds:
                raise ValidationError(
                    self.env._(
                        "%(event)s: other records tell of such events (%(kind)s), so "
                        "they are not recorded by hand. Choose one of %(kinds)s.",
                        event=event.name,
                        kind=event.kind,
                        kinds=", ".join(kinds.values()),
                    )
                )

    @api.constrains("obligation_ids", "kind", "company_id")
    def _check_obligations(self):
        for event in self:
            if not event.obligation_ids:
                raise ValidationError(
                    self.env._(
                        "No filing follows from %s: tick one under Filings That "
                        "Follow. If there is none, a manager of compliance sets up the "
                        "obligation first.",
                        event.name,
                    )
                )
            foreign = event.obligation_ids - event._get_possible_obligations()
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(obligation)s does not follow from %(event)s in %(company)s: "
                        "untick it, or choose another company (the one above, of a "
                        "branch).",
                        obligation=foreign[0].name,
                        event=event.name,
                        company=event.company_id.name,
                    )
                )

    # --- the filings that follow --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Record events, and generate the filings that follow from them.

        :raises UserError: when a filing that should follow could not be made
        """
        events = super().create(vals_list)
        events._generate_filings(events.obligation_ids)
        return events

    def write(self, vals):
        """Write, and let the filings follow.

        :raises UserError: when a filing that somebody has sent to review would change
        """
        if not DECIDING & vals.keys():
            return super().write(vals)
        self.check_access("write")
        before = self.obligation_ids
        self._check_not_begun()
        result = super().write(vals)
        self._generate_filings(before | self.obligation_ids)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        """Refuse to lose what filings stand on; those nobody worked on go with it."""
        self._check_not_begun()
        self._get_filings()._no_longer_demand()

    def _get_filings(self):
        """Return the filings of the events, whoever asks."""
        # as the superuser: what stands on the event counts, seen or not, and what the
        # machine does to it is not somebody's work
        filings = self.env["compliance.filing"].with_user(SUPERUSER_ID)
        return filings.search([("recorded_event_id", "in", self.ids)])

    def _check_not_begun(self):
        """Check that nobody has sent a filing of the events to review.

        :raises UserError: names the filing and what to do
        """
        for filing in self._get_filings():
            if filing.state != "to_prepare":
                raise UserError(
                    self.env._(
                        "%(filing)s follows from this event and is %(state)s: the "
                        "event can no longer change. Have it sent back, or amend it.",
                        filing=filing.name,
                        state=filing._get_state_label(),
                    )
                )

    def _generate_filings(self, obligations):
        """Generate, move and remove the filings of the events, and tell who prepares.

        :param obligations: those that are, or were, to follow
        :raises UserError: when a filing that should follow is not there afterwards
        """
        if not self:
            return
        self.flush_recordset()
        # sudo: filings belong to the machine until somebody works on them
        obligations.sudo()._generate_filings(self.company_id.sudo())
        # they are inserted past the ORM
        self.invalidate_recordset(["filing_ids"])
        for event in self:
            filings = event._get_filings()
            wanted = event.obligation_ids.ids
            surplus = filings.filtered(
                lambda each, wanted=wanted, company=event.company_id.id: (
                    each.obligation_id.id not in wanted or each.company_id.id != company
                )
            )
            surplus._no_longer_demand()
            event._check_generated(filings - surplus)
            # hours may be all there is: not only tomorrow morning
            (filings - surplus)._remind_or_record_error()

    def _check_generated(self, filings):
        """Check that each obligation has its filing.

        :raises UserError: names the obligation and what to do
        """
        # sudo: only the name of what is missing is told
        missing = self.obligation_ids.sudo() - filings.obligation_id
        if missing:
            raise UserError(
                self.env._(
                    "No filing of %(obligation)s could be made for %(event)s: look at "
                    "the dates from which its rule, and the filings of %(company)s "
                    "(Settings, Filings from), hold.",
                    obligation=missing[0].name,
                    event=self.name,
                    company=self.company_id.name,
                )
            )

    @api.model
    def _collect(self, companies, since):
        """Return the events of companies since a day, with one query.

        :return: ``{(kind, company id, obligation id): [(key, day, moment)]}``, the day
            and the moment in the company's time zone
        """
        self.flush_model()
        relation = self._fields["obligation_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.id, event.kind, event.company_id, event.happened_at,
                       link.%(obligation)s
                  FROM compliance_event event
                  JOIN %(link)s link ON link.%(event)s = event.id
                 WHERE event.company_id = ANY(%(companies)s)
                   AND event.happened_at >= %(since)s
                 ORDER BY event.id
                """,
                obligation=SQL.identifier(relation.column2),
                event=SQL.identifier(relation.column1),
                link=SQL.identifier(relation.relation),
                companies=companies.ids,
                since=since,
            )
        )
        # sudo: the time zone is no secret
        zones = {
            company.id: ZoneInfo(company.resource_calendar_id.tz or "UTC")
            for company in companies.sudo()
        }
        found = defaultdict(list)
        for number, kind, company_id, happened_at, obligation_id in rows:
            moment = happened_at.replace(tzinfo=UTC).astimezone(zones[company_id])
            found[kind, company_id, obligation_id].append(
                (f"{self._name},{number}", moment.date(), moment)
            )
        return found

    def action_open_filings(self):
        """Open the filings that follow."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "back_office_compliance.compliance_filing_action"
        )
        return action | {
            "domain": [("recorded_event_id", "=", self.id)],
            "context": {},
        }

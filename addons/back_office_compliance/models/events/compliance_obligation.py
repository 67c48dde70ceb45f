from odoo import api, fields, models


class ComplianceObligation(models.Model):
    """Events that people record by hand."""

    _inherit = "compliance.obligation"  # pylint: disable=consider-merging-classes-inherited

    recorded_event = fields.Char(
        compute="_compute_recorded_event",
        help="The kind of event that somebody has to record; empty: none.",
    )

    @api.depends("rule_ids.event", "rule_ids.trigger")
    def _compute_recorded_event(self):
        known = self._get_known_events()
        for obligation in self:
            events = [rule.event for rule in obligation.rule_ids if rule.event]
            recorded = [event for event in events if event not in known]
            obligation.recorded_event = recorded[0] if recorded else False

    @api.model
    def _get_known_events(self):
        """Return the kinds of events of which records tell: the hook for add-ons.

        Whoever answers a further kind in ``_get_events`` adds it here, unless people
        are to record such events as well.
        """
        return {"hire", "departure", "wage_change"}

    def _collect_events(self, versions, companies, since):
        """Add what was recorded, each for its own obligations."""
        events = super()._collect_events(versions, companies, since)
        events.update(self.env["compliance.event"]._collect(companies, since))
        return events

    def action_record_event(self):
        """Open a new event, with this obligation ticked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an Event"),
            "res_model": "compliance.event",
            "view_mode": "form",
            "context": {
                "default_kind": self.recorded_event,
                "default_obligation_ids": self.ids,
            },
        }

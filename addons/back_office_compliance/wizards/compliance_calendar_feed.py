from odoo import fields, models


class ComplianceCalendarFeed(models.TransientModel):
    """Makes the secret link by which a calendar programme reads the due dates."""

    _name = "compliance.calendar.feed"
    _description = "Link to the calendar of filings"

    url = fields.Char(string="Secret Link", compute="_compute_url")
    made_on = fields.Datetime(
        string="Present Link Made on", compute="_compute_made_on", compute_sudo=True
    )

    def _compute_url(self):
        for wizard in self:
            # shown once and never stored: only its hash is kept
            wizard.url = self.env.context.get("compliance_calendar_url")

    def _compute_made_on(self):
        # sudo: everybody sees when their own link was made, and nobody reads the column
        made_on = self.env.user.sudo().compliance_token_on
        for wizard in self:
            wizard.made_on = made_on

    def action_make(self):
        """Make a new link, which ends the one before, and show it."""
        # sudo: everybody makes their own link, and nobody reads the column
        url = self.env.user.sudo()._make_compliance_link()
        return self._reopen(url)

    def action_revoke(self):
        """End the link."""
        # sudo: everybody ends their own link, and nobody reads the column
        self.env.user.sudo()._revoke_compliance_link()
        return self._reopen(False)

    def _reopen(self, url):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calendar Link"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"compliance_calendar_url": url},
        }

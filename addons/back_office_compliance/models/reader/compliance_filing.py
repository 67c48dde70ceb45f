from odoo import models


class ComplianceFiling(models.Model):
    """Who is sent what is said about a filing about a person."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out followers who may not read the filing (any more).

        Managers who are told that it is late follow it, as everybody does who gets an
        activity; what the message itself is addressed to stays.
        """
        found = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # sudo: whether it is about a person does not depend on who writes
        if not self or not self.sudo().is_personal:
            return found
        values = msg_vals or {}
        # sudo: the message that is about to be sent
        named = values.get("partner_ids") or message.sudo().partner_ids.ids
        return [
            each
            for each in found
            if each["id"] in named or not each["uid"] or self._is_read_by(each["uid"])
        ]

    def _is_read_by(self, user_id):
        """Return whether a user may read the filing, in any of the own companies."""
        self.ensure_one()
        # sudo: the companies of a user are no secret to the program
        companies = self.env["res.users"].sudo().browse(user_id).company_ids
        filing = self.with_user(user_id)
        return filing.with_context(allowed_company_ids=companies.ids).has_access("read")

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

WAIVER = "back_office_compliance.mail_activity_type_waiver"


class ComplianceFinding(models.Model):
    """Who decides on a waiver is told, and told no longer when it is decided."""

    _inherit = "compliance.finding"  # pylint: disable=consider-merging-classes-inherited

    def _ask_waiver(self, reason, until):
        """Ask for the waiver, and give the activity to who decides."""
        result = super()._ask_waiver(reason, until)
        self._close_waiver_activities()
        for finding in self:
            if user := finding._get_waiver_decider():
                # sudo: whoever asks need not see the activities of managers
                finding.sudo().activity_schedule(
                    WAIVER,
                    summary=self.env._(
                        "Waiver until %(day)s: grant or refuse it",
                        day=format_date(self.env, until),
                    ),
                    note=reason.strip(),
                    user_id=user.id,
                )
        return result

    def action_grant_waiver(self):
        """Grant the waivers, and close the activities."""
        result = super().action_grant_waiver()
        self._close_waiver_activities()
        return result

    def _refuse_waiver(self, note):
        """Turn the waivers down, and close the activities."""
        result = super()._refuse_waiver(note)
        self._close_waiver_activities()
        return result

    def _get_waiver_decider(self):
        """Return the manager who is told: the company's, else the first who may decide.

        Not who asked, and nobody who may not see the finding: what is about employees
        goes to a manager with rights in HR.

        :return: a user, or none where nobody may decide
        """
        self.ensure_one()
        company = self.company_id
        managers = self.env.ref("back_office_compliance.group_compliance_manager")
        # sudo: who manages compliance is no secret to who asks
        users = self.env["res.users"].sudo()
        others = users.search(
            Domain("all_group_ids", "in", managers.ids)
            & Domain("company_ids", "in", company.ids)
            & Domain("share", "=", False)
            & Domain("id", "!=", self.env.uid),
            order="id",
        )
        preferred = company.sudo().compliance_manager_id & others  # sudo: as above
        for user in preferred | others:
            reader = self.with_user(user).with_context(allowed_company_ids=company.ids)
            if reader.has_access("read"):
                return user
        return users.browse()

    def _close_waiver_activities(self):
        """Close what was planned for who decides: nothing is left to decide."""
        # sudo: the one who decides closes what was planned for another manager
        self.sudo().activity_feedback([WAIVER])

    def _reopen_found(self, page, run):
        """Open findings again; a waiver that was asked for has to be asked anew."""
        result = super()._reopen_found(page, run)
        self._forget_waivers(page)
        return result

    def _resolve_gone(self, check, run, page):
        """Resolve findings; their waivers need no decision any more."""
        result = super()._resolve_gone(check, run, page)
        self._forget_waivers(page)
        return result

    def _forget_waivers(self, page):
        """Remove the activities of a page of findings, mostly none, in one search."""
        activity_type = self.env.ref(WAIVER, raise_if_not_found=False)
        if activity_type:
            self.env["mail.activity"].search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", [row[0] for row in page])
                & Domain("activity_type_id", "=", activity_type.id)
            ).unlink()

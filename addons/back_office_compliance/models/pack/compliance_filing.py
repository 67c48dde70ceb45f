import re

from odoo import models
from odoo.exceptions import AccessError, UserError

from ... import evidence_pack

REPORT = "back_office_compliance.compliance_filing_report"
PACK_GROUPS = (
    "back_office_compliance.group_compliance_reviewer",
    "back_office_compliance.group_compliance_auditor",
)


class ComplianceFiling(models.Model):
    """The evidence pack of a filed filing."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    def action_download_pack(self):
        """Download the evidence pack.

        :raises AccessError: for those who neither review nor audit
        :raises UserError: for a filing that is not filed
        """
        self.ensure_one()
        self._check_pack()
        return {
            "type": "ir.actions.act_url",
            "url": f"/compliance/filing/{self.id}/pack",
            "target": "download",
        }

    def action_check_record(self):
        """Compare the stored rows and files with the frozen hash, and say so."""
        self.ensure_one()
        self._check_pack()
        problems = self._get_changes_of_record()
        if problems:
            raise UserError(
                self.env._(
                    "%(filing)s is not as it was filed:\n%(problems)s",
                    filing=self.name,
                    problems="\n".join(problems),
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%s is as it was filed: figures, items and files.", self.name
                ),
            },
        }

    def _check_pack(self):
        """Check that the user may have the pack, and that there is one.

        :raises AccessError: for those who neither review nor audit
        :raises UserError: for a filing that is not filed
        """
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in PACK_GROUPS):
            raise AccessError(
                self.env._(
                    "The evidence pack of %s is for reviewers, managers and auditors.",
                    ", ".join(self.mapped("name")),
                )
            )
        for filing in self:
            if not filing.frozen_hash:
                raise UserError(
                    self.env._(
                        "%(filing)s is %(state)s: there is an evidence pack once it "
                        "is filed.",
                        filing=filing.name,
                        state=filing._get_state_label(),
                    )
                )

    def _build_pack(self):
        """Return the pack: the same bytes for the same filing.

        :rtype: bytes
        """
        self._check_pack()
        # sudo: the pack is whole for whoever may have it, files of others included;
        # in one language and time zone, so that it does not depend on the reader
        filing = self.sudo().with_context(
            lang=self.company_id.sudo().partner_id.lang or "en_US", tz="UTC"
        )
        return evidence_pack.build(
            filing.frozen,
            {
                evidence_pack.LINES: filing._get_lines_csv(),
                evidence_pack.ITEMS: filing._get_items_csv(),
                **filing._get_evidence(),
                **filing._render_pack_print(),
            },
        )

    def _render_pack_print(self):
        """Return the print of the filing by its name; HTML where PDF is not at hand."""
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            content, kind = report._render_qweb_html(REPORT, self.ids)
        else:
            content, kind = report._render_qweb_pdf(REPORT, self.ids)
        if kind == "pdf":
            # the time of printing, in as many bytes, would make each pack another one
            content = re.sub(
                rb"/CreationDate \(D:\d{14}",
                b"/CreationDate (D:" + b"19800101000000",
                content,
            )
        return {f"filing.{kind}": content}

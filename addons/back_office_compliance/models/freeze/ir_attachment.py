from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What makes the file that was filed; access, views and indexes stay free.
GUARDED = {
    "name",
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "mimetype",
    "type",
    "url",
    "res_model",
    "res_id",
    "res_field",
    "company_id",
}


class IrAttachment(models.Model):
    """The evidence of a filed filing stays as it was filed."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Write, unless the file is evidence of a filed filing.

        :raises UserError: naming the file and the filing
        """
        if GUARDED & vals.keys():
            self._check_not_filed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        self._check_not_filed()

    def _check_not_filed(self):
        """Refuse evidence of filed filings, whoever asks."""
        if not self.ids:
            return
        self.env["compliance.filing"].flush_model(["evidence_ids", "frozen_hash"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.name, f.name
                FROM compliance_filing_ir_attachment_rel e
                JOIN compliance_filing f ON f.id = e.compliance_filing_id
                JOIN ir_attachment a ON a.id = e.ir_attachment_id
                WHERE e.ir_attachment_id = ANY(%s) AND f.frozen_hash IS NOT NULL
                LIMIT 1
                """,
                self.ids,
            )
        )
        for name, filing in rows:
            raise UserError(
                self.env._(
                    "The file %(file)s is evidence of %(filing)s, which is filed: it "
                    "can be neither changed nor deleted. Start an amendment instead.",
                    file=name,
                    filing=filing,
                )
            )

import base64

from odoo import api, fields, models

from .. import evidence_pack


class CompliancePackVerify(models.TransientModel):
    """Takes an evidence pack and names what is not as it was built."""

    _name = "compliance.pack.verify"
    _description = "Verification of an evidence pack"

    pack = fields.Binary(string="Evidence Pack", attachment=False)
    pack_name = fields.Char()
    filing_id = fields.Many2one(
        "compliance.filing", compute="_compute_result", compute_sudo=False
    )
    result = fields.Selection(
        [
            ("unaltered", "Unaltered, and of this register"),
            ("unknown", "Unaltered, but of no filing that you can read here"),
            ("altered", "Altered"),
        ],
        compute="_compute_result",
    )
    problems = fields.Text(compute="_compute_result")

    @api.depends("pack")
    def _compute_result(self):
        for wizard in self:
            data = base64.b64decode(
                wizard.with_context(bin_size=False).pack or b"", validate=False
            )
            wizard.filing_id = False
            wizard.result = wizard.problems = False
            if not data:
                continue
            digest = evidence_pack.frozen_hash_of(data)
            # with the reader's own rights: a foreign filing is none
            wizard.filing_id = (
                self.env["compliance.filing"].search(
                    [("frozen_hash", "=", digest)], limit=1
                )
                if digest
                else False
            )
            problems = evidence_pack.verify(data)
            wizard.problems = "\n".join(problems)
            known = "unaltered" if wizard.filing_id else "unknown"
            wizard.result = "altered" if problems else known

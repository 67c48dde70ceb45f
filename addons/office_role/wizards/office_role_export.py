import base64
from urllib.parse import urlencode

from odoo import api, fields, models


class OfficeRoleExport(models.TransientModel):
    """The file of some roles, for as long as it takes to download it."""

    _name = "office.role.export"
    _description = "Export Role Profiles"

    role_ids = fields.Many2many("office.role", string="Roles", required=True)
    file = fields.Binary(compute="_compute_file", string="CSV file")

    @api.depends("role_ids")
    def _compute_file(self):
        for wizard in self:
            wizard.file = base64.b64encode(
                self.env["office.role.file"]._export(wizard.role_ids)
            )

    @api.model
    def _download(self, roles):
        """Return the action that downloads the file of some roles.

        :raises AccessError: for whoever may not read a role, or is not of HR
        """
        roles.check_access("read")
        wizard = self.create({"role_ids": roles.ids})
        name = roles.code if len(roles) == 1 else "roles"
        query = urlencode(
            {
                "model": self._name,
                "id": wizard.id,
                "field": "file",
                "filename": f"{name}.csv",
                "download": "true",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content?{query}",
            "target": "download",
        }

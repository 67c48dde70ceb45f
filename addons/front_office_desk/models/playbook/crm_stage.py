from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    is_playbook_required = fields.Boolean(
        string="Needs a complete playbook",
        help="An opportunity comes to this stage only when each needed question of "
        "its playbook is answered.",
    )

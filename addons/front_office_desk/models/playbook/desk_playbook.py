from odoo import api, fields, models


class DeskPlaybook(models.Model):
    _name = "desk.playbook"
    _description = "Sales playbook"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Empty: for all companies. A sales team brings its own.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales team",
        check_company=True,
        help="New leads of this team get the playbook by themselves.",
    )
    question_ids = fields.One2many(
        "desk.playbook.question", "playbook_id", string="Questions", copy=True
    )

    @api.depends("team_id")
    def _compute_company_id(self):
        for playbook in self:
            playbook.company_id = playbook.team_id.company_id or playbook.company_id

from odoo import fields, models


class DeskRequestPause(models.Model):
    _name = "desk.request.pause"
    _description = "Time in which the customer is awaited"
    _order = "date_start, id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "desk.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True, precompute=True
    )
    date_start = fields.Datetime(string="Asked", required=True)
    date_stop = fields.Datetime(string="Customer answered")
    note = fields.Char(string="What was asked")

    _forward = models.Constraint(
        "CHECK (date_stop IS NULL OR date_stop >= date_start)",
        "A customer can't answer before being asked.",
    )
    _one_open = models.UniqueIndex(
        "(request_id) WHERE date_stop IS NULL",
        "The customer of this request is awaited already.",
    )

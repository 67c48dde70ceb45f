from odoo import api, fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    desk_contact_ids = fields.One2many(
        "desk.contact", "event_id", string="Contacts at the desk"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Settle the contacts that an appointment was made for."""
        events = super().create(vals_list)
        contacts = events.desk_contact_ids.filtered(lambda each: not each.outcome)
        contacts.outcome = "appointment"
        return events

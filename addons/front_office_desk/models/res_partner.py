from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    desk_request_count = fields.Integer(
        string="Requests",
        compute="_compute_desk_counts",
        groups="front_office_desk.group_desk_user",
    )
    desk_contact_count = fields.Integer(
        string="Contacts at the desk",
        compute="_compute_desk_counts",
        groups="front_office_desk.group_desk_user",
    )

    def _compute_desk_counts(self):
        """Count for customers and for the people under them."""
        families = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        for model, name in (
            ("desk.request", "desk_request_count"),
            ("desk.contact", "desk_contact_count"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("partner_id", "in", families.ids)], ["partner_id"], ["__count"]
                )
            )
            self[name] = 0
            for partner, count in counts.items():
                while partner:
                    if partner in self:
                        partner[name] += count
                    partner = partner.parent_id

    def action_desk_requests(self):
        """Open the requests of the customers and of the people under them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_desk.desk_request_action"
        )
        return action | {
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self[:1].id},
        }

    def action_desk_contacts(self):
        """Open the contacts with the customers and the people under them."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "front_office_desk.desk_contact_action"
        )
        return action | {
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self[:1].id},
        }

    @api.model
    def _search_display_name(self, operator, value):
        """Find customers by telephone as well, where the desk asks for it."""
        domain = super()._search_display_name(operator, value)
        if (
            self.env.context.get("desk_search_phone")
            and operator in ("ilike", "=ilike", "like", "=")
            and isinstance(value, str)
            and sum(char.isdigit() for char in value) >= 3
        ):
            domain = Domain(domain) | Domain("phone_mobile_search", "ilike", value)
        return domain

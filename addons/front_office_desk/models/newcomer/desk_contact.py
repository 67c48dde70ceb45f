from odoo import api, fields, models
from odoo.tools import email_normalize

from ...reach import bare, plain_name, who

# more of them don't help a receptionist
SHOWN = 5


class DeskContact(models.Model):
    """Make a customer of two fields, unless it is one who is known already."""

    _inherit = "desk.contact"  # pylint: disable=consider-merging-classes-inherited

    is_somebody_new = fields.Boolean(
        string="It is somebody new",
        copy=False,
        help="Though a customer has the same name, telephone number or e-mail address.",
    )
    known_partner_ids = fields.Many2many(
        "res.partner", string="Known already", compute="_compute_known"
    )
    known_partner_id = fields.Many2one(
        "res.partner", string="Surely", compute="_compute_known"
    )
    known_choice_id = fields.Many2one(
        "res.partner",
        string="Who of them",
        store=False,
        domain="[('id', 'in', known_partner_ids)]",
    )

    @api.depends("new_name", "new_reach", "company_id", "is_somebody_new")
    def _compute_known(self):
        # who has been chosen and saved, isn't looked for again
        unsure = self.filtered(
            lambda each: (each.new_name or each.new_reach)
            and not each._origin.partner_id
        )
        (self - unsure).known_partner_ids = (self - unsure).known_partner_id = False
        for contact, (known, partner) in unsure._find_known().items():
            contact.known_partner_ids = known[:SHOWN]
            contact.known_partner_id = partner

    @api.onchange("new_name", "new_reach", "is_somebody_new")
    def _onchange_newcomer(self):
        known = self.known_partner_ids._origin
        if self.is_somebody_new:
            if self.partner_id._origin in known:
                self.partner_id = self.known_choice_id = False
        elif not self.partner_id:
            self.partner_id = self.known_partner_id

    @api.onchange("known_choice_id")
    def _onchange_known_choice_id(self):
        if self.known_choice_id:
            self.partner_id = self.known_choice_id

    def _find_known(self):
        """Return who the new customers may be, found in one query.

        :return: dict of contact → (all of them, the one whom it must be or none)
        """
        people = [
            (each.new_name, each.new_reach, each.company_id._origin) for each in self
        ]
        partners = self.env["res.partner"]
        result = {}
        if not people:
            return result
        for contact, (by_reach, by_name) in zip(
            self, partners._desk_find_known(people), strict=True
        ):
            certain = who(frozenset(by_reach.ids), frozenset(by_name.ids))
            result[contact] = (by_reach | by_name, partners.browse(certain))
        return result

    def _make_new_customers(self):
        """Make the customers that were named with the two fields.

        Who is known is taken instead. Where several may be meant, a person decides.
        """
        news = self.filtered(
            lambda each: each.new_name and each.new_reach and not each.partner_id
        )
        doubtful = news.filtered(lambda each: not each.is_somebody_new)
        unknown = news - doubtful
        for contact, (known, partner) in doubtful._find_known().items():
            if partner:
                contact.partner_id = partner
            elif not known:
                unknown |= contact
        # one who is named twice at once is made once
        groups = unknown.grouped(lambda each: each._newcomer_key())
        partners = self.env["res.partner"].create(
            [contacts[0]._prepare_new_customer() for contacts in groups.values()]
        )
        for contacts, partner in zip(groups.values(), partners, strict=True):
            contacts.partner_id = partner

    def _newcomer_key(self):
        self.ensure_one()
        reach = email_normalize(self.new_reach) or bare(self.new_reach)
        # of those who are surely new, each name is somebody else
        name = plain_name(self.new_name) if self.is_somebody_new else ""
        return self.company_id, name, reach

    def _prepare_new_customer(self):
        """Return the values of the customer that the two fields name."""
        self.ensure_one()
        reach = self.new_reach.strip()
        return {
            "name": " ".join(self.new_name.split()),
            "email" if "@" in reach else "phone": reach,
            "company_id": self.company_id.id,
        }

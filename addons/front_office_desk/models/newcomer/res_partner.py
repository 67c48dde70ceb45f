from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...reach import SEPARATORS, bare, plain_name, spellings


class ResPartner(models.Model):
    """Find the customers who may be somebody that the desk takes for new."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    # a call is logged while the customer waits; telephones have an index in Odoo
    _desk_email = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _desk_name = models.Index("(lower(name))")

    @api.model
    def _desk_find_known(self, people):
        """Return who of the customers may be each of some people, in one query.

        :param people: list of (name, how they are reached, company)
        :return: list of (customers with the telephone or e-mail address, customers
            with the name), as many as people
        """
        wanted = [self._desk_wanted(*person) for person in people]
        companies = {company.id for _name, _reach, company in people}
        domain = Domain("email_normalized", "in", [mail for mail, *_ in wanted if mail])
        domain |= self._desk_text_domain(
            lambda phone: SQL(
                "regexp_replace(%s, %s, '', 'g')", phone, SEPARATORS.pattern
            ),
            "phone",
            {number for _mail, numbers, _name in wanted for number in numbers},
        )
        names = {name for *_, name in wanted if name}
        domain |= self._desk_text_domain(
            lambda name: SQL("lower(%s)", name), "name", names
        )
        # addresses to send to are nobody who calls
        domain &= Domain("type", "=", "contact")
        domain &= Domain("company_id", "in", [False, *companies])
        found = self.search_fetch(
            domain, ["name", "phone", "email_normalized", "company_id"], order="id"
        )
        ids = found._desk_ids_by_key()
        return [
            (
                self._desk_pick(ids, {("mail", mail)} | numbers, company),
                self._desk_pick(ids, {("name", name)}, company),
            )
            for (mail, numbers, name), (_name, _reach, company) in zip(
                wanted, people, strict=True
            )
        ]

    @api.model
    def _desk_wanted(self, name, reach, company):
        """Return (e-mail address, spellings of the telephone number, name)."""
        name = plain_name(name or "")
        if "@" in (reach or ""):
            return email_normalize(reach), frozenset(), name
        code = company.country_id.phone_code
        return False, spellings(reach or "", str(code or "")), name

    @api.model
    def _desk_text_domain(self, change, field_name, values):
        """Return the domain of those whose changed text is among some values.

        :param change: from the SQL of the field to the SQL of what is compared
        """
        if not values:
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)",
                change(model._field_to_sql(alias, field_name, query)),
                sorted(values),
            )
        )

    def _desk_ids_by_key(self):
        """Return the ids of customers by how they are reached, and by name."""
        ids = defaultdict(list)
        for partner in self:
            for key in (
                ("mail", partner.email_normalized),
                bare(partner.phone or ""),
                ("name", plain_name(partner.name or "")),
            ):
                ids[key].append(partner.id)
        return ids

    @api.model
    def _desk_pick(self, ids, keys, company):
        """Return those with one of some keys whom the company knows."""
        keys -= {("mail", False), ("name", "")}
        picked = self.browse(
            sorted({each for key in keys for each in ids.get(key, ())})
        )
        return picked.filtered(lambda each: each.company_id in (company, company[:0]))

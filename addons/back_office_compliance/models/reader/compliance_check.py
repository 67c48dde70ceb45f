from odoo import models
from odoo.fields import Domain

# Checks whose figures are sums over other records than the one that they name: of which
# model, and by which field those belong to it.
SOURCES = {
    "ledger_suspense": ("account.move.line", "account_id"),
    "ledger_negative_cash": ("account.move.line", "account_id"),
    "receivable_credit_limit": ("account.move.line", "partner_id"),
}


class ComplianceCheck(models.Model):
    """How many records are behind a figure, for the engine and for a reader."""

    _inherit = "compliance.check"  # pylint: disable=consider-merging-classes-inherited

    def _get_figures_source(self):
        """Return where the figures come from, when not from the record that is named.

        Hook: a method that sums over other records names their model here, and the
        field by which they belong to the record; figures show to who may read them all.

        :return: None, or ``(model, field)``
        """
        self.ensure_one()
        return SOURCES.get(self.method) if self.kind == "method" else None

    def _sums_up(self):
        """Return whether the figures are those of several records."""
        return self.kind == "aggregate" or bool(self._get_figures_source())

    def _get_summed_model(self):
        """Return the name of the model whose records are behind the figures."""
        source = self._get_figures_source()
        return source[0] if source else self.model

    def _count_behind(self, company, ids, Model=None):
        """Count the records behind the figures of findings, threshold or not.

        :param company: whose records, as the engine reads them
        :param ids: of what the findings are about, where that is a record
        :param Model: the model with the rights of a reader; by default all rights
        :return: the numbers by id and key of a finding; by id and None where figures
            come from other records
        :raises AccessError: when the reader may not read what the check asks for
        """
        check = self._as_engine(company)
        if Model is None:
            Model = check.env[check._get_summed_model()]
        if check._get_figures_source():
            return check._count_sources(company, ids, Model)
        names = check._split("group_by")
        domain = check._get_record_domain(company, check._get_parameters(company))
        field = Model._fields.get(names[0])
        if field is not None and field.relational:
            domain &= Domain(names[0], "in", [number or False for number in ids])
        counts = {}
        for row in Model._read_group(domain, names, ["__count"]):
            res_id, key, *_rest = check._get_aggregate_row(names, ["__count"], row)
            counts[res_id, key] = row[-1]
        return counts

    def _count_sources(self, company, ids, Model):
        """Count the records that the figures of a method come from."""
        _name, field = self._get_figures_source()
        is_partner = Model._fields[field].comodel_name == "res.partner"
        domain = Domain(field, "child_of" if is_partner else "in", ids)
        domain &= Domain(Model._check_company_domain(company))
        counts = {}
        for record, number in Model._read_group(domain, [field], ["__count"]):
            # sudo: to which company a contact belongs, for a number
            owner = record.sudo().commercial_partner_id if is_partner else record
            key = owner.id, None
            counts[key] = counts.get(key, 0) + number
        return counts

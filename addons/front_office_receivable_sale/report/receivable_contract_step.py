from odoo import fields, models
from odoo.tools import SQL


class ReceivableContractStep(models.Model):
    """The funnel from contract to cash: a row a step of an opportunity.

    Signed, invoiced and paid follow one another; overdue is the part of what was
    invoiced that is late, and stands beside them.
    """

    _name = "receivable.contract.step"
    _description = "Step from Contract to Cash"
    _auto = False
    _rec_name = "lead_id"
    _order = "step, amount desc, id"

    step = fields.Selection(
        [("1", "Signed"), ("2", "Invoiced"), ("3", "Paid"), ("4", "Overdue")],
        readonly=True,
    )
    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Signed On", readonly=True)
    amount = fields.Monetary(readonly=True)
    signed = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="What the opportunity signed, beside each of its steps.",
    )
    share = fields.Float(
        string="Share of What Was Signed",
        readonly=True,
        aggregator="avg",
        help="Amount ÷ what the same opportunities signed. Of a group it is made from "
        "the sums.",
    )

    # all that the rows of the opportunities depend on
    _depends = {"receivable.contract": []}

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT contract.id * 4 + step.number AS id, step.key AS step,
                   contract.lead_id, contract.partner_id, contract.user_id,
                   contract.team_id, contract.company_id, contract.currency_id,
                   contract.date, step.amount, contract.signed,
                   %(share)s AS share
              FROM (%(contracts)s) contract
        CROSS JOIN LATERAL (VALUES (0, '1', contract.signed),
                                   (1, '2', contract.invoiced),
                                   (2, '3', contract.paid),
                                   (3, '4', contract.overdue)
                   ) step(number, key, amount)
            """,
            contracts=self.env["receivable.contract"]._table_query,
            share=_share(SQL("step.amount"), SQL("contract.signed")),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Make the share of a group from its sums: a mean of shares is none."""
        if aggregate_spec != "share:avg":
            return super()._read_group_select(aggregate_spec, query)
        amount, signed = (
            self._field_to_sql(self._table, name, query)
            for name in ("amount", "signed")
        )
        return _share(SQL("SUM(%s)", amount), SQL("SUM(%s)", signed))


def _share(amount, signed):
    """Return what an amount is of what was signed, in SQL; empty of nothing."""
    return SQL("(%s / NULLIF(%s, 0))::double precision", amount, signed)

import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import clean_context, float_compare

from ...local_day import day_end, day_start

_logger = logging.getLogger(__name__)

FINANCE = "front_office_desk.group_desk_finance"
SALES = "sales_team.group_sale_salesman"
# what sales may change
EDITED = {"partner_id", "request_id", "company_id", "date_from", "date_to", "line_ids"}
PROTECTED = {
    "state",
    "is_countered",
    "sales_signer_id",
    "sales_signed_on",
    "finance_signer_id",
    "finance_signed_on",
    "pricelist_id",
    "former_pricelist_id",
    "user_id",
}


class DeskPriceProfile(models.Model):
    _name = "desk.price.profile"
    _description = "Price profile of a customer"
    _inherit = ["desk.protected", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _desk_protected = frozenset(PROTECTED)

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    request_id = fields.Many2one(
        "desk.request",
        index="btree_not_null",
        check_company=True,
        help="The request of the new customer.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    line_ids = fields.One2many(
        "desk.price.profile.line", "profile_id", string="Discounts", copy=True
    )
    note = fields.Text(help="Why the customer gets these prices.")
    state = fields.Selection(
        [
            ("draft", "Sales"),
            ("proposed", "Finance"),
            ("countered", "Finance offers"),
            ("agreed", "Signed by both"),
            ("active", "Valid"),
            ("expired", "Expired"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    is_countered = fields.Boolean(string="As finance offers", readonly=True, copy=False)
    sales_signer_id = fields.Many2one(
        "res.users", string="Signed for sales", readonly=True, copy=False, tracking=True
    )
    sales_signed_on = fields.Datetime(readonly=True, copy=False)
    finance_signer_id = fields.Many2one(
        "res.users",
        string="Signed for finance",
        readonly=True,
        copy=False,
        tracking=True,
    )
    finance_signed_on = fields.Datetime(readonly=True, copy=False)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    former_pricelist_id = fields.Many2one(
        "product.pricelist",
        readonly=True,
        copy=False,
        help="What the customer had before, and has again afterwards.",
    )

    is_pricelist_off = fields.Boolean(
        string="Pricelists are switched off", compute="_compute_is_pricelist_off"
    )

    _dates_forward = models.Constraint(
        "CHECK (date_to >= date_from)", "A price profile ends after it has begun."
    )
    _two_people = models.Constraint(
        "CHECK (sales_signer_id IS NULL OR finance_signer_id IS NULL"
        " OR sales_signer_id != finance_signer_id)",
        "Two people sign a price profile: one for sales, and another for finance.",
    )
    _both_signed = models.Constraint(
        "CHECK (state NOT IN ('agreed', 'active', 'expired')"
        " OR (sales_signer_id IS NOT NULL AND finance_signer_id IS NOT NULL))",
        "A price profile is valid only when sales and finance have signed it.",
    )

    # two people may sign in the same moment, and neither sees the other's profile;
    # deferred, so that whoever comes later reads _check_overlap first
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&,"
        " int4range(partner_id, partner_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (state IN ('agreed', 'active')) DEFERRABLE INITIALLY DEFERRED",
        "The customer has special prices in that time already.",
    )

    # --- computes and constraints ------------------------------------------------

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_display_name(self):
        for profile in self:
            name = profile.partner_id.name or ""
            profile.display_name = f"{name}, {profile.date_from} – {profile.date_to}"

    def _compute_is_pricelist_off(self):
        settings = self.env["res.config.settings"]
        self.is_pricelist_off = not settings._desk_pricelists_are_on()

    @api.constrains("state", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        for profile in self.filtered(lambda each: each.state in ("agreed", "active")):
            # sudo: of colleagues as well; only that there is one is said
            twins = profile.sudo().search(
                [
                    ("id", "!=", profile.id),
                    ("state", "in", ("agreed", "active")),
                    ("company_id", "=", profile.company_id.id),
                    (
                        "partner_id.commercial_partner_id",
                        "=",
                        profile.partner_id.commercial_partner_id.id,
                    ),
                    ("date_from", "<=", profile.date_to),
                    ("date_to", ">=", profile.date_from),
                ]
            )
            if twins:
                raise ValidationError(
                    self.env._(
                        "%(profile)s: the customer has special prices in that time "
                        "already: %(other)s.",
                        profile=profile.display_name,
                        other=twins[0].display_name,
                    )
                )

    # --- create and write ----------------------------------------------------------

    def write(self, vals):
        """Change profiles as long as sales has them.

        :raise UserError: when a signature is written, or finance has the profile
        """
        if not self.env.su:
            if PROTECTED & vals.keys():
                raise UserError(
                    self.env._(
                        "%s: states and signatures are written by the buttons.",
                        ", ".join(self.mapped("display_name")),
                    )
                )
            # lines check themselves, as finance may write what it offers
            if EDITED - {"line_ids"} & vals.keys():
                self._check_turn("sales")
                self._take_back()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for profile in self:
            if profile.state != "draft" or profile.finance_signed_on:
                raise UserError(
                    self.env._("%s was proposed and is kept.", profile.display_name)
                )

    def _check_turn(self, side):
        """Refuse changes by the side that doesn't have the profile.

        :param side: ``sales`` or ``finance``
        """
        states = ("draft", "countered") if side == "sales" else ("proposed",)
        is_side = self.env.user.has_group(SALES if side == "sales" else FINANCE)
        for profile in self:
            if not is_side or profile.state not in states:
                raise UserError(
                    self.env._(
                        "%(profile)s can't be changed by %(side)s now: it is at "
                        "“%(state)s”.",
                        profile=profile.display_name,
                        side=self.env._("sales")
                        if side == "sales"
                        else self.env._("finance"),
                        state=profile._get_state_label(),
                    )
                )

    def _take_back(self):
        """Take back what finance has signed before sales changes it.

        When it was signed stays until the profile is proposed again.
        """
        # sudo: states and signatures are written by the program only
        self.sudo().filtered(lambda each: each.state == "countered").write(
            {"state": "draft", "is_countered": False, "finance_signer_id": False}
        )

    def _get_state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # --- signatures ------------------------------------------------------------------

    def action_propose(self):
        """Sign for sales, and give the profile to finance.

        :raise UserError: without discounts, or when sales doesn't have it
        """
        self.check_access("write")
        self._check_pricelists_on()
        self._check_turn("sales")
        for profile in self:
            if not profile.line_ids:
                raise UserError(
                    self.env._("%s: add a discount first.", profile.display_name)
                )
        # sudo: states and signatures are written by the buttons only
        profiles = self.sudo()
        profiles.write(
            {
                "state": "proposed",
                "is_countered": False,
                "finance_signer_id": False,
                "finance_signed_on": False,
                **self._sign("sales"),
            }
        )
        profiles.line_ids.counter_discount = 0
        return True

    def action_agree(self):
        """Sign for finance what sales has proposed; then the prices are agreed.

        :raise UserError: when the margin is too small, or by the one who proposed
        """
        self.check_access("write")
        self._check_pricelists_on()
        self._check_turn("finance")
        self._check_other_signer("finance")
        self._check_floor()
        # sudo: states and signatures are written by the buttons only
        self.sudo().write({"state": "agreed", **self._sign("finance")})
        # sudo: pricelists belong to sales managers; this one has both signatures
        self.sudo()._make_pricelists()
        return True

    def action_counter(self):
        """Sign for finance other discounts, and give the profile back to sales.

        :raise UserError: without other discounts, or when the margin is too small
        """
        self.check_access("write")
        self._check_pricelists_on()
        self._check_turn("finance")
        self._check_other_signer("finance")
        for profile in self:
            if not all(profile.line_ids.mapped("counter_discount")):
                raise UserError(
                    self.env._(
                        "%s: write on each line what finance offers.",
                        profile.display_name,
                    )
                )
        # sudo: states and signatures are written by the buttons only
        profiles = self.sudo()
        profiles.is_countered = True
        self._check_floor()
        profiles.write(
            {
                "state": "countered",
                "sales_signer_id": False,
                "sales_signed_on": False,
                **self._sign("finance"),
            }
        )
        return True

    def action_accept_counter(self):
        """Sign for sales what finance offers; then the prices are agreed.

        :raise UserError: by the one who signed for finance
        """
        self.check_access("write")
        for profile in self:
            if profile.state != "countered":
                raise UserError(
                    self.env._(
                        "%s: finance has offered nothing else.", profile.display_name
                    )
                )
        self._check_pricelists_on()
        self._check_turn("sales")
        self._check_other_signer("sales")
        # sudo: states and signatures are written by the buttons only
        self.sudo().write({"state": "agreed", **self._sign("sales")})
        # sudo: pricelists belong to sales managers; this one has both signatures
        self.sudo()._make_pricelists()
        return True

    def action_refuse(self):
        """End profiles that are not agreed."""
        self.check_access("write")
        for profile in self:
            profile._check_turn("finance" if profile.state == "proposed" else "sales")
        # sudo: states and signatures are written by the buttons only
        self.sudo().state = "refused"
        return True

    def _check_pricelists_on(self):
        """Refuse a signature that would change no price.

        Without the setting, Odoo's quotations have no pricelist.

        :raise UserError: saying who does what
        :raise RedirectWarning: to somebody who may do it
        """
        if not self[:1].is_pricelist_off:
            return
        message = self.env._(
            "%s: pricelists are switched off, so no quotation would have these prices. "
            "An administrator switches them on under Settings → Desk → Pricelists; "
            "then sign.",
            ", ".join(self.mapped("display_name")),
        )
        if not self.env.user.has_group("base.group_system"):
            raise UserError(message)
        action = self.env.ref("front_office_desk.desk_settings_action")
        raise RedirectWarning(message, action.id, self.env._("Open the settings"))

    def _sign(self, side):
        return {
            f"{side}_signer_id": self.env.uid,
            f"{side}_signed_on": fields.Datetime.now(),
        }

    def _check_other_signer(self, side):
        """Refuse the second signature of one person.

        :param side: for which the user signs
        """
        other = "sales_signer_id" if side == "finance" else "finance_signer_id"
        for profile in self:
            if profile[other] == self.env.user:
                raise UserError(
                    self.env._(
                        "%s: you signed for the other side; somebody else signs here.",
                        profile.display_name,
                    )
                )

    def _check_floor(self):
        for profile in self:
            floor = profile.company_id.desk_margin_floor
            for line in profile.line_ids:
                if float_compare(line.margin, floor, precision_digits=4) < 0:
                    raise UserError(
                        self.env._(
                            "%(profile)s: %(what)s keeps a margin of %(margin)s %%, "
                            "less than %(floor)s %%. Offer %(most)s %% at most.",
                            profile=profile.display_name,
                            what=line.product_tmpl_id.name or line.categ_id.name,
                            margin=round(line.margin * 100, 1),
                            floor=round(floor * 100, 1),
                            most=int(line.highest_discount),
                        )
                    )
        # what was seen when it was signed
        for line in self.line_ids:
            # sudo: written by the program only
            line.sudo().signed_margin = line.margin

    # --- figures -------------------------------------------------------------------

    def _get_figures(self, lines):
        """Return what was sold and what it costs, for lines of one profile.

        :param lines: lines of this profile
        :return: dict of line → (revenue, its cost, value at the sales price, its cost)
        """
        self.ensure_one()
        sold = self._get_sold()
        products = self.env["product.product"].with_company(self.company_id)
        sold_products = products.browse(sold)
        figures = {}
        # sudo: what things cost is shown to finance only
        for line in lines.sudo().with_company(self.company_id):
            if line.product_tmpl_id:
                matching = sold_products.filtered(
                    lambda each, line=line: each.product_tmpl_id == line.product_tmpl_id
                )
                fallback = line.product_tmpl_id.product_variant_ids
            else:
                domain = [("categ_id", "child_of", line.categ_id.ids)]
                matching = sold_products.filtered_domain(domain)
                fallback = products.search(domain, limit=200)
            # sold less than returned says nothing about the mix
            matching = matching.filtered(lambda each: sold[each.id][1] > 0)
            mix = {each: sold[each.id][1] for each in matching} or dict.fromkeys(
                fallback, 1
            )
            past_cost = sum(sold[each.id][1] * each.standard_price for each in matching)
            figures[line] = (
                sum(sold[each.id][0] for each in matching),
                past_cost,
                sum(quantity * each.lst_price for each, quantity in mix.items()),
                sum(quantity * each.standard_price for each, quantity in mix.items()),
            )
        return figures

    def _get_sold(self):
        """Return (revenue, quantity) of the last twelve months by product id.

        The quantity is in the product's own unit, in which its cost is.
        """
        self.ensure_one()
        since = self.company_id._desk_today() - relativedelta(years=1)
        sold = {}
        for move_type, sign in (("out_invoice", 1), ("out_refund", -1)):
            groups = self.env["account.move.line"]._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "product"),
                    ("product_id", "!=", False),
                    ("move_id.move_type", "=", move_type),
                    ("date", ">=", since),
                    (
                        "move_id.commercial_partner_id",
                        "=",
                        self.partner_id.commercial_partner_id.id,
                    ),
                ],
                ["product_id", "product_uom_id"],
                ["balance:sum", "quantity:sum"],
            )
            for product, unit, balance, quantity in groups:
                revenue, number = sold.get(product.id, (0, 0))
                quantity = unit._compute_quantity(quantity, product.uom_id, round=False)
                sold[product.id] = (revenue - balance, number + sign * quantity)
        return sold

    # --- pricelists ----------------------------------------------------------------

    def _make_pricelists(self):
        """Make the pricelists of signed profiles, and begin those whose day it is."""
        # what was signed has no room for the defaults of a context
        for profile in self.with_context(clean_context(self.env.context)):
            profile.pricelist_id = self.env["product.pricelist"].create(
                {
                    "name": self.env._("Special prices: %s", profile.display_name),
                    "company_id": profile.company_id.id,
                    "currency_id": profile.company_id.currency_id.id,
                    "is_special_price": True,
                    "item_ids": [
                        Command.create(vals) for vals in profile._prepare_items()
                    ],
                }
            )
            today = profile.company_id._desk_today()
            if profile.date_from <= today <= profile.date_to:
                profile._begin()

    def _prepare_items(self):
        """Return the values of the pricelist's rules."""
        self.ensure_one()
        # rules have moments, and the profile has days where the company is
        tz = self.company_id._desk_get_tz()
        dates = {
            "date_start": day_start(self.date_from, tz),
            "date_end": day_end(self.date_to, tz),
        }
        return [
            {
                "applied_on": "1_product"
                if line.product_tmpl_id
                else "2_product_category",
                "product_tmpl_id": line.product_tmpl_id.id,
                "categ_id": line.categ_id.id,
                "compute_price": "percentage",
                "percent_price": line._get_discount(),
                **dates,
            }
            for line in self.line_ids
        ]

    def _begin(self):
        """Give the customer the pricelist, and remember what they had."""
        for profile in self:
            partner = profile._get_priced_partner()
            former = partner.specific_property_product_pricelist
            if base := former or partner.property_product_pricelist:
                # all else costs what it did before
                profile.pricelist_id.item_ids = [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "formula",
                            "base": "pricelist",
                            "base_pricelist_id": base.id,
                        }
                    )
                ]
            profile.former_pricelist_id = former
            partner.specific_property_product_pricelist = profile.pricelist_id
            profile.state = "active"

    def _expire(self):
        """Take the pricelist back, and tell both sides."""
        for profile in self:
            partner = profile._get_priced_partner()
            if partner.specific_property_product_pricelist == profile.pricelist_id:
                former = profile.former_pricelist_id
                partner.specific_property_product_pricelist = former.filtered("active")
            profile.pricelist_id.active = False
            profile.state = "expired"
            for user in profile.sales_signer_id + profile.finance_signer_id:
                profile.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("The special prices have expired"),
                    user_id=user.id,
                )

    def _restore_pricelists(self):
        """Give back the pricelists of signed profiles that were archived."""
        profiles = self.search([("state", "in", ("agreed", "active"))])
        profiles.with_context(active_test=False).pricelist_id.action_unarchive()

    def _get_priced_partner(self):
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        return partner.with_company(self.company_id)

    def _cron_profiles(self):
        """Let signed profiles begin on their day, and end valid ones after theirs."""
        open_states = Domain("state", "in", ("agreed", "active"))
        for (company,) in self._read_group(open_states, ["company_id"]):
            today = company._desk_today()
            ours = open_states & Domain("company_id", "=", company.id)
            ending = ours & Domain("date_to", "<", today)
            beginning = (
                ours & Domain("state", "=", "agreed") & Domain("date_from", "<=", today)
            )
            # what ends makes room for what begins
            self.search(ending)._cron_each("_expire")
            self.search(beginning & ~ending)._cron_each("_begin")

    def _cron_each(self, method):
        """Do something with each profile, and report the progress.

        :param method: name of what is done
        """
        for profile in self:
            try:
                with self.env.cr.savepoint():
                    getattr(profile, method)()
            except Exception:
                # one customer's failure must not keep the others' prices
                _logger.exception("Price profile %s", profile.id)
            self.env["ir.cron"]._commit_progress(1)

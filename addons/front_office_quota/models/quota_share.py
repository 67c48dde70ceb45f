from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QuotaShare(models.Model):
    _name = "quota.share"
    _description = "Share of a person or team in a plan"
    _inherit = ["quota.calculated.mixin"]
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "quota.plan", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users", string="Person", index="btree_not_null", ondelete="restrict"
    )
    team_id = fields.Many2one(
        "crm.team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Of a person: the team they belong to in this plan. Without a person: "
        "the team has a target of its own.",
    )
    weight = fields.Float(default=1.0)

    _unique_person = models.UniqueIndex(
        "(plan_id, user_id) WHERE user_id IS NOT NULL",
        "A person has one share in a plan.",
    )
    _unique_team = models.UniqueIndex(
        "(plan_id, team_id) WHERE user_id IS NULL",
        "A team has one share of its own in a plan.",
    )

    @api.depends("user_id", "team_id")
    def _compute_display_name(self):
        for share in self:
            holder = share.user_id or share.team_id
            share.display_name = holder.display_name or self.env._("New share")

    @api.constrains("user_id", "team_id", "plan_id")
    def _check_holder(self):
        for share in self:
            # sudo: the companies of a person who may be out of the editor's reach
            user = share.user_id.sudo()
            if not user and not share.team_id:
                raise ValidationError(
                    self.env._(
                        "A share of the plan “%s” needs a Person or a Team.",
                        share.plan_id.display_name,
                    )
                )
            if user and share.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "Person of a share of the plan “%(plan)s”: %(user)s does not "
                        "work in %(company)s. Choose somebody who does.",
                        plan=share.plan_id.display_name,
                        user=user.name,
                        company=share.company_id.name,
                    )
                )

    @api.constrains("weight")
    def _check_weight(self):
        for share in self:
            if not 0 <= share.weight < float("inf"):
                raise ValidationError(
                    self.env._(
                        "The Weight of %(holder)s in the plan “%(plan)s” must not be "
                        "negative.",
                        holder=share.display_name,
                        plan=share.plan_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.plan_id._check_unlocked(self.env._("the shares"))
        return shares

    def write(self, vals):
        self.plan_id._check_unlocked(self.env._("the shares"))
        result = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._check_unlocked(self.env._("the shares"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.plan_id._check_unlocked(self.env._("the shares"))

    # --- splitting --------------------------------------------------------------------

    def _get_levels(self):
        """Return the shares in the levels on which they are split.

        :return: pairs of (the team's share that is split, its parts); the first pair
            is (no share, the ones among which the whole is split)
        """
        teams = self.filtered(lambda share: not share.user_id)
        below = {team: self.browse() for team in teams.team_id}
        top = self.browse()
        for share in self:
            if share.user_id and share.team_id in below:
                below[share.team_id] |= share
            else:
                top |= share
        levels = [(self.browse(), top)]
        levels += [(team, below[team.team_id]) for team in teams if below[team.team_id]]
        return levels

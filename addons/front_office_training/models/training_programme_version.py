import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class TrainingProgrammeVersion(models.Model):
    """What a programme said when a version of it was published.

    Versions are only ever added. They go with the programme alone.
    """

    _name = "training.programme.version"
    _description = "Version of a Programme"
    _order = "programme_id, version desc"
    _check_company_auto = True

    programme_id = fields.Many2one(
        "training.programme",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="programme_id.company_id",
        store=True,
        index="btree_not_null",
        precompute=True,
    )
    version = fields.Integer(required=True, aggregator=None)
    published_on = fields.Datetime(required=True, default=fields.Datetime.now)
    published_by_id = fields.Many2one(
        "res.users",
        string="Published by",
        required=True,
        default=lambda self: self.env.user,
    )
    content = fields.Text(
        required=True, help="The steps in the source language, as JSON."
    )
    digest = fields.Char(
        required=True, help="SHA-256 of everything that an enrolment copies."
    )
    step_count = fields.Integer(string="Steps", compute="_compute_step_count")

    _version_unique = models.UniqueIndex(
        "(programme_id, version)",
        "This version of the programme is kept already. Reload the page.",
    )

    @api.depends("programme_id", "version")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(programme)s, version %(version)s",
                programme=version.programme_id.name or "",
                version=version.version,
            )

    @api.depends("content")
    def _compute_step_count(self):
        for version in self:
            version.step_count = len(version._get_steps())

    def _get_steps(self):
        """Return the steps of this version as a list of dicts."""
        self.ensure_one()
        return json.loads(self.content or "[]")

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a version stays as it was published.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "%s: a version stays as it was published. Revise the programme "
                "instead.",
                ", ".join(self.mapped("display_name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s: a version is never deleted.",
                ", ".join(self.mapped("display_name")),
            )
        )

    def action_compare(self):
        """Open the comparison of two versions, or of one with the one before it.

        :raises UserError: when more than two are chosen, or not of one programme
        """
        if len(self) > 2 or len(self.programme_id) != 1:
            raise UserError(
                self.env._("Choose one or two versions of one programme to compare.")
            )
        versions = self.sorted("version")
        newer = versions[-1:]
        older = versions[:1]
        if older == newer:
            # they are sorted from the last to the first
            older = newer.programme_id.version_ids.filtered(
                lambda version: version.version < newer.version
            )[:1]
        return self.env["training.programme.compare"]._open(
            newer.programme_id, older, newer
        )

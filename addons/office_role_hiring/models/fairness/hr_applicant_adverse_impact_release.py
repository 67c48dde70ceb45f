from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import hmac

from ...adverse_impact import Group, too_close

HASHES = ("considered", "selected")


class HrApplicantAdverseImpactRelease(models.Model):
    """A report of selection rates that somebody has seen, and whom it was about.

    Two reports that differ by one person would tell that person's answer. The next one
    is therefore shown only if it is about the same people as each before, or about
    enough others. Nobody reads a row: whom it was about is kept as hashes that take
    the secret of the database, so that an answer that is taken back does not stand
    here.
    """

    _name = "hr.applicant.adverse.impact.release"
    _description = "Adverse-Impact Report that Was Shown"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    dimension_id = fields.Many2one(
        "hr.applicant.group.dimension", required=True, index=True, ondelete="cascade"
    )
    filters = fields.Char(required=True, help="What the report was asked for.")
    groups = fields.Json(help="Group, considered and selected, as shown.")
    considered = fields.Json(help="Hashes of who was considered, with the answer.")
    selected = fields.Json(help="Hashes of who was selected, with the answer.")

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse by hand: a report that nobody saw would keep others from being shown.

        :raises AccessError: outside superuser mode
        """
        if not self.env.su:
            raise AccessError(
                self.env._("Which reports were shown is kept by the reports alone.")
            )
        return super().create(vals_list)

    @api.model
    def _publish(self, report, shown):
        """Return what may be shown of a report, and keep that it was.

        Called in superuser mode.

        :param report: ``hr.applicant.adverse.impact`` record
        :param shown: list of :class:`adverse_impact.Group` that are large enough
        :return: list of the groups to show, and the date of the report they are of:
            False for this one, and no groups at all where too few people make the
            difference to an earlier report with other filters
        """
        if not shown:
            return shown, False
        self._serialise(report.dimension_id)
        considered, selected = self._get_hashes(report, shown)
        values = {
            "company_id": report.company_id.id,
            "dimension_id": report.dimension_id.id,
        }
        before = self.search([(name, "=", value) for name, value in values.items()])
        values |= {
            "filters": report._get_filters(),
            "groups": [[g.key, g.considered, g.selected] for g in shown],
            "considered": sorted(considered),
            "selected": sorted(selected),
        }
        same = before.filtered(lambda each: each.filters == values["filters"])[:1]
        minimum = max(report.minimum, 1)
        if any(
            too_close(considered, set(each.considered), minimum)
            or too_close(selected, set(each.selected), minimum)
            for each in before
        ):
            return same._get_groups(), same.create_date
        if not same or any(same[name] != values[name] for name in HASHES):
            self.create(values)
        return shown, False

    @api.model
    def _serialise(self, dimension):
        """Let two reports at once not pass each other: the second one is tried again.

        An update of the question makes the database refuse the later transaction.
        """
        self.env.cr.execute(
            "UPDATE hr_applicant_group_dimension SET company_id = company_id "
            "WHERE id = %s",
            (dimension.id,),
        )

    @api.model
    def _get_hashes(self, report, shown):
        """Return two sets of hashes: of who was considered, and of who was selected."""
        keys = {group.key for group in shown}
        considered, selected = set(), set()
        for applicant_id, group_id, is_selected in report._get_people():
            if group_id in keys:
                digest = hmac(self.env, self._name, (applicant_id, group_id))[:24]
                considered.add(digest)
                if is_selected:
                    selected.add(digest)
        return considered, selected

    def _get_groups(self):
        """Return the groups of a report that was shown; none without a report."""
        present = set(self.dimension_id.group_ids.ids)
        return [Group(*row) for row in self.groups or [] if row[0] in present]

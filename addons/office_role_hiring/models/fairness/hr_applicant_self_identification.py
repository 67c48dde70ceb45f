from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class HrApplicantSelfIdentification(models.Model):
    """What an applicant said about a group of their own free will.

    It is kept apart from the application: no field of the application leads here, and
    nobody may read a row. What is read is :meth:`_count_by_group`, counted by group.
    """

    _name = "hr.applicant.self.identification"
    _description = "Voluntary Answer of an Applicant"
    _check_company_auto = True
    # who wrote it, and when, would lead to the person
    _log_access = False

    applicant_id = fields.Many2one(
        "hr.applicant", required=True, index=True, ondelete="cascade"
    )
    group_id = fields.Many2one(
        "hr.applicant.group", required=True, index=True, ondelete="cascade"
    )
    dimension_id = fields.Many2one(
        related="group_id.dimension_id", store=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="applicant_id.company_id", store=True, index="btree_not_null"
    )

    _answer_unique = models.UniqueIndex(
        "(applicant_id, dimension_id)", "A question is answered once."
    )

    @api.constrains("applicant_id", "group_id")
    def _check_group_company(self):
        # sudo: only superuser mode reads a row
        for answer in self.sudo():
            company = answer.group_id.company_id
            if company and company != answer.applicant_id.company_id:
                raise ValidationError(
                    self.env._(
                        "The question “%(question)s” belongs to %(company)s, and this "
                        "application does not. Choose a question of its own company.",
                        question=answer.dimension_id.name,
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse by hand: that it fails would tell who has answered.

        :raises AccessError: outside superuser mode
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Voluntary answers are entered on the applicant's link, or with "
                    "“Voluntary questions” on the application."
                )
            )
        return super().create(vals_list)

    @api.model
    def _record(self, applicant, answers):
        """Keep the answers of an applicant; those given before are replaced.

        :param applicant: ``hr.applicant`` record
        :param answers: dict of ``hr.applicant.group.dimension`` to
            ``hr.applicant.group``; an empty record takes the answer back
        """
        # sudo: nobody may read a row, see the class
        own = self.sudo()
        own.search(
            [
                ("applicant_id", "=", applicant.id),
                ("dimension_id", "in", [dimension.id for dimension in answers]),
            ]
        ).unlink()
        own.create(
            [
                {"applicant_id": applicant.id, "group_id": group.id}
                for group in answers.values()
                if group
            ]
        )

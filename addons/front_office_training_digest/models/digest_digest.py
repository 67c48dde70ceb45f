from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_training_completed = fields.Boolean("Trainings Completed")
    kpi_training_completed_value = fields.Integer(
        compute="_compute_kpi_training_completed_value"
    )
    kpi_training_signed = fields.Boolean("Training Steps Signed")
    kpi_training_signed_value = fields.Integer(
        compute="_compute_kpi_training_signed_value"
    )

    def _compute_kpi_training_completed_value(self):
        self._check_training_figures()
        self._calculate_company_based_kpi(
            "training.enrolment",
            "kpi_training_completed_value",
            date_field="completed_on",
            additional_domain=[("state", "=", "done")],
        )

    def _compute_kpi_training_signed_value(self):
        self._check_training_figures()
        self._calculate_company_based_kpi(
            "training.enrolment.step",
            "kpi_training_signed_value",
            date_field="signed_on",
            additional_domain=[("state", "=", "signed")],
        )

    def _check_training_figures(self):
        """Leave the figures out for whoever sees no more than their own training.

        :raises AccessError: the digest then goes on without them
        """
        if not self.env["training.report"].has_access("read"):
            raise AccessError(
                self.env._("The figures on training are for trainers and HR officers.")
            )

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("front_office_training.training_menu_root").id
        return super()._compute_kpis_actions(company, user) | {
            "kpi_training_completed": (
                f"front_office_training.training_enrolment_action?menu_id={menu}"
            ),
            "kpi_training_signed": (
                f"front_office_training.training_report_action?menu_id={menu}"
            ),
        }

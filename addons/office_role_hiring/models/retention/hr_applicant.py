import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

FAIRNESS = "office_role_hiring.group_hiring_fairness"
OWN_FIELDS = {
    "office_anonymised_on",
    "office_anonymised_note",
    "office_anonymise_error",
}
# references to a contact that go with it, and are no reason to keep it
PASSING = (
    "mail_followers",
    "mail_notification",
    "res_partner_res_partner_category_rel",
)


class HrApplicant(models.Model):
    """Applications that nobody needs any more lose what says whose they were."""

    _inherit = "hr.applicant"  # pylint: disable=consider-merging-classes-inherited

    office_anonymised_on = fields.Datetime(
        string="Anonymised on", readonly=True, copy=False, index="btree_not_null"
    )
    office_anonymised_note = fields.Text(
        string="What was removed and kept", readonly=True, copy=False
    )
    office_anonymise_error = fields.Char(
        string="Why it was not anonymised", readonly=True, copy=False
    )
    office_anonymise_due = fields.Boolean(
        string="Due for anonymising",
        compute="_compute_office_anonymise_due",
        search="_search_office_anonymise_due",
        compute_sudo=True,
    )

    def _compute_office_anonymise_due(self):
        due = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("office_anonymise_due", "=", True)]
        )
        for applicant in self:
            applicant.office_anonymise_due = applicant in due

    @api.model
    def _search_office_anonymise_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        if True not in value:
            return NotImplemented if value != {False} else ~self._get_due_domain()
        return self._get_due_domain()

    @api.model
    def _get_due_domain(self):
        """Return the domain of the applications that are due for anonymising.

        The months of the company count from the last decision. Open applications, hired
        people, people in a talent pool, and employees who once applied, are never due.
        """
        self.env["res.company"].flush_model(["hiring_retention_months"])
        self.env["hr.applicant.decision"].flush_model()
        return Domain("id", "in", self._get_due_query()) & Domain(
            self._get_anonymisable_domain()
        )

    @api.model
    def _get_anonymisable_domain(self):
        """Return the domain of applications that may be anonymised at all."""
        return [
            ("active", "=", False),
            ("office_anonymised_on", "=", False),
            ("employee_id", "=", False),
            ("date_closed", "=", False),
            ("talent_pool_ids", "=", False),
        ]

    @api.model
    def _get_due_query(self):
        """Return the query of the ids of applications whose time has passed."""
        return SQL(
            """(
            SELECT applicant.id
              FROM hr_applicant applicant
              JOIN res_company company ON company.id = applicant.company_id
         LEFT JOIN (
                   SELECT applicant_id, MAX(date) AS date
                     FROM hr_applicant_decision
                 GROUP BY applicant_id
                   ) decision ON decision.applicant_id = applicant.id
             WHERE company.hiring_retention_months > 0
               AND GREATEST(
                       applicant.create_date,
                       applicant.refuse_date,
                       applicant.date_last_stage_update,
                       decision.date
                   ) + make_interval(months => company.hiring_retention_months)
                   <= %(now)s
               AND NOT EXISTS (
                   SELECT FROM hr_employee employee
                    WHERE employee.work_contact_id = applicant.partner_id)
            )""",
            now=fields.Datetime.now(),
        )

    @api.model
    def _get_office_own_fields(self):
        return super()._get_office_own_fields() | OWN_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_anonymised(vals)
        return super().create(vals_list)

    @api.model
    def _refuse_anonymised(self, vals):
        """:raises AccessError: when somebody writes what anonymising alone writes"""
        if OWN_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("What was anonymised is written by anonymising alone.")
            )

    def write(self, vals):
        self._refuse_anonymised(vals)
        if vals.get("active") and any(self.mapped("office_anonymised_on")):
            raise UserError(
                self.env._(
                    "An anonymised application cannot be reopened: nobody knows whose "
                    "it was. Create a new application."
                )
            )
        return super().write(vals)

    # --- anonymising --------------------------------------------------------------

    def action_anonymise(self):
        """Anonymise at the request of the person.

        :raises AccessError: when the user may not
        :raises UserError: when an application is open, hired, or in a talent pool
        """
        self._check_fairness_right()
        allowed = self.with_context(active_test=False).filtered_domain(
            self._get_anonymisable_domain()
        )
        if refused := self - allowed:
            raise UserError(
                self.env._(
                    "%s cannot be anonymised: the application is open, led to a hire, "
                    "is in a talent pool, is anonymised already or has a background "
                    "check on legal hold. Refuse an open application first, take "
                    "people out of the talent pools, or have the legal hold ended.",
                    ", ".join(refused.mapped("display_name")),
                )
            )
        # sudo: mails, meetings and files of other people go as well; the right to do
        # so is checked above
        self.sudo()._anonymise(self.env._("at the request of the person"))

    def _check_fairness_right(self):
        """Refuse whoever may not handle the personal data of these applicants.

        :raises AccessError: then
        """
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(FAIRNESS):
            raise AccessError(
                self.env._(
                    "This takes the right “Recruitment: fairness and personal data”, "
                    "which HR managers may be given."
                )
            )

    @api.model
    def _cron_anonymise(self):
        """Anonymise what is due, one application a savepoint.

        What fails says why on the application and is tried again the next day.
        """
        due = self.with_context(active_test=False).search(
            [("office_anonymise_due", "=", True)], order="id"
        )
        remaining = len(due)
        for applicant in due:
            applicant._anonymise_by_cron()
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _anonymise_by_cron(self):
        """Anonymise this application, or keep the reason why that failed."""
        self.ensure_one()
        if not self.exists().try_lock_for_update():
            return
        try:
            with self.env.cr.savepoint():
                self._anonymise(self.env._("after the retention time"))
        except Exception as error:
            _logger.exception("Application %s could not be anonymised", self.id)
            self.env.invalidate_all()
            self.office_anonymise_error = str(error)[:500]

    def _anonymise(self, occasion):
        """Hook: remove what says who applied, and state it. In superuser mode.

        Extend it to remove what an add-on holds on the applicant, before ``super()``,
        and add to :meth:`_get_anonymised_removed` what was removed.

        :param occasion: why, in words that follow “Anonymised”
        """
        applicants = self.with_context(
            tracking_disable=True, mail_notrack=True, active_test=False
        )
        partners = applicants.partner_id
        applicants._anonymise_related()
        applicants.write(
            {
                **self._anonymise_values(),
                "office_anonymised_on": fields.Datetime.now(),
                "office_anonymised_note": self._get_anonymised_note(occasion),
                "office_anonymise_error": False,
            }
        )
        applicants._anonymise_partners(partners)
        applicants._create_decisions(
            [(applicant, {"kind": "anonymised"}) for applicant in applicants]
        )

    @api.model
    def _anonymise_values(self):
        """Hook: return the values that an anonymised application gets."""
        return {
            "partner_id": False,
            "partner_name": self.env._("Anonymised applicant"),
            "email_from": False,
            "email_cc": False,
            "partner_phone": False,
            "linkedin_profile": False,
            "availability": False,
            "salary_expected": 0,
            "salary_expected_extra": False,
            "salary_proposed": 0,
            "salary_proposed_extra": False,
            "applicant_notes": False,
            "applicant_properties": False,
            "categ_ids": [(5,)],
            # the talent keeps its own data; without the link it gets none of this
            "pool_applicant_id": False,
        }

    def _anonymise_related(self):
        """Delete messages, mails, files, activities, meetings and followers."""
        own = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        emails = [email for email in self.mapped("email_from") if email]
        # Odoo's refusals are mails that belong to no record
        self.env["mail.mail"].search(
            [("email_to", "in", emails), ("model", "in", [self._name, False])]
        ).unlink()
        messages = self.env["mail.message"].search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        )
        files = messages.attachment_ids | self.env["ir.attachment"].search(own)
        meetings = self.env["calendar.event"].search([("applicant_id", "in", self.ids)])
        files |= self.env["ir.attachment"].search(
            [("res_model", "=", meetings._name), ("res_id", "in", meetings.ids)]
        )
        files.unlink()
        messages.unlink()
        self.env["mail.activity"].search(own).unlink()
        meetings.unlink()
        self.env["mail.followers"].search(own).unlink()
        # the log is never changed through the ORM, and a note may name the person
        self.env["hr.applicant.decision"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE hr_applicant_decision SET note = NULL "
                "WHERE applicant_id = ANY(%s)",
                self.ids,
            )
        )
        self.env["hr.applicant.decision"].invalidate_model(["note"])

    def _anonymise_partners(self, partners):
        """Delete the contacts that nothing else refers to.

        The contact of a customer, an employee or another application stays.
        """
        self.env.flush_all()
        free = partners.filtered(lambda partner: not partner.user_ids)
        if not free:
            return
        queries = [
            self._get_partner_reference_query(table, column, free)
            for table, column in self._get_partner_references()
        ]
        needed = self.env.execute_query(SQL(" UNION ").join(queries))
        (free - free.browse(row[0] for row in needed)).unlink()

    @api.model
    def _get_partner_references(self):
        """Return the ``(table, column)`` pairs that refer to a contact."""
        return self.env.execute_query(
            SQL(
                """
                SELECT cls.relname, att.attname
                  FROM pg_constraint con
                  JOIN pg_class cls ON cls.oid = con.conrelid
                  JOIN pg_attribute att
                    ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
                 WHERE con.contype = 'f'
                   AND con.confrelid = 'res_partner'::regclass
                   AND cls.relname <> ALL(%s)
                """,
                list(PASSING),
            )
        )

    @api.model
    def _get_partner_reference_query(self, table, column, partners):
        """Return the query of those of some contacts that a column refers to.

        A contact that refers to itself, as its own commercial entity, does not count.
        """
        return SQL(
            "SELECT DISTINCT %(column)s FROM %(table)s "
            "WHERE %(column)s = ANY(%(partners)s)%(other)s",
            column=SQL.identifier(column),
            table=SQL.identifier(table),
            partners=partners.ids,
            other=(
                SQL(" AND id <> %s", SQL.identifier(column))
                if table == "res_partner"
                else SQL()
            ),
        )

    # --- what is stated -----------------------------------------------------------

    @api.model
    def _get_anonymised_removed(self):
        """Hook: return what anonymising removes, as a list of words."""
        return [
            self.env._("name, e-mail, phone and LinkedIn address"),
            self.env._("the contact, unless something else refers to it"),
            self.env._("notes, tags, properties, availability and salary wishes"),
            self.env._("résumé and other files"),
            self.env._("messages, activities, meetings and notes on decisions"),
        ]

    @api.model
    def _get_anonymised_kept(self):
        """Hook: return what anonymising keeps, as a list of words."""
        return [
            self.env._("job position, stage, dates and degree"),
            self.env._("skills and score"),
            self.env._("decisions with their reasons"),
            self.env._("voluntary answers, counted by group only"),
        ]

    @api.model
    def _get_anonymised_note(self, occasion):
        """Return the statement of what was removed and kept."""
        return self.env._(
            "Anonymised %(occasion)s.\nRemoved: %(removed)s.\nKept: %(kept)s.",
            occasion=occasion,
            removed="; ".join(self._get_anonymised_removed()),
            kept="; ".join(self._get_anonymised_kept()),
        )

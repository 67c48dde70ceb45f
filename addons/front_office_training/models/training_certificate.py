import datetime
import secrets
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .. import certificate_record


class TrainingCertificate(models.Model):
    """What somebody has proved: by which steps, before whom, and until when.

    The facts are frozen the moment it is issued, with a digest of them. Only what
    happens to it afterwards is written: it expires, is renewed, or is revoked.
    """

    _name = "training.certificate"
    _description = "Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin", "training.job.mixin"]
    _order = "issued_on desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _job_error_field = "cron_error"

    # frozen
    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    enrolment_id = fields.Many2one(
        "training.enrolment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    holder_name = fields.Char(
        string="Holder", required=True, readonly=True, help="As it was when issued."
    )
    programme_id = fields.Many2one(
        "training.programme",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    programme_name = fields.Char(
        string="Name of the programme",
        required=True,
        readonly=True,
        help="As it was when issued.",
    )
    programme_version = fields.Integer(string="Version", readonly=True, aggregator=None)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    trainee_user_id = fields.Many2one(
        "res.users",
        string="Holder's user",
        readonly=True,
        help="As it was when issued; never the signer, nor who revokes.",
    )
    score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The mean of the scores of the signed steps, in percent.",
    )
    issued_on = fields.Date(string="Issued", required=True, readonly=True)
    expires_on = fields.Date(
        string="Expires",
        readonly=True,
        index="btree_not_null",
        help="The last day on which it holds; empty when it holds for good.",
    )
    signer_id = fields.Many2one(
        "res.users",
        string="Signed by",
        required=True,
        readonly=True,
        index=True,
        help="Who closed the last step that somebody judged.",
    )
    code = fields.Char(
        string="Verification code",
        required=True,
        readonly=True,
        copy=False,
        help="Whoever has it can check the certificate on the public page.",
    )
    frozen = fields.Text(string="Frozen record", required=True, readonly=True)
    digest = fields.Char(
        string="SHA-256",
        required=True,
        readonly=True,
        help="The digest of the frozen record.",
    )

    # what became of it
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked")],
        required=True,
        default="valid",
        readonly=True,
        index=True,
        copy=False,
        group_expand=True,
    )
    revoked_on = fields.Datetime(string="Revoked", readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    revoked_reason = fields.Text(
        string="Reason of the revocation", readonly=True, copy=False
    )
    renewed_by_id = fields.Many2one(
        "training.certificate",
        string="Renewed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    refresher_on = fields.Date(
        string="Refresher from",
        compute="_compute_refresher_on",
        store=True,
        help="The day from which the refresher is assigned.",
    )
    refresher_enrolment_id = fields.Many2one(
        "training.enrolment",
        string="Refresher",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    cron_error = fields.Char(
        readonly=True,
        copy=False,
        help="Why it could not be expired, or its refresher not be assigned.",
    )
    public_url = fields.Char(string="Public page", compute="_compute_public_url")
    is_intact = fields.Boolean(
        string="Unchanged",
        compute="_compute_is_intact",
        help="The record is as it was issued: its digest was computed again.",
    )
    can_revoke = fields.Boolean(compute="_compute_can_revoke")

    _code_unique = models.UniqueIndex("(code)", "This verification code is taken.")
    _name_unique = models.UniqueIndex("(name)", "This number is taken.")
    _enrolment_programme_unique = models.UniqueIndex(
        "(enrolment_id, programme_id)",
        "The enrolment has its certificate already. Reload the page to see it.",
    )
    _signer_is_not_holder = models.Constraint(
        "CHECK (trainee_user_id IS NULL OR signer_id <> trainee_user_id)",
        "Nobody signs their own certificate.",
    )
    _revoker_is_not_holder = models.Constraint(
        "CHECK (trainee_user_id IS NULL OR revoked_by_id IS NULL "
        "OR revoked_by_id <> trainee_user_id)",
        "Nobody revokes their own certificate. Ask another training manager.",
    )
    _revoked_has_reason = models.Constraint(
        "CHECK (state <> 'revoked' OR (revoked_by_id IS NOT NULL "
        "AND revoked_on IS NOT NULL AND revoked_reason IS NOT NULL))",
        "A revoked certificate has a reason. Use the button Revoke.",
    )
    _expires_after_issue = models.Constraint(
        "CHECK (expires_on IS NULL OR expires_on >= issued_on)",
        "A certificate expires after it was issued.",
    )

    # --- computes ---------------------------------------------------------------

    @api.depends("expires_on", "programme_id.refresher_days")
    def _compute_refresher_on(self):
        for certificate in self:
            days = certificate.programme_id.refresher_days
            certificate.refresher_on = (
                days
                and certificate.expires_on
                and fields.Date.subtract(certificate.expires_on, days=days)
            )

    @api.depends("code", "company_id")
    def _compute_public_url(self):
        for certificate in self:
            # sudo: the address of the server is no secret
            base_url = certificate.sudo().get_base_url()
            certificate.public_url = (
                f"{base_url}/training/certificate/{certificate.code}"
            )

    def _compute_is_intact(self):
        for certificate in self:
            certificate.is_intact = certificate._verify_digest()

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_revoke(self):
        for certificate in self:
            certificate.can_revoke = (
                certificate.state != "revoked" and certificate._may_revoke()
            )

    # --- frozen -----------------------------------------------------------------

    @api.model
    def _record_fields(self):
        """Return the names of the columns that the digest covers."""
        return [
            "name",
            "enrolment_id",
            "employee_id",
            "holder_name",
            "programme_id",
            "programme_name",
            "programme_version",
            "company_id",
            "trainee_user_id",
            "score",
            "issued_on",
            "expires_on",
            "signer_id",
            "code",
        ]

    @api.model
    def _frozen_fields(self):
        """Return the names of the fields that nobody changes after the issue."""
        return {*self._record_fields(), "frozen", "digest"}

    def write(self, vals):
        """Write what becomes of a certificate; its facts stay.

        :raises UserError: when a fact is to be changed, by whomever
        """
        frozen = sorted(vals.keys() & self._frozen_fields())
        if frozen:
            raise UserError(
                self.env._(
                    "%(certificates)s: these fields stay as they were issued: "
                    "%(fields)s. Revoke the certificate and issue a new one instead.",
                    certificates=", ".join(self.mapped("name")),
                    fields=", ".join(self._fields[name].string for name in frozen),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%s: a certificate is never deleted. Revoke it instead.",
                ", ".join(self.mapped("name")),
            )
        )

    def _verify_digest(self):
        """Whether the frozen record and the columns are as they were issued.

        The digest is computed again from the frozen text, and the text is compared
        with what the columns say, so that a change of either behind Odoo's back shows.
        """
        self.ensure_one()
        # sudo: the answer does not depend on who may read which field
        columns = self.sudo().read(self._record_fields(), load=None)[0]
        columns.pop("id")
        return certificate_record.holds(self.frozen, self.digest, columns)

    # --- issue ------------------------------------------------------------------

    @api.model
    def _issue(self, enrolments, issued_on=None, signer=None):
        """Issue what completed enrolments have earned and not been given, in one batch.

        Where nobody judged a step, nobody has vouched for the trainee: then it takes
        ``signer``, and nothing is issued without one.

        :param enrolments: ``training.enrolment`` records; those that are not completed
            are left out
        :param issued_on: the day of issue; today when not given
        :param signer: ``res.users`` record who vouches where no step was judged
        :return: the new ``training.certificate`` records, in superuser mode
        """
        # sudo: a certificate follows from the steps; nobody has the right to make one
        Certificate = self.sudo().with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        issued_on = issued_on or fields.Date.context_today(self)
        earned = [
            (enrolment, programme, judge)
            # sudo: as above
            for enrolment, programme in Certificate._get_earned(enrolments.sudo())
            if (judge := enrolment._get_last_judge() or signer)
            and judge != enrolment.trainee_user_id
        ]
        if not earned:
            return Certificate.browse()
        numbers = Certificate._draw_numbers(len(earned), issued_on)
        certificates = Certificate.create(
            [
                Certificate._prepare_certificate(number, issued_on, *what)
                for number, what in zip(numbers, earned, strict=True)
            ]
        )
        certificates._mark_renewed()
        certificates._write_skills()
        certificates._log_issue()
        return certificates

    @api.model
    def _get_earned(self, enrolments):
        """Return which certificates completed enrolments have earned and do not have.

        An enrolment earns one of its own programme, and one of each programme whose
        certificate it was assigned to refresh.

        :return: list of pairs of ``training.enrolment`` and ``training.programme``
        """
        done = enrolments.filtered(lambda enrolment: enrolment.state == "done")
        if not done:
            return []
        given = {
            (certificate.enrolment_id, certificate.programme_id)
            for certificate in self.search([("enrolment_id", "in", done.ids)])
        }
        programmes = {enrolment: enrolment.programme_id for enrolment in done}
        for certificate in self.search(
            [("refresher_enrolment_id", "in", done.ids), ("state", "!=", "revoked")]
        ):
            programmes[certificate.refresher_enrolment_id] |= certificate.programme_id
        return [
            (enrolment, programme)
            for enrolment in done
            for programme in programmes[enrolment]
            if programme.issues_certificate and (enrolment, programme) not in given
        ]

    @api.model
    def _draw_numbers(self, count, issued_on):
        """Return that many numbers of the sequence, of the year of issue."""
        sequence = (
            self.env.ref("front_office_training.sequence_training_certificate")
            # sudo: the number is drawn for whoever signs the last step
            .sudo()
            .with_context(ir_sequence_date=issued_on)
        )
        return [sequence.next_by_id(issued_on) for _number in range(count)]

    @api.model
    def _prepare_certificate(self, number, issued_on, enrolment, programme, signer):
        """Return the values of a certificate, with its frozen record and digest."""
        issued_on = fields.Date.to_date(issued_on)
        signed = enrolment.step_ids.filtered(lambda step: step.state == "signed")
        vals = {
            "name": number,
            "enrolment_id": enrolment.id,
            "employee_id": enrolment.employee_id.id,
            "holder_name": enrolment.employee_id.name,
            "programme_id": programme.id,
            "programme_name": programme.name,
            "programme_version": enrolment.programme_version
            if programme == enrolment.programme_id
            else programme.version,
            "company_id": enrolment.company_id.id,
            "trainee_user_id": enrolment.trainee_user_id.id,
            "score": certificate_record.mean_score(signed.mapped("score")),
            "issued_on": issued_on,
            "expires_on": certificate_record.last_day(
                issued_on, programme.validity_months
            )
            or False,
            "signer_id": signer.id,
            # 192 bits: nobody finds one by trying
            "code": secrets.token_urlsafe(24),
        }
        record = {
            "certificate": {name: vals[name] for name in self._record_fields()},
            **self._prepare_record(enrolment, programme, signer),
        }
        frozen = certificate_record.canonical_json(record)
        return {**vals, "frozen": frozen, "digest": certificate_record.digest(frozen)}

    @api.model
    def _prepare_record(self, enrolment, programme, signer):
        """Return the part of the frozen record that has no column: the evidence."""
        return {
            "company": enrolment.company_id.name,
            "signer": signer.name,
            "taken": {
                "programme": enrolment.programme_id.name,
                "version": enrolment.programme_version,
                "started_on": enrolment.start_date,
                "completed_on": enrolment.completed_on,
            },
            "skills": [
                {"skill": line.skill_id.name, "level": line.skill_level_id.name}
                for line in programme.skill_ids
            ],
            "steps": [
                self._prepare_record_step(step)
                for step in enrolment.step_ids.sorted(lambda s: (s.sequence, s.id))
            ],
        }

    @api.model
    def _prepare_record_step(self, step):
        """Return what the frozen record holds of one step."""
        acknowledgement = {}
        if step.acknowledge:
            acknowledgement = {
                "acknowledged_on": step.acknowledged_on,
                "acknowledged_by": step.acknowledged_by_id.name,
                "acknowledgement_waived_on": step.acknowledgement_waived_on,
                "acknowledgement_waived_by": step.acknowledgement_waived_by_id.name,
                "acknowledgement_waived_reason": step.acknowledgement_waived_reason,
            }
        return {
            **acknowledgement,
            "name": step.name,
            "mandatory": step.mandatory,
            "state": step.state,
            "score": step.score,
            "attempts": step.attempts,
            "done_on": step.done_on,
            "signer_id": step.signed_by_id.id,
            "signer": step.signed_by_id.name,
            "signed_on": step.signed_on,
        }

    def _mark_renewed(self):
        """Point the holders' earlier certificates of the programmes at these ones."""
        latest = {
            (certificate.employee_id, certificate.programme_id): certificate
            for certificate in self.sorted("issued_on")
        }
        earlier = self.search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("programme_id", "in", self.programme_id.ids),
                ("id", "not in", self.ids),
                ("renewed_by_id", "=", False),
                ("state", "!=", "revoked"),
            ]
        )
        renewed = self.browse()
        for (employee, programme), old in earlier.grouped(
            lambda certificate: (certificate.employee_id, certificate.programme_id)
        ).items():
            if new := latest.get((employee, programme)):
                old.renewed_by_id = new
                renewed += old
        renewed._clear_activities()

    def _log_issue(self):
        """Say in the chatter of the enrolments which certificates were issued."""
        numbers = defaultdict(list)
        for certificate in self:
            numbers[certificate.enrolment_id.id].append(certificate.name)
        self.enrolment_id._message_log_batch(
            {
                enrolment_id: self.env._("Certificate issued: %s", ", ".join(names))
                for enrolment_id, names in numbers.items()
            }
        )

    # --- skills -----------------------------------------------------------------

    def _write_skills(self):
        """Raise the holders' skills to what the programmes lead to, until the expiry.

        A skill that is held at a higher level stays as it is, and so does one at the
        same level that lasts as long.
        """
        # The day that hr_skills itself takes as today when it ends the earlier line:
        # a day in the user's time zone could overlap with that.
        today = fields.Date.today()
        current = self.filtered(
            lambda certificate: not certificate.expires_on
            or certificate.expires_on >= today
        )
        if not current.programme_id.skill_ids:
            return
        held = current._get_held_skills(today)
        wanted = {}
        for certificate in current:
            for line in certificate.programme_id.skill_ids:
                key = (certificate.employee_id, line.skill_id)
                rank = (
                    line.level_progress,
                    certificate.expires_on or datetime.date.max,
                )
                if rank > max(held[key], wanted.get(key, ((0,), None))[0]):
                    wanted[key] = (rank, certificate._prepare_skill(line, today))
        Skill = self.env["hr.employee.skill"]
        values = [skill_vals for _rank, skill_vals in wanted.values()]
        if values:
            Skill._apply_skill_commands(Skill._create_individual_skills(values))

    def _get_held_skills(self, today):
        """Return how far and how long the holders have each skill of the programmes.

        :return: dict of (``hr.employee``, ``hr.skill``) to (progress, last day)
        """
        held = defaultdict(lambda: (0,))
        for skill in self.env["hr.employee.skill"].search(
            Domain("employee_id", "in", self.employee_id.ids)
            & Domain("skill_id", "in", self.programme_id.skill_ids.skill_id.ids)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
        ):
            key = (skill.employee_id, skill.skill_id)
            rank = (skill.level_progress, skill.valid_to or datetime.date.max)
            held[key] = max(held[key], rank)
        return held

    def _prepare_skill(self, line, valid_from):
        """Return the values of the skill of a programme for the holder."""
        self.ensure_one()
        return {
            "employee_id": self.employee_id.id,
            "skill_id": line.skill_id.id,
            "skill_type_id": line.skill_type_id.id,
            "skill_level_id": line.skill_level_id.id,
            "valid_from": valid_from,
            "valid_to": self.expires_on,
            "certificate_id": self.id,
        }

    def _withdraw_skills(self):
        """End the skills that these certificates wrote.

        What another certificate of the same people vouches for is written from that.
        """
        Skill = self.env["hr.employee.skill"]
        today = fields.Date.today()
        skills = Skill.search(
            Domain("certificate_id", "in", self.ids)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
        )
        Skill._apply_skill_commands(skills._expire_individual_skills())
        self.search(
            Domain("employee_id", "in", self.employee_id.ids)
            & self._get_current_domain()
        )._write_skills()

    # --- who is certified -------------------------------------------------------

    @api.model
    def _get_current_domain(self, date=None):
        """Return the domain of the certificates that hold on a day.

        The dates decide, not the state: it turns to *expired* only when the scheduled
        action has run.

        :param date: the day; today when not given
        """
        date = date or fields.Date.context_today(self)
        return (
            Domain("state", "!=", "revoked")
            & Domain("issued_on", "<=", date)
            & (Domain("expires_on", "=", False) | Domain("expires_on", ">=", date))
        )

    @api.model
    def _get_current_pairs(self, employees, programmes, date=None):
        """Return who holds a current certificate of which programme, in one query.

        :return: set of (``hr.employee``, ``training.programme``)
        """
        if not employees or not programmes:
            return set()
        # sudo: whether somebody is certified does not depend on who may see the
        # certificates; the employees, of whatever company, bound the answer
        groups = self.sudo()._read_group(
            Domain("employee_id", "in", employees.ids)
            & Domain("programme_id", "in", programmes.ids)
            & self._get_current_domain(date),
            ["employee_id", "programme_id"],
        )
        return {
            (employee.with_env(self.env), programme.with_env(self.env))
            for employee, programme in groups
        }

    def _get_status(self):
        """Return ``valid``, ``expired`` or ``revoked`` as of today, by the dates."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.state != "revoked" and self.expires_on and self.expires_on < today:
            return "expired"
        return self.state if self.state == "revoked" else "valid"

    def _get_public_values(self):
        """Return all that the public page may show.

        :return: dict of plain values, no records
        """
        self.ensure_one()
        return {
            "holder": self.holder_name,
            "programme": self.programme_name,
            "version": self.programme_version,
            # the month in letters: a stranger reads 10/11 in another order
            "issued_on": format_date(self.env, self.issued_on, date_format="long"),
            "expires_on": self.expires_on
            and format_date(self.env, self.expires_on, date_format="long"),
            "status": self._get_status(),
            "intact": self._verify_digest(),
            "digest": self.digest,
        }

    # --- revocation -------------------------------------------------------------

    def _may_revoke(self):
        """Whether the user may revoke this: a training manager, never the holder."""
        self.ensure_one()
        # sudo: the user of an employee is for HR officers
        holders = self.trainee_user_id | self.sudo().employee_id.user_id
        return self.env.user not in holders and self.env.user.has_group(
            "front_office_training.group_training_manager"
        )

    def action_open_revoke(self):
        """Ask for the reason, then revoke."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "front_office_training.training_certificate_revoke_action"
            ),
            "context": {"default_certificate_ids": self.ids},
        }

    def _revoke(self, reason):
        """Revoke certificates: they no longer count, nor do the skills they wrote.

        :param reason: why, kept on the certificate and in its chatter
        :raises AccessError: when the user is no training manager, or the holder
        :raises UserError: when one is revoked already, or the reason is empty
        """
        self.check_access("read")
        for certificate in self:
            if not certificate._may_revoke():
                raise AccessError(
                    self.env._(
                        "%s: only a training manager revokes a certificate, and never "
                        "their own.",
                        certificate.name,
                    )
                )
            if certificate.state == "revoked":
                raise UserError(self.env._("%s is revoked already.", certificate.name))
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason before you revoke."))
        # sudo: the right is checked above, and nobody else may write
        certificates = self.sudo()
        certificates.write(
            {
                "state": "revoked",
                "revoked_on": fields.Datetime.now(),
                "revoked_by_id": self.env.uid,
                "revoked_reason": reason,
            }
        )
        # What they renewed stands on its own feet again.
        certificates.search([("renewed_by_id", "in", self.ids)]).renewed_by_id = False
        certificates._withdraw_skills()
        certificates._clear_activities()
        certificates._message_log_batch(
            {
                certificate.id: self.env._("Revoked: %s", reason)
                for certificate in certificates
            }
        )

    # --- expiry and refresher ---------------------------------------------------

    @api.model
    def _cron_expire(self, batch_size=500):
        """Let certificates expire, and assign the refreshers that are due.

        Running it twice changes nothing: an expired certificate is no longer valid,
        and one with a refresher has it.

        :param batch_size: certificates per transaction
        """
        self._work_in_batches(
            [
                (self._get_expired_domain(), "_expire"),
                (self._get_refresher_domain(), "_assign_refreshers"),
            ],
            batch_size,
        )

    @api.model
    def _get_expired_domain(self):
        """Return the domain of certificates that hold no more but still say *valid*."""
        return Domain("state", "=", "valid") & Domain(
            "expires_on", "<", fields.Date.context_today(self)
        )

    def _expire(self):
        """Let these certificates expire; tell whoever is responsible."""
        self.write({"state": "expired"})
        self._message_log_batch(
            {
                certificate.id: self.env._(
                    "Expired: it was valid until %s.",
                    format_date(self.env, certificate.expires_on),
                )
                for certificate in self
            }
        )
        activity_type = self._get_activity_type()
        model_id = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "summary": self.env._(
                        "%(programme)s: %(holder)s is no longer certified",
                        programme=certificate.programme_id.name,
                        holder=certificate.holder_name,
                    ),
                    "date_deadline": today,
                    "res_model_id": model_id,
                    "res_id": certificate.id,
                    "user_id": certificate.programme_id.responsible_id.id,
                    "automated": True,
                }
                for certificate in self
                if not certificate.renewed_by_id
                and certificate.employee_id.active
                and certificate.programme_id.responsible_id.active
            ]
        )

    @api.model
    def _get_activity_type(self):
        return self.env.ref("front_office_training.mail_activity_type_expired")

    def _clear_activities(self):
        """Remove the notes about the expiry: there is nothing left to do."""
        # sudo: the activities belong to other people
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self._get_activity_type().id),
            ]
        ).unlink()

    @api.model
    def _get_refresher_domain(self):
        """Return the domain of certificates whose refresher is to be assigned."""
        return (
            Domain("refresher_on", "<=", fields.Date.context_today(self))
            & Domain("state", "in", ("valid", "expired"))
            & Domain("refresher_enrolment_id", "=", False)
            & Domain("renewed_by_id", "=", False)
            & Domain("employee_id.active", "=", True)
        )

    def _assign_refreshers(self):
        """Enrol the holders in the refresher of the programme, once a certificate.

        Whoever has the refresher under way already is not enrolled again: that
        enrolment is taken as the refresher.

        :raises UserError: when a refresher is not published, or is for another company
        """
        for programme, certificates in self.grouped("programme_id").items():
            refresher = programme.refresher_id or programme
            refresher._enrol(certificates.employee_id)
            running = {
                enrolment.employee_id: enrolment
                for enrolment in self.env["training.enrolment"].search(
                    [
                        ("programme_id", "=", refresher.id),
                        ("employee_id", "in", certificates.employee_id.ids),
                        ("state", "=", "running"),
                    ]
                )
            }
            for certificate in certificates:
                if certificate.employee_id not in running:
                    raise UserError(
                        self.env._(
                            "%(certificate)s: %(holder)s cannot take the refresher "
                            "“%(programme)s”, which is for another company.",
                            certificate=certificate.name,
                            holder=certificate.holder_name,
                            programme=refresher.name,
                        )
                    )
                certificate.refresher_enrolment_id = running[certificate.employee_id]

    # --- actions ----------------------------------------------------------------

    def action_open_public_page(self):
        """Open the page that a stranger sees."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.public_url, "target": "new"}

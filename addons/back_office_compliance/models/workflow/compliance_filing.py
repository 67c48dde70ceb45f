from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..compliance_filing import OPEN_STATES

PREPARER = "back_office_compliance.group_compliance_preparer"
REVIEWER = "back_office_compliance.group_compliance_reviewer"
MANAGER = "back_office_compliance.group_compliance_manager"
ACTIVITY = "back_office_compliance.mail_activity_type_filing_step"
# What is put up, registered or renewed comes back without a number.
WITHOUT_RECEIPT = ("posting", "registration", "licence")


class ComplianceFiling(models.Model):
    """Who does what with a filing, and when it is refused."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    # --- actions ----------------------------------------------------------------------

    def action_compute(self):
        """Compute the amounts from the ledger again.

        :raises UserError: for a filing that is not to be prepared
        """
        self._check_may(PREPARER, "to_prepare")
        self._compute_amounts()

    def action_run_checks(self):
        """Run the checks that gate the filing, and open what they found.

        :raises UserError: when no check gates it, with what to do
        """
        self.ensure_one()
        self._check_may(PREPARER, *OPEN_STATES)
        runs = self.env["compliance.run"]
        if not runs._get_checks(self.company_id, self):
            raise UserError(runs._explain_no_gates(self))
        self._run_gating_checks()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%(filing)s: findings", filing=self.name),
            "res_model": "compliance.finding",
            "view_mode": "list,form",
            "domain": [("id", "in", self._gate_findings().ids)],
        }

    def action_prepare(self):
        """Hand what is prepared to the reviewer, with the amounts of today's ledger."""
        self._check_may(PREPARER, "to_prepare")
        self._compute_amounts()
        for filing in self:
            # sudo: the state and who prepared it are written by actions only
            filing.sudo().write(
                {
                    "state": "review",
                    "prepared_by_id": self.env.uid,
                    "contributor_ids": [fields.Command.link(self.env.uid)],
                    "preparer_id": filing.preparer_id.id or self.env.uid,
                }
            )
            filing._hand_over(filing.reviewer_id, self.env._("Review"))

    def action_review(self):
        """Approve what somebody else prepared.

        :raises UserError: for those who prepared it or entered its figures
        """
        self._check_may(REVIEWER, "review")
        for filing in self:
            if self.env.user in filing.prepared_by_id | filing.contributor_ids:
                raise UserError(
                    self.env._(
                        "You prepared %(filing)s, or entered its figures: its reviewer "
                        "has to be somebody else.",
                        filing=filing.name,
                    )
                )
            # sudo: the state and who reviewed it are written by actions only
            filing.sudo().write(
                {
                    "state": "ready",
                    "reviewed_by_id": self.env.uid,
                    "reviewer_id": filing.reviewer_id.id
                    or (filing.preparer_id != self.env.user and self.env.uid),
                }
            )
            filing._hand_over(filing.reviewer_id, self.env._("File"))

    def action_file(self):
        """Record that the filing is filed, and freeze what was filed.

        :raises UserError: naming what is missing, or which checks have not passed
        """
        self._check_may(REVIEWER, "ready")
        for filing in self:
            filing._check_complete()
            filing._check_gate()
            filing._check_figures()
            filing._freeze()
            filing._hand_over(self.env["res.users"], "")
            filing._close_reminders()
            if filing.amends_id:
                # sudo: the state of what is amended is written by actions only
                filing.amends_id.sudo().state = "amended"

    def action_accept(self):
        """Record that the authority accepted the filing."""
        self._check_may(REVIEWER, "filed")
        # sudo: the state is written by actions only
        self.sudo().write(
            {"state": "accepted", "accepted_on": fields.Date.context_today(self)}
        )

    def action_amend(self):
        """Start the amendment of a filing, or open the one that is under way.

        :return: the action that opens the amendment
        """
        self.ensure_one()
        self._check_may(PREPARER, "filed", "accepted", "rejected")
        amendment = self.amendment_ids[:1] or self._create_amendment()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": amendment.id,
            "view_mode": "form",
        }

    # --- what a reason belongs to, from the wizard ------------------------------------

    def _send_back(self, reason):
        """Send a filing back by one state; an override ends with it.

        :param str reason: why, for the person who gets it back
        """
        self._check_may(PREPARER, "review", "ready")
        for filing in self:
            if filing.state == "ready":
                filing._check_may(REVIEWER, "ready")
            state = {"review": "to_prepare", "ready": "review"}[filing.state]
            values = {
                "state": state,
                "reviewed_by_id": False,
                "override_by_id": False,
                "override_reason": False,
                "override_covers": False,
            }
            if state == "to_prepare":
                values["prepared_by_id"] = False
            # sudo: the state is written by actions only
            filing.sudo().write(values)
            user = filing.preparer_id if state == "to_prepare" else filing.reviewer_id
            filing._hand_over(user, self.env._("Sent back"), reason)

    def _override(self, reason):
        """Let a filing be filed although its checks have not passed.

        The checks are run first: the override covers what they find now, and the checks
        without an answer. What is found later stops the filing again.

        :param str reason: why, in writing
        :raises UserError: for those who prepared or reviewed it
        """
        self._check_may(MANAGER, "ready")
        for filing in self:
            involved = filing.prepared_by_id | filing.reviewed_by_id
            if self.env.user in involved | filing.contributor_ids:
                raise UserError(
                    self.env._(
                        "You prepared or reviewed %(filing)s, or entered its figures: "
                        "its override takes another manager.",
                        filing=filing.name,
                    )
                )
            filing._run_gating_checks()
            # sudo: an override is written by actions only
            filing.sudo().write(
                {
                    "override_by_id": self.env.uid,
                    "override_reason": reason,
                    "override_covers": filing._get_what_stands(),
                }
            )
            filing._log_reason(self.env._("Override of the checks"), reason)

    def _reject(self, reason):
        """Record that the authority rejected the filing, and why."""
        self._check_may(REVIEWER, "filed")
        for filing in self:
            # sudo: the state is written by actions only
            filing.sudo().write({"state": "rejected", "rejection_reason": reason})
            filing._hand_over(
                filing.preparer_id, self.env._("Rejected: amend it"), reason
            )

    # --- checks -----------------------------------------------------------------------

    def _check_may(self, group, *states):
        """Check the user's group and the state of every filing.

        :param str group: the external id of the group that it takes
        :param states: the states in which it can be done
        :raises AccessError: without the group, or without access to the filing
        :raises UserError: in another state
        """
        # an own check, since the actions go on as superuser
        self.check_access("write")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "This step of %(filing)s takes a %(group)s of compliance.",
                    filing=", ".join(self.mapped("name")),
                    group=self.env.ref(group).sudo().name,  # sudo: a name for a message
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for filing in self:
            if filing.state not in states:
                raise UserError(
                    self.env._(
                        "%(filing)s is %(state)s; this can be done only when it is "
                        "%(states)s.",
                        filing=filing.name,
                        state=filing._get_state_label(),
                        states=" / ".join(labels[state].lower() for state in states),
                    )
                )

    def _check_complete(self):
        """Check what a filing needs before it is filed.

        :raises UserError: naming the filing and the field
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        problem = ""
        if not self.filed_on:
            problem = self.env._("Fill in 'Filed on': the day it reached the authority")
        elif self.filed_on > today:
            problem = self.env._("'Filed on' lies in the future: %s", self.filed_on)
        elif not self.receipt_number and self.kind not in WITHOUT_RECEIPT:
            problem = self.env._("Fill in 'Receipt Number', as the authority gave it")
        elif self.obligation_id.evidence_required and not self.evidence_ids:
            problem = self.env._(
                "Add a file under 'Evidence': %s demands proof", self.obligation_id.name
            )
        elif not self.prepared_by_id or not self.reviewed_by_id:
            problem = self.env._("It was not prepared and reviewed by two people")
        if problem:
            raise UserError(
                self.env._(
                    "%(filing)s cannot be filed. %(problem)s.",
                    filing=self.name,
                    problem=problem,
                )
            )

    def _run_gating_checks(self):
        """Run the checks that gate the filing, for its period."""
        self.ensure_one()
        # sudo: checks read what the person who files may not, and keep it in findings
        checks = self.env["compliance.check"].sudo()
        checks._run_checks(self.company_id, trigger="filing", filing=self.sudo())

    def _check_gate(self):
        """Check that the gating checks have passed, or that a manager overrode them.

        An override covers what stood when it was written, and nothing that came later.

        :raises UserError: naming the checks
        """
        self.ensure_one()
        self._run_gating_checks()
        findings, unproven = self._gate_findings(), self._gate_unproven()
        if self.override_by_id:
            findings, unproven = self._leave_out_covered(findings, unproven)
        failed = findings.check_id
        if not failed and not unproven:
            return
        # sudo: the names of the checks, which are no secret
        names = ", ".join(check.name for check in (failed | unproven).sudo())
        if self.override_by_id:
            raise UserError(
                self.env._(
                    "%(filing)s cannot be filed: the override by %(manager)s does not "
                    "cover what these checks have found since it was written: "
                    "%(checks)s. Resolve it, or ask a manager who neither prepared nor "
                    "reviewed it to override the checks again.",
                    filing=self.name,
                    manager=self.override_by_id.sudo().name,  # sudo: a name
                    checks=names,
                )
            )
        raise UserError(
            self.env._(
                "%(filing)s cannot be filed: these checks have not passed: "
                "%(checks)s. Run the checks, resolve what they found, or ask a "
                "manager who neither prepared nor reviewed it for an override.",
                filing=self.name,
                checks=names,
            )
        )

    def _get_what_stands(self):
        """Return what an override written now covers, for ``_leave_out_covered``.

        A finding that was resolved and comes back is another one: its number of
        returns tells.
        """
        self.ensure_one()
        return {
            "findings": {
                str(finding.id): finding.reopened for finding in self._gate_findings()
            },
            "checks": self._gate_unproven().ids,
        }

    def _leave_out_covered(self, findings, unproven):
        """Return the findings, and checks without an answer, that came afterwards."""
        # sudo: nobody reads the column
        covers = self.sudo().override_covers or {}
        known = covers.get("findings", {})
        return (
            findings.filtered(lambda f: known.get(str(f.id)) != f.reopened),
            unproven.filtered(lambda check: check.id not in covers.get("checks", [])),
        )

    def _check_figures(self):
        """Check that the ledger still gives what was reviewed.

        :raises UserError: when it gives other amounts now
        """
        self.ensure_one()
        reviewed = {line.code: (line.amount, line.item_count) for line in self.line_ids}
        before = self.amount_computed
        self._compute_amounts()
        now = {line.code: (line.amount, line.item_count) for line in self.line_ids}
        if reviewed != now:
            raise UserError(
                self.env._(
                    "%(filing)s cannot be filed: the ledger has changed since the "
                    "review. Reviewed was %(before)s, now it gives %(now)s. Send it "
                    "back and prepare it again.",
                    filing=self.name,
                    before=self.currency_id.format(before),
                    now=self.currency_id.format(self.amount_computed),
                )
            )

    # --- the rest ---------------------------------------------------------------------

    def _create_amendment(self):
        """Create the filing that amends this one, with the amounts of today.

        :rtype: compliance.filing
        """
        self.ensure_one()
        # sudo: the link and the number of an amendment are written by actions only
        amendment = self.sudo().create(
            {
                "company_id": self.company_id.id,
                "obligation_id": self.obligation_id.id,
                "rule_id": self.rule_id.id,
                "period_start": self.period_start,
                "period_end": self.period_end,
                "event_key": self.sudo().event_key,  # sudo: nobody reads it
                "due_date": self.due_date,
                "internal_date": self.internal_date,
                "preparer_id": self.preparer_id.id,
                "reviewer_id": self.reviewer_id.id,
                "amends_id": self.id,
                "amendment_number": self.amendment_number + 1,
            }
        )
        amendment = amendment.with_env(self.env)
        amendment._compute_amounts()
        amendment._hand_over(amendment.preparer_id, self.env._("Prepare the amendment"))
        return amendment

    def _hand_over(self, user, summary, note=""):
        """Close the activity of whoever was at it, and give the next one theirs.

        :param user: who is next; none when nobody is, or nobody is named
        :param str summary: what is to be done
        :param str note: the reason, which is logged as well
        """
        self.ensure_one()
        self.activity_feedback([ACTIVITY])
        if note:
            self._log_reason(summary, note)
        if user:
            self.activity_schedule(
                ACTIVITY,
                date_deadline=max(self.internal_date, fields.Date.context_today(self)),
                summary=f"{summary}: {self.name}",
                note=note,
                user_id=user.id,
            )

    def _log_reason(self, what, reason):
        self.message_post(
            body=self.env._("%(what)s: %(reason)s", what=what, reason=reason)
        )

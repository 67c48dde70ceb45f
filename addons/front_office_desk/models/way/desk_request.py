from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, plaintext2html

from ..desk_request import BACK, BACK_GROUP


class DeskRequest(models.Model):
    """The way of a request through the offices: each step has its button."""

    _inherit = "desk.request"  # pylint: disable=consider-merging-classes-inherited

    def _is_colleague(self):
        """Whether the user works for the request's team."""
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group("front_office_desk.group_desk_manager"):
            return True
        return user in self.team_id.member_ids + self.team_id.user_id

    def _check_state(self, states, verb):
        """Refuse what doesn't fit to where the requests are.

        :param states: the states in which it is allowed
        :param verb: what is tried, for the message
        :raise UserError: naming the request and who has it
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            if request.state in states:
                continue
            holder = request.user_id or request.front_user_id
            raise UserError(
                self.env._(
                    "%(request)s can't be %(verb)s: it is %(state)s, and "
                    "%(person)s has it.",
                    request=request.display_name,
                    verb=verb,
                    state=labels[request.state].lower(),
                    person=holder.name,
                )
            )

    def _check_back(self, verb):
        """Refuse whoever doesn't work for the team."""
        for request in self:
            if not self.env.user.has_group(BACK_GROUP) or not request._is_colleague():
                raise UserError(
                    self.env._(
                        "%(request)s can be %(verb)s by the team %(team)s only.",
                        request=request.display_name,
                        verb=verb,
                        team=request.team_id.name,
                    )
                )

    def action_hand_over(self):
        """Give requests to the back office and start both clocks.

        One that was answered goes there again where the customer is not content.

        :raise UserError: when no team is chosen, or an invoice line is missing
        """
        self.check_access("write")
        self._check_state(("new", "returned", "answered"), self.env._("handed over"))
        for request in self:
            if not request.team_id:
                raise UserError(
                    self.env._(
                        "%s: choose the team that it is handed over to.",
                        request.display_name,
                    )
                )
            if request.kind == "invoice_line" and not request.invoice_line_id:
                raise UserError(
                    self.env._(
                        "%s: choose the invoice line that the customer asks about.",
                        request.display_name,
                    )
                )
        # sudo: states and clocks are written by the buttons only
        self.sudo().write(
            {
                "state": "handed",
                "handed_on": fields.Datetime.now(),
                "handed_by_id": self.env.uid,
                "user_id": False,
                "accepted_on": False,
                "answered_on": False,
                "answer": False,
                "return_reason": False,
                "alarm": False,
            }
        )
        # sudo: as above; only the time of the team is read
        self.sudo()._refresh_clocks()
        return True

    def action_accept(self):
        """Take requests over; of two people at once one wins.

        :raise UserError: when somebody else was quicker, or is in the same moment
        """
        self.check_access("read")
        self._check_back(self.env._("accepted"))
        locked = self.try_lock_for_update()
        for request in self - locked:
            raise UserError(
                self.env._(
                    "%s is being accepted by somebody else in this moment. Load the "
                    "page again to see by whom.",
                    request.display_name,
                )
            )
        self.invalidate_recordset(["state", "user_id"])
        self._check_state(("handed",), self.env._("accepted"))
        # sudo: states and clocks are written by the buttons only
        self.sudo().write(
            {
                "state": "accepted",
                "user_id": self.env.uid,
                "accepted_on": fields.Datetime.now(),
            }
        )
        self._end_alarms()
        return True

    def action_start(self):
        """Say that the work has begun."""
        self.check_access("read")
        self._check_back(self.env._("started"))
        self._check_state(("accepted",), self.env._("started"))
        # sudo: states are written by the buttons only
        self.sudo().state = "work"
        return True

    def action_return(self, reason):
        """Give requests back to the front office.

        :param reason: what is missing, for the front office
        :raise UserError: without a reason
        """
        self.check_access("read")
        self._check_back(self.env._("returned"))
        self._check_state(("handed", *BACK), self.env._("returned"))
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%s: write what is missing before you return it.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        # sudo: states and clocks are written by the buttons only
        requests = self.sudo()
        requests._resume()
        requests.write(
            {
                "state": "returned",
                "user_id": False,
                "return_reason": reason.strip(),
                **dict.fromkeys(
                    ("accept_due", "accept_warn", "answer_due", "answer_warn"), False
                ),
            }
        )
        self._end_alarms()
        for request in requests:
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Returned by the back office"),
                note=plaintext2html(reason.strip()),
                user_id=request.front_user_id.id,
            )
        return True

    def action_await_customer(self, question=None):
        """Stop the clock of the answer until the customer says something.

        :param question: what the customer is asked; sent to them where it is given
        """
        self.check_access("read")
        self._check_back(self.env._("stopped"))
        self._check_state(BACK, self.env._("stopped"))
        # sudo: states and clocks are written by the buttons only
        self.sudo()._await(question)
        return True

    def _await(self, question=None):
        """Stop the clock of the answer, and ask the customer where there is a text."""
        waiting = self.filtered(lambda each: not each.is_awaiting)
        pauses = self.env["desk.request.pause"]
        pauses.with_context(clean_context(self.env.context)).create(
            [
                {
                    "request_id": request.id,
                    "date_start": fields.Datetime.now(),
                    "note": question,
                }
                for request in waiting
            ]
        )
        waiting.is_awaiting = True
        waiting._refresh_clocks()
        if question:
            for request in self:
                request._tell_customer(question)

    def action_customer_answered(self):
        """Let the clock of the answer run again."""
        self.check_access("write")
        # sudo: states and clocks are written by the buttons only
        self.sudo()._resume()
        return True

    def _resume(self):
        """End the pauses that go on."""
        waiting = self.filtered("is_awaiting")
        pauses = waiting.pause_ids.filtered(lambda pause: not pause.date_stop)
        pauses.date_stop = fields.Datetime.now()
        waiting.is_awaiting = False
        waiting._refresh_clocks()

    def action_answer(self, answer):
        """Tell the customer the answer.

        :param answer: plain text; the customer reads it
        :raise UserError: without a text
        """
        self.ensure_one()
        self.check_access("read")
        self._check_back(self.env._("answered"))
        self._check_state(BACK, self.env._("answered"))
        if not (answer or "").strip():
            raise UserError(
                self.env._("%s: write the answer first.", self.display_name)
            )
        # sudo: states and clocks are written by the buttons only
        request = self.sudo()
        request._resume()
        request.write(
            {
                "state": "answered",
                "answer": answer.strip(),
                "answered_on": fields.Datetime.now(),
            }
        )
        self._end_alarms()
        request._tell_customer(answer.strip())
        return True

    def _tell_customer(self, text):
        """Send a text to the customer, in the name of the user."""
        self.ensure_one()
        self.message_post(
            body=plaintext2html(text),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.user.partner_id.id,
        )

    def action_close(self):
        """Close requests and ask the customer how satisfied they are.

        :raise UserError: when a complaint has no cause, or neither an improvement nor
            a reason why there is none
        """
        self.check_access("write")
        self._check_state(("answered",), self.env._("closed"))
        for request in self.filtered(lambda each: each.kind == "complaint"):
            request._check_improved()
        # sudo: states and clocks are written by the buttons only
        self.sudo().write(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "closed_by_id": self.env.uid,
            }
        )
        self._ask_rating()
        return True

    def _check_improved(self):
        self.ensure_one()
        if not self.cause_id:
            raise UserError(
                self.env._(
                    "%s: a complaint closes with its cause. Choose one.",
                    self.display_name,
                )
            )
        if not self.improvement_ids and not (self.no_improvement_reason or "").strip():
            raise UserError(
                self.env._(
                    "%s: add an improvement, or write why nothing is improved.",
                    self.display_name,
                )
            )

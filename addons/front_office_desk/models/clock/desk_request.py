from datetime import timedelta

from pytz import utc

from odoo import api, fields, models
from odoo.fields import Domain

from ...working_clock import due
from ..desk_request import BACK

# how far ahead the working hours are read, in days; then the next longer
HORIZONS = (30, 120, 730)
ALARM_BATCH = 200
ACTIVITY = "front_office_desk.mail_activity_type_request_late"


class DeskRequest(models.Model):
    """The two clocks of a request, and the warnings when they run out."""

    _inherit = "desk.request"  # pylint: disable=consider-merging-classes-inherited

    def _refresh_clocks(self):
        """Write when requests have to be accepted and answered.

        The working hours of each calendar are read once, whatever the number of
        requests.
        """
        for calendar, requests in self.grouped(
            lambda each: each.team_id.resource_calendar_id
        ).items():
            started = requests.filtered("handed_on")
            for horizon in HORIZONS:
                if not started:
                    break
                intervals = calendar._desk_intervals(
                    min(started.mapped("handed_on")),
                    max(started.mapped("handed_on")) + timedelta(days=horizon),
                )
                started = started._write_clocks(intervals)

    def _write_clocks(self, intervals):
        """Write the clocks as far as the working hours suffice.

        :param intervals: pairs of aware moments
        :return: the requests for which they don't
        """
        short = self.browse()
        for request in self:
            start = utc.localize(request.handed_on)
            pauses = [
                (
                    utc.localize(pause.date_start),
                    pause.date_stop and utc.localize(pause.date_stop),
                )
                for pause in request.pause_ids
                if pause.date_stop is False or pause.date_stop >= request.handed_on
            ]
            kind = request.type_id
            vals = {}
            for name, hours, stops in (
                ("accept", kind.acceptance_hours, []),
                ("answer", kind.answer_hours, pauses),
            ):
                for field, share in (
                    (f"{name}_warn", kind.warn_share),
                    (f"{name}_due", 1),
                ):
                    amount = timedelta(hours=hours * share)
                    vals[field] = due(intervals, start, amount, stops)
            if not request.is_awaiting and None in vals.values():
                short |= request
            request.write(
                {
                    name: moment and moment.replace(tzinfo=None, microsecond=0)
                    for name, moment in vals.items()
                }
            )
        return short

    def _cron_alarms(self):
        """Warn before a clock runs out, and tell the leader after it did."""
        now = fields.Datetime.now()
        domain = Domain("state", "in", ("handed", *BACK))
        todo = Domain.FALSE
        for alarm, wanted in self._alarm_domains(now):
            earlier = [name for name, _label in self._fields["alarm"].selection]
            earlier = earlier[: earlier.index(alarm)]
            todo |= wanted & Domain("alarm", "in", [False, *earlier])
        remaining = self.search_count(domain & todo)
        while requests := self.search(domain & todo, limit=ALARM_BATCH, order="id"):
            requests = requests.try_lock_for_update()
            if not requests:
                break
            requests._send_alarms(now)
            remaining = max(0, remaining - len(requests))
            if not self.env["ir.cron"]._commit_progress(
                len(requests), remaining=remaining
            ):
                break

    @api.model
    def _alarm_domains(self, now):
        """Return each alarm and the domain of requests that have earned it."""
        handed = Domain("state", "=", "handed")
        return [
            ("1_accept", handed & Domain("accept_warn", "<=", now)),
            ("2_accept", handed & Domain("accept_due", "<=", now)),
            # nobody holds a request that is not accepted, and its leader is told of
            # that clock first
            (
                "3_answer",
                Domain("state", "in", BACK) & Domain("answer_warn", "<=", now),
            ),
            ("4_answer", Domain("answer_due", "<=", now)),
        ]

    def _send_alarms(self, now):
        """Write the highest alarm that each request has earned, and tell people."""
        for alarm, wanted in reversed(self._alarm_domains(now)):
            earned = self.filtered_domain(wanted)
            self -= earned
            earned.alarm = alarm
            is_late = alarm.startswith(("2", "4"))
            for request in earned:
                leader = request.team_id.user_id or request.front_user_id
                holder = request.user_id or leader
                request.activity_schedule(
                    ACTIVITY,
                    summary=request._get_alarm_text(),
                    user_id=(leader if is_late else holder).id,
                )

    def _get_alarm_text(self):
        self.ensure_one()
        return dict(self._fields["alarm"]._description_selection(self.env))[self.alarm]

    def _end_alarms(self):
        """Take back the reminders of what is done now."""
        # sudo: they may belong to the leader of the team
        self.sudo().activity_unlink([ACTIVITY])

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .common_interview import START, InterviewCommon

CARD, LINE = "interview.scorecard", "interview.scorecard.line"
SECRET = "Sang at the door"


class TestInterviewSecurity(InterviewCommon):
    """Blind until submitted, by every route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_allow_export").user_ids = [
            Command.link(user.id)
            for user in (
                cls.ivy,
                cls.ian,
                cls.rita,
                cls.rob,
                cls.boss,
                cls.otto,
                cls.abe,
            )
        ]
        cls.interview = cls._create_round(cls.ivy + cls.ian + cls.rita, opened=True)
        cls.card = cls._submit(cls.interview, cls.ivy, rating=4, note=SECRET)

    def _seen(self, user, model=CARD):
        """Return whose scorecards of Ada somebody sees, by every way to look."""
        self.env.invalidate_all()
        records = self.env[model].with_user(user)
        domain = [("applicant_id", "=", self.ada.id)]
        found = records.search(domain)
        seen = found.sudo().interviewer_id
        by_group = records._read_group(domain, ["interviewer_id"], ["__count"])
        self.assertEqual({who.id for who, _count in by_group}, set(seen.ids))
        formatted = records.formatted_read_group(
            domain, ["interviewer_id"], ["__count"]
        )
        self.assertEqual(
            {group["interviewer_id"][0] for group in formatted}, set(seen.ids)
        )
        self.assertEqual(records.search_count(domain), len(found))
        self.assertEqual(
            {record[0] for record in records.name_search("", domain)}, set(found.ids)
        )
        exported = found.export_data(["interviewer_id/.id"])["datas"]
        self.assertEqual({int(row[0]) for row in exported}, set(seen.ids))
        read = records.search_read(domain, ["interviewer_id"])
        self.assertEqual({row["interviewer_id"][0] for row in read}, set(seen.ids))
        return seen

    def assertSees(self, user, who):
        for model in (CARD, LINE):
            with self.subTest(user=user.login, model=model):
                self.assertEqual(self._seen(user, model), who)

    def test_before_submitting(self):
        self.assertSees(self.ian, self.ian)
        self.assertSees(self.rita, self.rita)

    def test_after_submitting(self):
        self.assertSees(self.ivy, self.ivy)
        self._submit(self.interview, self.ian)
        self.assertSees(self.ian, self.ivy + self.ian)
        self.assertSees(self.ivy, self.ivy + self.ian)
        self.assertSees(self.rita, self.rita)
        self._submit(self.interview, self.rita)
        self.assertSees(self.rita, self.ivy + self.ian + self.rita)

    def test_who_does_not_interview(self):
        self.assertSees(self.rob, self.ivy)
        self.assertSees(self.boss, self.ivy)
        self.assertSees(self.otto, self.env["res.users"])
        self.assertSees(self.abe, self.env["res.users"])
        for model in (CARD, LINE, "interview.round", "interview.round.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.emma).search([])
        for model in ("interview.question", "interview.skill.guide"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.emma).search([])

    def test_a_second_round_makes_blind_again(self):
        self._submit(self.interview, self.ian)
        self._create_round(self.ian, opened=True, name="Second")
        self.assertSees(self.ian, self.ian)
        self._create_round(self.rob, opened=True, name="Third")
        self.assertSees(self.rob, self.rob)

    def test_another_applicants_ratings_stay_unseen(self):
        other = self._create_round(self.ian, applicant=self.bo, opened=True)
        self._submit(other, self.ian)
        self.assertSees(self.ian, self.ian)

    def test_who_is_no_longer_an_interviewer_sees_nothing(self):
        self.ada.sudo().interviewer_ids = [Command.unlink(self.ivy.id)]
        cards = self.env[CARD].with_user(self.ivy)
        with self.assertRaises(AccessError):
            # Odoo takes the right away with the last candidate
            cards.search([])
        self.ada.sudo().interviewer_ids = [Command.unlink(self.ian.id)]
        self.bo.interviewer_ids = [Command.link(self.ian.id)]
        self.assertSees(self.ian, self.env["res.users"])

    def test_refused_by_id(self):
        for user in (self.ian, self.rita, self.otto, self.abe, self.emma):
            for record in (self.card, self.card.line_ids):
                with self.subTest(user=user.login, model=record._name):
                    self.env.invalidate_all()
                    record = record.with_user(user)
                    with self.assertRaises(AccessError):
                        record.read(["state"])
                    with self.assertRaises(AccessError):
                        record.web_read({"state": {}})
                    self.assertFalse(record._filtered_access("read"))

    def test_drafts_are_their_authors_only(self):
        draft = self._card(self.interview, self.ian)
        draft.line_ids[0].write({"rating": 1, "note": SECRET})
        for user in (self.ivy, self.rita, self.rob, self.boss):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                draft.with_user(user).read(["recommendation"])
            with self.assertRaises(AccessError):
                draft.line_ids.with_user(user).read(["note"])

    def test_paths_do_not_lead_around(self):
        """A condition on what is not seen finds nothing: no guessing of ratings."""
        own = {
            "hr.applicant": self.ada,
            "interview.round": self.interview,
            "hr.job": self.job_desk,
            "calendar.event": self.env["calendar.event"].search(
                [("applicant_id", "=", self.ada.id)]
            ),
        }
        for user in (self.ian, self.rita):
            for model, path in (
                ("hr.applicant", "interview_scorecard_ids.line_ids.rating"),
                ("hr.applicant", "interview_round_ids.scorecard_ids.line_ids.rating"),
                ("interview.round", "scorecard_ids.line_ids.rating"),
                ("hr.job", "application_ids.interview_scorecard_ids.line_ids.rating"),
                (
                    "calendar.event",
                    "applicant_id.interview_scorecard_ids.line_ids.rating",
                ),
            ):
                with self.subTest(user=user.login, path=path):
                    records = self.env[model].with_user(user)
                    found = records.search([(path, "=", 4)])
                    self.assertFalse(found & own[model])
                    nested = Domain(path.rsplit(".", 1)[0], "any", [("rating", "=", 4)])
                    self.assertFalse(records.search(nested) & own[model])
                    # the same, asked the other way round
                    found = records.search([("id", "=", self.ada.id), (path, "!=", 4)])
                    if model == "hr.applicant":
                        self.assertEqual(found, self.ada.with_user(user))
        found = self.env["hr.applicant"].with_user(self.rob)
        path = "interview_scorecard_ids.line_ids.rating"
        self.assertIn(self.ada, found.search([(path, "=", 4)]))

    def test_one2many_and_nested_reads(self):
        for user in (self.ian, self.rita):
            self.env.invalidate_all()
            own = self._card(self.interview, user)
            ada = self.ada.with_user(user)
            interview = self.interview.with_user(user)
            self.assertEqual(ada.interview_scorecard_ids, own)
            self.assertEqual(interview.scorecard_ids, own)
            self.env.invalidate_all()
            nested = {
                "scorecard_ids": {"fields": {"line_ids": {"fields": {"rating": {}}}}}
            }
            cards = interview.web_read(nested)[0]["scorecard_ids"]
            self.assertEqual([card["id"] for card in cards], own.ids)
            exported = ada.export_data(["interview_scorecard_ids/line_ids/note"])
            self.assertNotIn(SECRET, str(exported))
            self.assertEqual(interview.submitted_count, 1, "how many, not what")

    def test_forms_give_nothing_away(self):
        """What the web client asks while somebody types, and commands to a parent."""
        line = self.card.line_ids[0]
        for user in (self.ian, self.rita):
            self.env.invalidate_all()
            spec = {"rating": {}, "note": {}, "skill_id": {}}
            with self.assertRaises(AccessError):
                line.with_user(user).onchange({"note": "x"}, ["note"], spec)
            for record, name in (
                (self.ada, "interview_scorecard_ids"),
                (self.interview, "scorecard_ids"),
            ):
                update = Command.update(self.card.id, {"summary": "Changed"})
                with self.assertRaises(AccessError):
                    record.with_user(user).write({name: [update]})
        self.assertNotEqual(self.card.sudo().summary, "Changed")

    def test_consolidated_view(self):
        for user in (self.ian, self.rita):
            self.env.invalidate_all()
            ada = self.ada.with_user(user)
            self.assertNotIn(SECRET, ada.interview_summary)
            self.assertIn("still owe a scorecard", ada.interview_summary)
            self.assertFalse(ada.interview_has_ratings)
        # the same transaction, another reader
        self.assertIn(SECRET, self.ada.with_user(self.rob).interview_summary)
        self.assertNotIn(SECRET, self.ada.with_user(self.ian).interview_summary)
        with self.assertRaises(AccessError):
            self.ada.with_user(self.otto).read(["interview_summary"])

    def _flush_tracking(self):
        """Write the messages that wait for the end of the transaction."""
        self.env.flush_all()
        self.env.cr.flush()

    def test_no_message_no_mail_no_attachment_leaks(self):
        # as in real life: tracking, messages and followers
        noisy = dict.fromkeys(DISABLED_MAIL_CONTEXT, False)
        interview = (
            self.env["interview.round"]
            .with_user(self.rob)
            .with_context(**noisy)
            .create(
                {
                    "applicant_id": self.bo.id,
                    "interviewer_ids": [Command.set((self.ivy + self.ian).ids)],
                    "start": START,
                }
            )
        )
        interview.action_plan()
        self._flush_tracking()
        interview.action_open()
        interview.action_schedule()
        for user in self.ivy + self.ian:
            card = self._card(interview, user).with_context(**noisy)
            card.line_ids.write({"rating": 4, "note": SECRET})
            card.write({"recommendation": "strong_no", "summary": SECRET})
            card.action_submit()
        self._flush_tracking()
        messages = self.env["mail.message"].search(
            Domain.OR(
                Domain("model", "=", record._name) & Domain("res_id", "in", record.ids)
                for record in (self.bo, interview, interview.event_ids)
            )
        )
        tracked = messages.tracking_value_ids.field_id.mapped("name")
        self.assertIn("state", tracked, "the round's own status is told")
        self.assertFalse(set(tracked) & {"rating", "note", "recommendation"})
        texts = [f"{message.subject} {message.body}" for message in messages]
        mails = self.env["mail.mail"].search([])
        texts += mails.mapped("body_html")
        self.assertIn("assigned as an interviewer", str(texts))
        for secret in (SECRET, "certainly", "strong_no"):
            self.assertNotIn(secret, str(texts))
        attachments = self.env["ir.attachment"].search(
            [("create_uid", "in", (self.ivy + self.ian + self.rob).ids)]
        )
        self.assertEqual(attachments, interview.kit_attachment_id)
        self.assertNotIn("message_ids", self.env[CARD]._fields)
        self.assertNotIn("message_ids", self.env[LINE]._fields)

    def test_attachment_of_a_scorecard(self):
        kept = self.env["ir.attachment"].create(
            {
                "name": "Notes",
                "raw": SECRET.encode(),
                "res_model": CARD,
                "res_id": self.card.id,
            }
        )
        self.env.invalidate_all()
        self.assertTrue(kept.with_user(self.ivy).read(["raw"]))
        for user in (self.ian, self.rita, self.otto):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                kept.with_user(user).read(["raw"])

    def test_rounds(self):
        rounds = self.env["interview.round"]
        allowed = {
            self.ivy: self.interview,
            self.rob: self.interview,
            self.otto: rounds,
            self.abe: rounds,
        }
        for user, expected in allowed.items():
            self.env.invalidate_all()
            found = rounds.with_user(user).search(
                [("applicant_id", "in", (self.ada + self.bo).ids)]
            )
            self.assertEqual(found, expected.with_user(user))
            lines = self.env["interview.round.line"].with_user(user)
            found = lines.search([("round_id", "=", self.interview.id)])
            self.assertEqual(bool(found), bool(expected))
        interview = self.interview.with_user(self.ivy)
        for act in (
            lambda: interview.write({"name": "Mine"}),
            interview.unlink,
            interview.action_close,
            interview.action_schedule,
            interview.action_take_back,
            interview.action_plan,
            lambda: interview.line_ids.write({"question": "Mine"}),
            lambda: rounds.with_user(self.ivy).create({"applicant_id": self.ada.id}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_questions_and_anchors(self):
        question = self.env["interview.question"].search(
            [("skill_id", "=", self.telephone.id)]
        )
        guide = self.env["interview.skill.guide"].search(
            [("skill_id", "=", self.greeting.id)]
        )
        for record in (question, guide):
            self.assertTrue(record.with_user(self.ivy).read(["skill_id"]))
            with self.assertRaises(AccessError):
                record.with_user(self.ivy).write({"active": False})
            record.with_user(self.rob).write({"active": False})
            with self.assertRaises(AccessError):
                record.with_user(self.rob).unlink()
            record.with_user(self.boss).unlink()
        theirs = self.env["interview.question"].create(
            {
                "skill_id": self.greeting.id,
                "name": "Theirs?",
                "company_id": self.other_company.id,
            }
        )
        found = self.env["interview.question"].with_user(self.rob)
        self.assertNotIn(theirs, found.search([]))
        self.assertIn(theirs, found.with_user(self.abe).search([]))

    def test_nobody_makes_scorecards_by_hand(self):
        for user in (self.ivy, self.rob, self.boss):
            cards = self.env[CARD].with_user(user)
            with self.assertRaises(AccessError):
                cards.create({"round_id": self.interview.id, "interviewer_id": user.id})
            with self.assertRaises(AccessError):
                self.card.with_user(user).unlink()

    def test_menus(self):
        menu = self.env.ref("office_role_hiring.interview_menu_my")
        configuration = self.env.ref("office_role_hiring.interview_menu_configuration")
        for user, sees in (
            (self.ivy, menu),
            (self.rob, menu + configuration),
            (self.emma, self.env["ir.ui.menu"]),
        ):
            menus = self.env["ir.ui.menu"].with_user(user)
            visible = menus._visible_menu_ids() & set((menu + configuration).ids)
            self.assertEqual(visible, set(sees.ids))


class TestInterviewRpc(InterviewCommon, HttpCase):
    """The same with a real session, over HTTP."""

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    @mute_logger("odoo.http")
    def test_blind_over_http(self):
        interview = self._create_round(start="2026-03-18 09:00:00", opened=True)
        interview.action_schedule()
        card = self._submit(interview, self.ivy, rating=4, note=SECRET)
        spec = {"summary": {}, "line_ids": {"fields": {"note": {}}}}
        self.authenticate(self.ian.login, self.ian.login)
        found = self._call(CARD, "web_search_read", [], spec)
        self.assertNotIn(SECRET, str(found))
        self.assertEqual(found["length"], 1)
        for arguments in (
            (CARD, "web_read", card.ids, spec),
            (CARD, "unlink", card.ids),
        ):
            with self.assertRaises(Exception) as refused:
                self._call(*arguments)
            self.assertIn("AccessError", str(refused.exception.args))
        kit = f"/web/content/{interview.kit_attachment_id.id}"
        self.assertIn("Greets 3", self.url_open(kit).text)
        report = (
            f"/report/html/office_role_hiring.report_interview_round/{interview.id}"
        )
        page = self.url_open(report).text
        self.assertIn("Greets 3", page)
        self.assertNotIn(SECRET, page)
        self.authenticate(self.emma.login, self.emma.login)
        self.assertNotIn("Greets 3", self.url_open(kit).text)
        self.assertNotIn("Greets 3", self.url_open(report).text)

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .evidence_common import EvidenceFixture

BEFORE = datetime(2026, 3, 1, 12)
DAY = datetime(2026, 3, 3, 12)
NEXT = datetime(2026, 3, 4, 12)
FUTURE = datetime(2026, 4, 1, 12)


class EvidenceCase(EvidenceFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls._set_up_training()
        cls.enrolment = cls._enrol(start_date="2026-03-02")
        cls.counted, cls.alone = cls._enrolment_steps(cls.enrolment)

    @classmethod
    def _enrolment_steps(cls, enrolment):
        return [
            step.with_env(cls.env) for step in enrolment.step_ids.sorted("sequence")
        ]

    def _number(self, step=None):
        step = step or self.counted
        step.invalidate_recordset()
        return step.evidence_done


@tagged("post_install", "-at_install")
class TestEvidenceCount(EvidenceCase):
    """What counts: the trainee's own, since the start, in their company."""

    def test_the_step_takes_rule_and_number_along(self):
        self.assertEqual(self.counted.kind, "evidence")
        self.assertEqual(self.counted.evidence_rule_id, self.rule)
        self.assertEqual(self.counted.evidence_count, 2)
        self.assertEqual(self.counted.evidence_text, "0 of 2")

    def test_between_the_start_and_now(self):
        self._contacts(self.trainee_user, BEFORE, DAY, FUTURE)
        self.assertEqual(self._number(), 1)
        self.assertEqual(self.counted.evidence_text, "1 of 2")
        self.assertEqual(self.counted.evidence_progress, 50)

    def test_each_trainee_from_their_own_start(self):
        late = self._enrol(self.colleague, start_date="2026-03-04")
        self._contacts(self.trainee_user, DAY, NEXT)
        self._contacts(self.colleague_user, DAY, NEXT)
        self._contacts(self.trainer_user, DAY, NEXT)
        steps = self.counted + late.step_ids[0]
        steps.invalidate_recordset()
        self.assertEqual(steps.mapped("evidence_done"), [2, 1])

    def test_the_day_begins_where_the_trainee_is(self):
        first, second = (
            datetime(2026, 3, 1, 16),  # midnight of the start in Manila
            datetime(2026, 3, 1, 15, 59),
        )
        self._contacts(self.trainee_user, first, second)
        self.assertEqual(self._number(), 0)
        self.trainee.tz = "Asia/Manila"
        self.assertEqual(self._number(), 1)

    def test_a_date_counts_on_the_first_and_on_the_last_day(self):
        self.rule.write(
            {
                "model_name": "mail.activity",
                "domain": "[('summary', '=', 'counts')]",
                "date_field": "date_deadline",
            }
        )
        activities = self.env["mail.activity"].create(
            [
                {
                    "summary": "counts",
                    "date_deadline": day,
                    "user_id": self.trainee_user.id,
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.trainee_user.partner_id.id,
                }
                for day in ("2026-03-01", "2026-03-02", "2026-03-10", "2026-03-11")
            ]
        )
        self.assertEqual(self._number(), 2)
        self.rule.distinct_field = "res_id"
        self.assertEqual(self._number(), 1)
        activities.action_feedback()
        self.assertEqual(self._number(), 0)
        self.rule.with_archived = True
        self.assertEqual(self._number(), 1)

    def test_company(self):
        other = self.env["res.company"].create({"name": "Test elsewhere"})
        self._contacts(self.trainee_user, DAY, company_id=other.id)
        self.assertEqual(self._number(), 0)
        self._contacts(self.trainee_user, DAY, company_id=self.company.id)
        self._contacts(self.trainee_user, DAY, company_id=False)
        self.assertEqual(self._number(), 2)

    def test_the_count_is_the_same_for_whoever_looks(self):
        partners = self._contacts(self.trainee_user, DAY)
        self.env["ir.rule"].create(
            {
                "name": "Nobody",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "not in", partners.ids)],
            }
        )
        for user in (self.trainee_user, self.trainer_user, self.hr_user):
            step = self.counted.with_user(user)
            step.invalidate_recordset()
            self.assertEqual(step.evidence_done, 1)

    def test_a_rule_that_is_broken_leaves_out_its_own_steps(self):
        other = self._rule(code="other")
        self.env.cr.execute(
            "UPDATE training_enrolment_step SET evidence_rule_id = %s WHERE id = %s",
            [other.id, self.alone.id],
        )
        self._contacts(self.trainee_user, DAY)
        for change in ("model_name = 'gone'", "date_field = 'gone'"):
            self.env.cr.execute(
                f"UPDATE training_evidence_rule SET {change} WHERE id = %s", [other.id]
            )
            self.env.invalidate_all()
            self.assertEqual(self.counted.evidence_done, 1)
            self.assertFalse(self.alone.evidence_countable)
        self.env.cr.execute(
            "UPDATE training_evidence_rule SET date_field = 'create_date',"
            " model_name = 'res.partner', domain = '[(''gone'', ''='', 1)]'"
            " WHERE id = %s",
            [other.id],
        )
        self.env.invalidate_all()
        with mute_logger(
            "odoo.addons.front_office_training.models.evidence.training_enrolment_step"
        ):
            self.assertEqual(self.counted.evidence_done, 1)
            self.assertFalse(self.alone.evidence_countable)

    def test_number_of_queries_does_not_grow(self):
        numbers = {}
        for size in (10, 100):
            self._add_steps(*({"name": f"Step {n}"} for n in range(size)))
            enrolment = self._enrol(self.colleague)
            numbers[size] = self._queries(enrolment.step_ids)
            enrolment._cancel("Next size")
            users = self.env["res.users"].create(
                [{"name": "Many", "login": f"many_{size}_{n}"} for n in range(size)]
            )
            self._add_steps({"name": "One step"})
            enrolments = self.programme._enrol(
                self.env["hr.employee"].create(
                    [{"name": "Many", "user_id": user.id} for user in users]
                )
            )
            numbers[f"{size} trainees"] = self._queries(enrolments.step_ids)
        self.assertEqual(numbers[10], numbers[100])
        self.assertEqual(numbers["10 trainees"], numbers["100 trainees"])

    def _queries(self, steps):
        """Return how many queries it takes to show the steps."""
        steps = self.env[steps._name].with_user(self.manager_user).browse(steps.ids)
        self.env.flush_all()
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            steps.read(["name", "evidence_text", "evidence_progress"])
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestEvidenceSign(EvidenceCase):
    """Tick, ask, sign and freeze; and what is refused on the way."""

    def _tick_and_ask(self, *moments):
        self._contacts(self.trainee_user, *moments)
        step = self.counted.with_user(self.trainee_user)
        step.action_done()
        step.action_request_signoff()

    def test_a_tick_needs_the_number(self):
        self._contacts(self.trainee_user, DAY)
        step = self.counted.with_user(self.trainee_user)
        with self.assertRaisesRegex(UserError, r"1 of 2 so far \(Contacts made\)"):
            step.action_done()
        self.env.invalidate_all()
        self.assertEqual(self.counted.state, "to_do")
        self._contacts(self.trainee_user, DAY)
        step.action_done()
        self.assertEqual(self.counted.state, "done")

    def test_asking_needs_the_number_still(self):
        partners = self._contacts(self.trainee_user, DAY, DAY)
        step = self.counted.with_user(self.trainee_user)
        step.action_done()
        partners[0].user_id = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "1 of 2"):
            step.action_request_signoff()

    def test_signing_needs_the_number_still(self):
        self._tick_and_ask(DAY, NEXT)
        self.env["res.partner"].search([("ref", "=", "counts")]).user_id = False
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "0 of 2"):
            self.counted.with_user(self.trainer_user).action_sign()

    def test_the_signature_freezes_what_counted(self):
        self._tick_and_ask(DAY, NEXT)
        partners = self.env["res.partner"].search([("ref", "=", "counts")], order="id")
        self.counted.with_user(self.trainer_user).action_sign()
        expected = {
            "rule": "test_contacts",
            "model": "res.partner",
            "count": 2,
            "ids": partners.ids,
        }
        self.assertEqual(self.counted.state, "signed")
        self.assertEqual(self.counted.evidence_frozen, expected)
        partners[0].user_id = False
        partners[1].unlink()
        self._contacts(self.trainee_user, DAY, DAY, DAY)
        self.rule.domain = "[('ref', '=', 'something else')]"
        self.assertEqual(self._number(), 2)
        self.assertEqual(self.counted.evidence_frozen, expected)
        action = self.counted.with_user(self.trainer_user).action_view_evidence()
        self.assertEqual(action["domain"], [("id", "in", partners.ids)])

    def test_what_is_sent_back_is_not_frozen(self):
        self._tick_and_ask(DAY, NEXT)
        self.counted.with_user(self.trainer_user)._fail("Look again.")
        self.assertFalse(self.counted.evidence_frozen)
        self.assertEqual(self.counted.state, "failed")

    def test_what_is_waived_is_frozen_as_it_is(self):
        self._contacts(self.trainee_user, DAY)
        self.counted.with_user(self.manager_user)._waive("Knows it.")
        self._contacts(self.trainee_user, DAY)
        self.assertEqual(self._number(), 1)
        self.assertEqual(self.counted.evidence_text, "1 of 2")

    def test_a_tick_that_closes_freezes_until_it_is_taken_back(self):
        step = self.alone.with_user(self.trainee_user)
        with self.assertRaisesRegex(UserError, "0 of 1"):
            step.action_done()
        self._contacts(self.trainee_user, DAY)
        step.action_done()
        self.assertEqual(self.alone.evidence_frozen["count"], 1)
        self._contacts(self.trainee_user, NEXT)
        self.assertEqual(self._number(self.alone), 1)
        step.action_undo()
        self.assertEqual(self._number(self.alone), 2)

    def test_without_a_login_the_signer_signs_in_words(self):
        enrolment = self._enrol(self.without_login)
        step = self._enrolment_steps(enrolment)[0].with_user(self.trainer_user)
        self.assertFalse(step.evidence_countable)
        self.assertFalse(step.evidence_text)
        with self.assertRaisesRegex(UserError, "nothing that can be counted"):
            step.action_view_evidence()
        with self.assertRaisesRegex(UserError, "not done yet"):
            step.action_sign()
        step.action_done()
        with self.assertRaises(AccessError):
            step.with_user(self.hr_user).action_sign()
        action = step.action_sign()
        self.assertEqual(step.state, "done")
        review = (
            self.env["training.step.review"]
            .with_user(self.trainer_user)
            .with_context(**action["context"])
            .create({"feedback": "Two calls on Monday, I listened in."})
        )
        review.action_confirm()
        self.assertEqual(step.state, "signed")
        self.assertEqual(step.feedback, "Two calls on Monday, I listened in.")
        self.assertFalse(step.evidence_frozen)

    def test_words_do_not_replace_a_count(self):
        self._tick_and_ask(DAY, NEXT)
        step = self.counted.with_user(self.trainer_user)
        with self.assertRaisesRegex(UserError, "Sign without words"):
            step._sign_in_words("Believe me")
        with self.assertRaises(AccessError):
            self.counted.with_user(self.trainee_user)._sign_in_words("Believe me")

    def test_signing_both_kinds_at_once(self):
        enrolment = self._enrol(self.without_login)
        uncounted = self._enrolment_steps(enrolment)[0]
        uncounted.with_user(self.trainer_user).action_done()
        self._tick_and_ask(DAY, NEXT)
        action = (self.counted + uncounted).with_user(self.trainer_user).action_sign()
        self.assertEqual(action["context"]["default_step_ids"], uncounted.ids)
        self.assertEqual(self.counted.state, "signed")


@tagged("post_install", "-at_install")
class TestEvidenceAccess(EvidenceCase):
    """What a stranger learns, and what nobody writes."""

    def test_a_stranger_learns_nothing(self):
        self._contacts(self.trainee_user, DAY)
        for method, args in (
            ("read", [["evidence_text", "evidence_frozen"]]),
            ("action_view_evidence", []),
            ("action_check_evidence", []),
            ("action_done", []),
            ("action_sign", []),
            ("web_read", [{"evidence_done": {}}]),
        ):
            with self.subTest(method), self.assertRaises(AccessError) as caught:
                self._rpc(
                    self.colleague_user,
                    "training.enrolment.step",
                    method,
                    self.counted.ids,
                    *args,
                )
            self.assertNotIn("1 of 2", str(caught.exception))

    def test_private_methods_are_no_rpc(self):
        for method in (
            "_freeze_evidence",
            "_close_by_evidence",
            "_sign_in_words",
            "_cron_close_evidence",
        ):
            with self.assertRaises(AccessError):
                self._rpc(
                    self.manager_user,
                    "training.enrolment.step",
                    method,
                    self.counted.ids,
                )

    def test_nobody_writes_what_was_frozen(self):
        for user in (self.trainee_user, self.trainer_user, self.manager_user):
            for vals in (
                {"evidence_frozen": {"count": 5}},
                {"evidence_count": 1},
                {"evidence_rule_id": False},
            ):
                with self.assertRaises(AccessError):
                    self._rpc(
                        user, "training.enrolment.step", "write", self.counted.ids, vals
                    )

    def test_the_link_opens_with_ones_own_rights(self):
        partners = self._contacts(self.trainee_user, DAY)
        action = self.counted.with_user(self.trainee_user).action_view_evidence()
        self.assertEqual(action["res_model"], "res.partner")
        self.assertEqual(action["domain"], [("id", "in", partners.ids)])
        self.rule.write(
            {
                "model_name": "ir.cron",
                "domain": "[]",
                "date_field": "lastcall",
            }
        )
        with self.assertRaisesRegex(UserError, "you may not open"):
            self.counted.with_user(self.trainee_user).action_view_evidence()


@tagged("post_install", "-at_install")
class TestEvidenceCron(EvidenceCase):
    """What nobody signs closes when the work is done."""

    def _run(self, **kwargs):
        cron = self.env.ref("front_office_training.ir_cron_evidence")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_closes_what_is_reached_and_nothing_else(self):
        late = self._enrol(self.colleague, start_date="2026-03-02")
        self._contacts(self.trainee_user, DAY, NEXT)
        self._run()
        self.assertEqual(self.alone.state, "done")
        self.assertTrue(self.alone.is_closed)
        self.assertEqual(self.alone.done_by_id, self.trainee_user)
        self.assertEqual(self.alone.evidence_frozen["count"], 2)
        self.assertEqual(self.counted.state, "to_do", "the trainer signs that one")
        self.assertEqual(set(late.step_ids.mapped("state")), {"to_do"})
        self.assertIn(
            "Closed by real work", "".join(self.enrolment.message_ids.mapped("body"))
        )

    def test_leaves_what_is_cancelled(self):
        self._contacts(self.trainee_user, DAY)
        self.enrolment._cancel("Left")
        self._run()
        self.assertEqual(self.alone.state, "to_do")

    def test_in_batches(self):
        self._enrol(self.colleague, start_date="2026-03-02")
        self._contacts(self.trainee_user, DAY)
        self._contacts(self.colleague_user, DAY)
        Step = self.env["training.enrolment.step"]
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60
        ) as progress:
            Step._cron_close_evidence(batch_size=1)
        self.assertEqual(progress.call_count, 2)
        self.assertFalse(Step.search(Step._get_evidence_to_close_domain()))

    def test_a_failure_stays_where_it_is(self):
        other = self._enrol(self.colleague, start_date="2026-03-02")
        self._contacts(self.trainee_user, DAY)
        self._contacts(self.colleague_user, DAY)
        Step = type(self.env["training.enrolment.step"])
        freeze = Step._freeze_evidence

        def fail(steps):
            if self.alone in steps:
                raise RuntimeError
            return freeze(steps)

        logger = "odoo.addons.front_office_training.models.training_job_mixin"
        with patch.object(Step, "_freeze_evidence", fail), mute_logger(logger):
            self._run()
        self.env.invalidate_all()
        self.assertEqual(self.alone.state, "to_do")
        self.assertEqual(other.step_ids.sorted("sequence")[1].state, "done")

    def test_check_now(self):
        step = self.alone.with_user(self.trainee_user)
        action = step.action_check_evidence()
        self.assertIn("Make one contact: 0 of 1", action["params"]["message"])
        self._contacts(self.trainee_user, DAY)
        action = step.action_check_evidence()
        self.assertIn("1 of 1", action["params"]["message"])
        self.assertEqual(self.alone.state, "done")

    def test_check_now_where_nothing_is_counted(self):
        enrolment = self._enrol(self.without_login)
        step = enrolment.step_ids.with_user(self.trainer_user)
        self.assertIn("nothing", step.action_check_evidence()["params"]["message"])

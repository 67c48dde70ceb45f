import doctest
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .. import version_diff
from ..version_diff import diff
from .common import TrainingFixture

STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1, 9),
            "name": st.sampled_from(["Read", "Greet", "Call", ""]),
            "minutes": st.integers(0, 3),
            "mandatory": st.booleans(),
        },
        optional={"section": st.sampled_from([None, "", "Desk"])},
    ),
    max_size=6,
    unique_by=lambda step: step["id"],
)
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=200)


@tagged("post_install", "-at_install")
class TestVersionDiff(BaseCase):
    def test_examples_in_the_text(self):
        result = doctest.testmod(version_diff)
        self.assertGreater(result.attempted, 5)
        self.assertEqual(result.failed, 0)

    @PROPERTY
    @given(STEPS)
    def test_equal_versions_do_not_differ(self, steps):
        self.assertFalse(diff(steps, [dict(step) for step in steps]))

    @PROPERTY
    @given(STEPS, STEPS)
    def test_exchanging_the_versions_mirrors_the_result(self, old, new):
        there, back = diff(old, new), diff(new, old)
        self.assertEqual(there.added, back.removed)
        self.assertEqual(there.removed, back.added)
        self.assertCountEqual(
            [(change.old, change.new, set(change.fields)) for change in there.changed],
            [(change.new, change.old, set(change.fields)) for change in back.changed],
        )

    @PROPERTY
    @given(STEPS, STEPS)
    def test_no_step_is_lost(self, old, new):
        found = diff(old, new)
        self.assertEqual(
            len(old) - len(found.removed), len(new) - len(found.added), "pairs"
        )
        for step in found.added:
            self.assertIn(step, new)
            self.assertNotIn(step["id"], [each["id"] for each in old])

    def test_a_step_written_again_is_the_same_by_its_name(self):
        found = diff([{"id": 1, "name": "A", "n": 1}], [{"id": 2, "name": "A", "n": 2}])
        self.assertFalse(found.added or found.removed)
        self.assertEqual(found.changed[0].fields, ("n",))


@tagged("post_install", "-at_install")
class TestVersions(TrainingFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_training()

    def _revise(self, **vals):
        self.programme.action_revise()
        self.programme.step_ids[0].write(vals)
        self.programme.action_publish()

    def _compare(self, action, user=None):
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        return wizard.with_user(user) if user else wizard

    def test_publishing_keeps_each_version(self):
        first = self.programme.version_ids
        self.assertEqual((first.version, first.step_count), (1, 4))
        self.assertEqual(first.digest, self.programme.published_digest)
        self.programme.action_revise()
        self.programme.with_user(self.manager_user).action_publish()
        self.assertEqual(self.programme.version_ids, first, "nothing was changed")
        self.programme.action_revise()
        self.programme.step_ids[0].name = "Read all"
        self.programme.with_user(self.manager_user).action_publish()
        second = self.programme.version_ids[0]
        self.assertEqual((second.version, self.programme.version_count), (2, 2))
        self.assertEqual(second.published_by_id, self.manager_user)
        self.assertEqual(second.published_on, self.programme.published_on)
        names = [step["name"] for step in json.loads(first.content)]
        self.assertEqual(names[0], "Read the rules")
        self.assertEqual(second.display_name, "Test programme, version 2")

    def test_a_version_that_is_not_kept_is_kept_at_the_next_publishing(self):
        self.env.cr.execute(
            "DELETE FROM training_programme_version WHERE programme_id = %s",
            [self.programme.id],
        )
        self.env.invalidate_all()
        self.programme.action_revise()
        self.programme.action_publish()
        self.assertEqual(self.programme.version_ids.mapped("version"), [1])

    def test_shipped_programmes_keep_their_first_version(self):
        programme = self.env.ref("front_office_training.programme_receptionist")
        programme.action_revise()
        programme.action_publish()
        self.assertIn(programme.version, programme.version_ids.mapped("version"))

    def test_content_is_in_the_source_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        programme = self.programme
        programme.action_revise()
        programme.step_ids[0].minutes = 77
        programme.step_ids[0].with_context(lang="sv_SE").name = "Läs reglerna"
        programme.with_context(lang="sv_SE").action_publish()
        content = json.loads(programme.version_ids[0].content)
        self.assertEqual(content[0]["name"], "Read the rules")

    def test_a_version_stays_as_it_was(self):
        version = self.programme.version_ids
        for user in (self.env.user, self.manager_user):
            with self.assertRaises(UserError):
                version.with_user(user).write({"content": "[]"})
            with self.assertRaises(UserError):
                version.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "version 1: a version stays"):
            version.write({"content": "[]"})
        with self.assertRaisesRegex(UserError, "never deleted"):
            version.unlink()
        with self.assertRaises(AccessError):
            version.with_user(self.manager_user).create(
                {
                    "programme_id": self.programme.id,
                    "version": 9,
                    "content": "[]",
                    "digest": "x",
                }
            )

    def test_versions_go_with_the_programme(self):
        programme = self.programme.copy()
        programme.action_publish()
        version = programme.version_ids
        programme.unlink()
        self.assertFalse(version.exists())

    @mute_logger("odoo.sql_db")
    def test_a_version_is_kept_once(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.programme.version_ids.copy()

    def test_a_copy_has_no_versions(self):
        self.assertFalse(self.programme.copy().version_ids)

    def test_compare_shows_added_removed_and_changed(self):
        self.programme.action_revise()
        steps = self.programme.step_ids
        steps[0].write({"minutes": 45, "kind": "practice", "mandatory": False})
        steps[3].unlink()
        steps.create(
            {
                "programme_id": self.programme.id,
                "name": "Call a taxi",
                "instructions": "<p>Ask <b>where to</b>.</p>",
            }
        )
        now = str(self._compare(self.programme.action_compare()).comparison)
        self.programme.action_publish()
        kept = str(
            self._compare(self.programme.version_ids[0].action_compare()).comparison
        )
        for html, title in ((now, "As it is now"), (kept, "Version 2")):
            for text in (
                title,
                "Version 1",
                "Call a taxi",
                "Added",
                "Visit the warehouse",
                "Removed",
                "Read the rules",
                "Changed",
                "Practise under observation",
                ">45<",
                ">No<",
                "*where to*",
            ):
                self.assertIn(text, html)
            self.assertNotIn("Greet a visitor", html)

    def test_equal_versions_say_so(self):
        wizard = self._compare(self.programme.action_compare())
        self.assertIn("Nothing differs", wizard.comparison)
        wizard.new_version_id = wizard.old_version_id
        self.assertIn("Nothing differs", wizard.comparison)

    def test_what_is_compared_is_chosen(self):
        self._revise(minutes=11)
        self._revise(minutes=12)
        third, second, first = self.programme.version_ids
        for chosen, older, newer in (
            (third, second, third),
            (first + third, first, third),
            (first, first.browse(), first),
        ):
            wizard = self._compare(chosen.action_compare())
            self.assertEqual(wizard.old_version_id, older)
            self.assertEqual(wizard.new_version_id, newer)
        other = self.programme.copy()
        other.action_publish()
        for chosen in (first + second + third, first + other.version_ids):
            with self.assertRaisesRegex(UserError, "one or two versions"):
                chosen.action_compare()

    def test_text_of_a_step_is_not_run(self):
        self._revise(name="<script>alert(1)</script>")
        html = self._compare(self.programme.version_ids[0].action_compare()).comparison
        self.assertNotIn("<script>", html)
        self.assertIn("&lt;script&gt;", html)

    def test_field_that_is_no_more_keeps_its_name(self):
        Compare = self.env["training.programme.compare"]
        self.assertEqual(Compare._get_label("gone"), "gone")
        self.assertEqual(Compare._get_text("gone", [1]), "[\n  1\n]")
        self.assertEqual(Compare._get_text("kind", "gone"), "gone")
        self.assertEqual(Compare._get_text("minutes", 0), "0")

    def test_buttons_open_what_they_say(self):
        action = self.programme.action_view_versions()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.programme.version_ids)

    def test_who_reads_and_compares(self):
        version = self.programme.version_ids
        for user in (self.trainee_user, self.hr_user, self.trainer_user):
            self.assertEqual(version.with_user(user).read(["version"])[0]["version"], 1)
        html = self._compare(
            version.with_user(self.trainer_user).action_compare(), self.trainer_user
        ).comparison
        self.assertIn("Read the rules", html)
        with self.assertRaises(AccessError):
            version.with_user(self.trainee_user).action_compare()
        self.programme.company_id = self.company
        self.assertEqual(version.company_id, self.company)
        elsewhere = self._manager_elsewhere()
        with self.assertRaises(AccessError):
            version.with_user(elsewhere).read(["content"])
        Compare = self.env["training.programme.compare"].with_user(elsewhere)
        with self.assertRaises(AccessError):
            # the wizard is theirs, the programme is not
            wizard = Compare.create(
                {"programme_id": self.programme.id, "old_version_id": version.id}
            )
            self.assertFalse(wizard.comparison)

from psycopg2.errors import InsufficientPrivilege

from odoo.tools import SQL, mute_logger, sql

from odoo.addons.office_role_hiring.models.refresh.office_role_match import (
    READ,
)

from .common import HiringCommon

# what the statement writes, and the keys of the rows
WRITTEN = {("hr_applicant", "office_role_match_id")}
OWN = {"office_role_match"}


class TestFairnessColumns(HiringCommon):
    """The score reads skills and nothing else: PostgreSQL itself is asked.

    PostgreSQL notes which columns the statements in the body of a function refer to.
    """

    def _columns(self, statement):
        """Return the ``(table, column)`` pairs that a statement refers to."""
        cr = self.env.cr
        code = cr.mogrify(statement).decode()
        # a name of a type, so that the function's result does not matter
        cr.execute(
            SQL(
                "CREATE FUNCTION pg_temp.office_role_read() RETURNS void "
                "LANGUAGE sql BEGIN ATOMIC %s; END",
                SQL(code.replace("%", "%%")),
            )
        )
        cr.execute(
            """
            SELECT DISTINCT attribute.attrelid::regclass::text, attribute.attname
              FROM pg_depend depend
              JOIN pg_attribute attribute
                ON attribute.attrelid = depend.refobjid
               AND attribute.attnum = depend.refobjsubid
             WHERE depend.classid = 'pg_proc'::regclass
               AND depend.refclassid = 'pg_class'::regclass
               AND depend.objid = 'pg_temp.office_role_read'::regproc
            """
        )
        columns = set(cr.fetchall())
        cr.execute("DROP FUNCTION pg_temp.office_role_read")
        return columns

    def _get_read(self):
        """Return the columns of READ by table; a relation has a table of its own."""
        read = {}
        for model, names in READ.items():
            for name in names:
                field = self.env[model]._fields[name]
                if field.type == "many2many":
                    read[field.relation] = [field.column1, field.column2]
                else:
                    read.setdefault(self.env[model]._table, []).append(name)
        return read

    def _strange(self, statement):
        """Return the columns that a statement refers to and should not."""
        allowed = {
            (table, name)
            for table, names in self._get_read().items()
            for name in (*names, "id")
        }
        return {
            (table, column)
            for table, column in self._columns(statement)
            if (table, column) not in allowed | WRITTEN and table not in OWN
        }

    def test_the_score_reads_skills_alone(self):
        match = self.env["office.role.match"]
        for person in ("applicant", "employee"):
            for role_ids in (None, self.job_desk.office_role_id.ids):
                with self.subTest(person=person, role_ids=role_ids):
                    statement = match._get_refresh_statement(
                        person, SQL("TRUE"), role_ids
                    )
                    columns = self._columns(statement)
                    self.assertIn((f"hr_{person}_skill", "skill_level_id"), columns)
                    self.assertIn(("hr_skill_level", "level_progress"), columns)
                    self.assertEqual(self._strange(statement), set())

    def test_so_do_the_reasons(self):
        query = self.env["office.role.match.line"]._table_query
        self.assertIn(("office_role_skill", "weight"), self._columns(query))
        self.assertEqual(self._strange(query), set())

    def test_another_column_is_found(self):
        match = self.env["office.role.match"]
        for scope, column in (
            (SQL("person.partner_name <> 'Ada'"), ("hr_applicant", "partner_name")),
            (
                SQL(
                    "person.partner_id IN (SELECT p.id FROM res_partner p "
                    "WHERE p.lang = 'sv_SE')"
                ),
                ("res_partner", "lang"),
            ),
        ):
            with self.subTest(column=column):
                statement = match._get_refresh_statement("applicant", scope)
                self.assertIn(column, self._strange(statement))

    def test_it_runs_without_the_right_to_read_anything_else(self):
        """Also whole rows, which are no columns, cannot be read unnoticed."""
        self._create_applicant("Ada", self.job_desk, [(self.greeting, 75)])
        match = self.env["office.role.match"]
        self.env.flush_all()
        for person, name in (("applicant", "partner_name"), ("employee", "name")):
            self._execute_with_grants(match._get_refresh_statement(person, SQL("TRUE")))
            for scope in (
                SQL("%s IS NULL", SQL.identifier("person", name)),
                SQL("person::text <> ''"),
                SQL("person.id IN (SELECT id FROM res_partner)"),
            ):
                with (
                    self.subTest(person=person, scope=scope.code),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(InsufficientPrivilege),
                    self.env.cr.savepoint(),
                ):
                    self._execute_with_grants(
                        match._get_refresh_statement(person, scope)
                    )

    def _execute_with_grants(self, statement):
        """Execute a statement as somebody who may read what the score reads.

        The user of the database may create roles in each cluster of ``setup``. Where
        another one may not, PostgreSQL refuses and the test fails: it is never skipped.
        """
        cr = self.env.cr
        cr.execute("DROP ROLE IF EXISTS office_role_reader")
        cr.execute("CREATE ROLE office_role_reader")
        for table, names in self._get_read().items():
            columns = [
                column
                for column in (*names, "id")
                if sql.column_exists(cr, table, column)
            ]
            cr.execute(
                SQL(
                    "GRANT SELECT (%s) ON %s TO office_role_reader",
                    SQL(", ").join(map(SQL.identifier, columns)),
                    SQL.identifier(table),
                )
            )
        cr.execute(
            """
            GRANT SELECT (office_role_match_id), UPDATE (office_role_match_id)
               ON hr_applicant TO office_role_reader;
            GRANT SELECT, INSERT, UPDATE, DELETE
               ON office_role_match TO office_role_reader;
            GRANT USAGE ON SEQUENCE office_role_match_id_seq TO office_role_reader;
            SET LOCAL ROLE office_role_reader
            """
        )
        cr.execute(statement)
        cr.execute("RESET ROLE; DROP OWNED BY office_role_reader")
        cr.execute("DROP ROLE office_role_reader")

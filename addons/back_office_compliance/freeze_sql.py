"""The triggers with which the database itself keeps what was filed; no ORM.

Constraint triggers fire for whoever writes, also for plain SQL. Rows of a filing get in
as long as it is not frozen; the last step of filing sets ``frozen_hash``.
"""

from odoo.tools import SQL

_FILING = """
CREATE OR REPLACE FUNCTION compliance_filing_keep() RETURNS trigger AS $$
BEGIN
    IF OLD.frozen_hash IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Filing % was filed and cannot be deleted.', OLD.name
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state NOT IN ('filed', 'accepted', 'rejected', 'amended')
       OR ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'Filing % was filed and is frozen.', OLD.name
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
# {filing}: the column that names the filing
_PART = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
DECLARE
    filings integer[] := ARRAY[]::integer[];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    IF TG_OP != 'INSERT' THEN
        filings := filings || OLD.{filing};
    END IF;
    IF TG_OP != 'DELETE' THEN
        filings := filings || NEW.{filing};
    END IF;
    IF EXISTS (
        SELECT FROM compliance_filing
        WHERE id = ANY(filings) AND frozen_hash IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The filing was filed: its % are frozen.', TG_ARGV[0]
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
# A move between the database and the filestore keeps the checksum.
_ATTACHMENT = """
CREATE OR REPLACE FUNCTION compliance_attachment_keep() RETURNS trigger AS $$
BEGIN
    IF (NEW.name, NEW.checksum, NEW.type, NEW.url)
           IS NOT DISTINCT FROM (OLD.name, OLD.checksum, OLD.type, OLD.url)
       AND (NEW.store_fname IS NULL OR NEW.store_fname LIKE '%' || OLD.checksum)
       AND (OLD.db_datas IS NULL OR NEW.db_datas IS NULL
            OR NEW.db_datas = OLD.db_datas) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM compliance_filing_ir_attachment_rel e
        JOIN compliance_filing f ON f.id = e.compliance_filing_id
        WHERE e.ir_attachment_id = OLD.id AND f.frozen_hash IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The file % is evidence of a filed filing.', OLD.name
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
_EMPTYING = """
CREATE OR REPLACE FUNCTION compliance_truncate_keep() RETURNS trigger AS $$
BEGIN
    IF EXISTS (SELECT FROM compliance_filing WHERE frozen_hash IS NOT NULL) THEN
        RAISE EXCEPTION 'Filings were filed: % cannot be emptied.', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
"""
_TABLES = (
    ("compliance_filing", "UPDATE OR DELETE", "compliance_filing_keep()"),
    (
        "compliance_filing_line",
        "INSERT OR UPDATE OR DELETE",
        "compliance_filing_part_keep('lines')",
    ),
    (
        "compliance_filing_item",
        "INSERT OR UPDATE OR DELETE",
        "compliance_filing_part_keep('journal items')",
    ),
    (
        "compliance_filing_ir_attachment_rel",
        "INSERT OR UPDATE OR DELETE",
        "compliance_filing_file_keep('files')",
    ),
    (
        "compliance_filing_contributor_rel",
        "INSERT OR UPDATE OR DELETE",
        "compliance_filing_file_keep('people')",
    ),
    (
        "ir_attachment",
        "UPDATE OF name, checksum, type, url, store_fname, db_datas",
        "compliance_attachment_keep()",
    ),
)
FUNCTIONS = (
    "compliance_filing_keep",
    "compliance_filing_part_keep",
    "compliance_filing_file_keep",
    "compliance_attachment_keep",
    "compliance_truncate_keep",
)


def create_triggers(cr, frozen_fields) -> None:
    """Create the functions and triggers, or bring them up to date.

    :param cr: a cursor
    :param frozen_fields: the columns of ``compliance_filing`` that are kept
    """
    for body in (
        _FILING.format(
            new=", ".join(f"NEW.{name}" for name in frozen_fields),
            old=", ".join(f"OLD.{name}" for name in frozen_fields),
        ),
        _PART.format(name="compliance_filing_part_keep", filing="filing_id"),
        _PART.format(name="compliance_filing_file_keep", filing="compliance_filing_id"),
        _ATTACHMENT,
        _EMPTYING,
    ):
        cr.execute(body)
    for table, events, function in _TABLES:
        name = SQL.identifier(table)
        cr.execute(SQL("DROP TRIGGER IF EXISTS compliance_keep ON %s", name))
        cr.execute(
            SQL(
                "CREATE CONSTRAINT TRIGGER compliance_keep AFTER %s ON %s "
                "NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION %s",
                SQL(events),
                name,
                SQL(function),
            )
        )
        if table == "ir_attachment":
            continue
        cr.execute(SQL("DROP TRIGGER IF EXISTS compliance_keep_rows ON %s", name))
        cr.execute(
            SQL(
                "CREATE TRIGGER compliance_keep_rows BEFORE TRUNCATE ON %s "
                "FOR EACH STATEMENT EXECUTE FUNCTION compliance_truncate_keep()",
                name,
            )
        )


def drop_triggers(cr) -> None:
    """Drop the functions, and the triggers with them."""
    for function in FUNCTIONS:
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )

import secrets

from odoo import api, fields, models
from odoo.tools import SQL

from ... import evidence_pack, freeze_sql, ledger_sql
from ..compliance_filing import FROZEN_FIELDS

# Findings of these tell about people: their number stays out of the record.
ABOUT_PEOPLE = ("labour", "hours", "training")
FROZEN_TEXTS = (
    "name",
    "period_start",
    "period_end",
    "due_date",
    "internal_date",
    "filed_on",
    "receipt_number",
    "override_reason",
    "kind",
    "amendment_number",
)

# Columns that say what was filed, and the facts that they have to agree with.
IDENTITY = {
    "name": "name",
    "kind": "kind",
    "filed_obligation": "obligation",
    "filed_authority": "authority",
}


class ComplianceFiling(models.Model):
    """What was filed: kept as rows, as facts with a hash, and by the database."""

    _inherit = "compliance.filing"  # pylint: disable=consider-merging-classes-inherited

    def init(self):
        """Create the triggers once all tables are there."""
        result = super().init()
        self.pool.post_init(freeze_sql.create_triggers, self.env.cr, FROZEN_FIELDS)
        return result

    def _freeze(self):
        """Keep items, facts and hash, and end in the state filed."""
        self.ensure_one()
        self._flush_ledger()
        self.env.cr.execute(ledger_sql.freeze_sql(SQL("f.id = %s", self.id)))
        self.env["compliance.filing.item"].invalidate_model(flush=False)
        # sudo: what identifies it is written by actions only
        filing = self.sudo()
        filing.write(
            {
                "filed_obligation": filing.obligation_id.name,
                "filed_authority": filing.authority_id.name,
                "event_salt": filing.event_key and secrets.token_hex(16) or False,
            }
        )
        frozen = self._get_frozen()
        # sudo: state and hash are written by actions only
        self.sudo().write(
            {
                "state": "filed",
                "filed_by_id": self.env.uid,
                "frozen": frozen,
                "frozen_hash": evidence_pack.sha256(evidence_pack.canonical(frozen)),
            }
        )
        # the database keeps it from here on, also within this transaction
        self.flush_recordset()

    def _get_frozen(self):
        """Return the facts of the filing that are filed, without floats.

        :rtype: dict
        """
        self.ensure_one()
        # sudo: what is kept does not depend on what the person who files may read
        filing = self.sudo()
        return {
            "format": 1,
            "filing": filing._get_frozen_facts(),
            "lines": [
                dict(zip(evidence_pack.LINE_COLUMNS, row, strict=True))
                for row in filing._get_line_rows()
            ],
            "lines_sha256": evidence_pack.sha256(filing._get_lines_csv()),
            "items_sha256": evidence_pack.sha256(filing._get_items_csv()),
            "checks": filing._get_check_outcomes(),
            "files": [
                {
                    "name": name,
                    "sha256": evidence_pack.sha256(content),
                    "size": len(content),
                }
                for name, content in filing._get_evidence().items()
            ],
        }

    def _get_print_facts(self):
        """Return what the print shows: what was filed, or would be filed now.

        :rtype: dict
        :raises AccessError: for who may not read the filing
        """
        self.ensure_one()
        # the print reads the facts with all rights
        self.check_access("read")
        # sudo: the print shows more than the columns that people read
        filing = self.sudo()
        return filing.frozen or filing._get_print_preview()

    def _get_print_preview(self):
        """Return what a filing that is not filed yet prints.

        :rtype: dict
        """
        frozen = self._get_frozen()
        frozen["filing"].pop("filed_by", None)
        return frozen

    def _get_frozen_facts(self):
        """Return the filing's own fields as texts; empty ones are left out."""
        digits = self.currency_id.decimal_places
        obligation = self.obligation_id
        entered = self.contributor_ids.sorted("id").mapped("name")
        facts = {
            **{name: self[name] for name in FROZEN_TEXTS},
            "id": self.id,
            "company": self.company_id.name,
            "currency": self.currency_id.name,
            "obligation": obligation.name,
            "obligation_code": obligation.code,
            "legal_reference": obligation.legal_reference,
            "authority": self.authority_id.name,
            "jurisdiction": self.jurisdiction_id.complete_name,
            "amount_computed": evidence_pack.money(repr(self.amount_computed), digits),
            "amount_declared": evidence_pack.money(repr(self.amount_declared), digits),
            "event_seal": self._get_event_seal(),
            "prepared_by": self.prepared_by_id.name,
            "entered_by": ", ".join(entered),
            "reviewed_by": self.reviewed_by_id.name,
            "filed_by": self.env.user.name,
            "override_by": self.override_by_id.name,
            "amends": self.amends_id.frozen_hash,
        }
        return {name: str(value) for name, value in facts.items() if value}

    def _get_event_seal(self):
        """Return what tells whether the event is the same, but not which one it is.

        A pack goes to people who may not know about whom a filing is.
        """
        # sudo: nobody reads the key and the salt
        filing = self.sudo()
        if not filing.event_salt:
            return ""
        return evidence_pack.sha256(f"{filing.event_salt}|{filing.event_key}".encode())

    def _get_line_rows(self):
        digits = self.currency_id.decimal_places
        return [
            [
                line.code,
                line.name,
                "yes" if line.in_total else "no",
                evidence_pack.money(repr(line.amount), digits),
                line.item_count,
            ]
            for line in self.line_ids.sorted(lambda line: (line.sequence, line.code))
        ]

    def _get_lines_csv(self):
        """Return the lines as the pack holds them."""
        return evidence_pack.csv_bytes(
            evidence_pack.LINE_COLUMNS, self._get_line_rows()
        )

    def _get_items_csv(self):
        """Return the kept journal items as the pack holds them."""
        self.env["compliance.filing.item"].flush_model()
        digits = self.currency_id.decimal_places
        self.env.cr.execute(
            SQL(
                """
                SELECT l.code, i.item_id, i.move_name, i.date, i.account_code, i.label,
                       i.amount::text
                FROM compliance_filing_item i
                JOIN compliance_filing_line l ON l.id = i.line_id
                WHERE i.filing_id = %s
                ORDER BY COALESCE(l.sequence, 0), l.code COLLATE "C", i.date, i.item_id
                """,
                self.id,
            )
        )
        return evidence_pack.csv_bytes(
            evidence_pack.ITEM_COLUMNS,
            (
                (*row[:-1], evidence_pack.money(row[-1], digits))
                for row in self.env.cr.fetchall()
            ),
        )

    def _get_evidence(self):
        """Return the contents of the evidence by their names in a pack.

        :rtype: dict[str, bytes]
        """
        return {
            evidence_pack.safe_name(attachment.name, number): attachment.raw or b""
            for number, attachment in enumerate(self.evidence_ids.sorted("id"), 1)
        }

    def _get_check_outcomes(self):
        """Return when each gating check last ran, and with what result.

        :rtype: list[dict]
        """
        checks = self.env["compliance.check"].search(
            [
                ("obligation_ids", "in", self.obligation_id.ids),
                ("company_id", "in", (self.company_id.id, False)),
            ]
        )
        self.env["compliance.run.line"].flush_model()
        self.env["compliance.run"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (l.check_id) l.check_id, l.result, l.count,
                       COALESCE(r.ended_on, r.started_on) AS ran
                FROM compliance_run_line l JOIN compliance_run r ON r.id = l.run_id
                WHERE l.check_id = ANY(%s) AND l.company_id = %s
                  AND l.result IS NOT NULL
                ORDER BY l.check_id, l.id DESC
                """,
                checks.ids,
                self.company_id.id,
            )
        )
        latest = {row["check_id"]: row for row in rows}
        outcomes = []
        for check in checks.sorted("code"):
            row = latest.get(check.id, {})
            outcome = {
                "code": check.code,
                "name": check.name,
                "result": row.get("result", "never"),
                "ran": str(fields.Datetime.to_string(row.get("ran")) or ""),
            }
            if check.family not in ABOUT_PEOPLE:
                outcome["count"] = row.get("count") or 0
            outcomes.append(outcome)
        return outcomes

    @api.private
    def _get_changes_of_record(self):
        """Return what differs between the frozen facts and what is stored now.

        The database keeps them; this is what notices that somebody went around it.

        :return: a sentence for each difference
        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: whether the record is whole does not depend on who asks
        filing = self.sudo()
        frozen = filing.frozen or {}
        problems = []
        digest = evidence_pack.sha256(evidence_pack.canonical(frozen))
        if digest != filing.frozen_hash:
            problems.append(self.env._("The facts are not those of the frozen hash."))
        facts = frozen.get("filing", {})
        if filing._get_event_seal() != facts.get("event_seal", ""):
            problems.append(self.env._("It is about another event than was filed."))
        for name, fact in IDENTITY.items():
            # empty where an earlier release filed it: nothing else is shown then
            if filing[name] and filing[name] != facts.get(fact, ""):
                label = self._fields[name]._description_string(self.env)
                problems.append(self.env._("%s is not what was filed.", label))
        for name, content in (
            (evidence_pack.LINES, filing._get_lines_csv()),
            (evidence_pack.ITEMS, filing._get_items_csv()),
        ):
            key = name.replace(".csv", "_sha256")
            if evidence_pack.sha256(content) != frozen.get(key):
                problems.append(self.env._("%s is not what was filed.", name))
        evidence = {
            name: evidence_pack.sha256(content)
            for name, content in filing._get_evidence().items()
        }
        filed = {each["name"]: each["sha256"] for each in frozen.get("files", [])}
        for name in sorted(evidence.keys() | filed.keys()):
            if evidence.get(name) != filed.get(name):
                problems.append(self.env._("%s is not what was filed.", name))
        return problems

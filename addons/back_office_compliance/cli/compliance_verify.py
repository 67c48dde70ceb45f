"""``odoo compliance_verify pack.zip``: verify evidence packs, without a database."""

import importlib.util
import sys
from pathlib import Path

from odoo.cli import Command

# Odoo loads this file alone, outside of the add-on's package.
_spec = importlib.util.spec_from_file_location(
    "evidence_pack", Path(__file__).resolve().parents[1] / "evidence_pack.py"
)
evidence_pack = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(evidence_pack)


class ComplianceVerify(Command):
    """Verify evidence packs of filings: name what was altered, missing or added"""

    name = "compliance_verify"

    def run(self, cmdargs):
        """Verify the packs that are named.

        :param cmdargs: paths of packs, and ``--hash=<SHA-256>`` if it is known
        """
        self.parser.add_argument("packs", nargs="+", help="the ZIP files")
        self.parser.add_argument("--hash", help="the frozen hash that Odoo shows")
        arguments = self.parser.parse_args(cmdargs)
        hashes = [f"--hash={arguments.hash}"] if arguments.hash else []
        sys.exit(evidence_pack.main(hashes + arguments.packs))

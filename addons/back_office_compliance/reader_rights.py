"""What a reader learns of a record behind a finding or a filing; no models here.

The reader's own rights decide. The auditor reads everything of the company without
rights on the records themselves: names and figures only, through the checked sudo here.
"""

AUDITOR = "back_office_compliance.group_compliance_auditor"


def is_auditor(env) -> bool:
    """Return whether the reader is an auditor."""
    return env.user.has_group(AUDITOR)


def filter_readable(records):
    """Return those of which the reader may know the name and the figures.

    :param records: records that exist, in the environment of the reader
    :return: the same records, as the reader; for the auditor as superuser
    """
    # sudo(False): with the rights of the reader, whoever asks
    own = records.sudo(False)
    if not is_auditor(own.env):
        return own._filtered_access("read") if own.has_access("read") else own.browse()
    if not {"company_id", "company_ids"} & own._fields.keys():
        # sudo: the auditor, a record of all companies
        return own.sudo()
    companies = own.env.companies & own.env.user.company_ids
    # sudo: the auditor, records of the own companies only
    return own.sudo().filtered_domain(own._check_company_domain(companies))


def get_names(records) -> dict[int, str]:
    """Return the names by id of the records that the reader may know.

    What belongs to an employee goes by the name of the employee.

    :param records: records of one model, that may be deleted already
    """
    readable = filter_readable(records.exists())
    if "employee_id" not in readable._fields:
        return {record.id: record.display_name for record in readable}
    return {
        # sudo: who reads a record reads the name of what it belongs to
        record.id: record.sudo().employee_id.display_name or record.display_name
        for record in readable
    }

from . import freeze_sql


def uninstall_hook(env):
    """Drop the triggers, so that tables of others are as they were before."""
    freeze_sql.drop_triggers(env.cr)

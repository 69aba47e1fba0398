"""What a database already contains, so that a start does not do it again: tables, councils, letters, sandbox.

The marks live in the database itself, as the comment of Django's table of migrations: they come and go with it,
through backup and restore too.
"""

import json

import psycopg
from psycopg import sql

Marks = dict[str, str]

KEY = "key"


def read_marks(owner_address: str) -> Marks:
    """Return what the database was last marked with: nothing, if it was never migrated."""
    with psycopg.connect(owner_address) as connection:
        found = connection.execute("SELECT obj_description(to_regclass('public.django_migrations'))").fetchone()
    try:
        return dict(json.loads(found[0])) if found and found[0] else {}
    except (ValueError, TypeError):  # somebody's own remark: then everything is brought up to date once more
        return {}


def write_mark(owner_address: str, name: str, value: str) -> None:
    """Add one mark, when what it stands for is committed."""
    marks = read_marks(owner_address) | {name: value}
    with psycopg.connect(owner_address) as connection:
        connection.execute(
            sql.SQL("COMMENT ON TABLE public.django_migrations IS {}").format(sql.Literal(json.dumps(marks)))
        )

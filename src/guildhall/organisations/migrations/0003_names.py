"""No council names itself as another one of the list, by whoever's login.

A trigger, because the rule is about other rows: two councils of the list may have one name, when one succeeded the other.
"""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

_TABLE = "organisations_organisation"
_KEEP = """
    BEGIN
        IF EXISTS (
            SELECT FROM organisations_organisation other, unnest(NEW.calls_itself) claimed
            WHERE other.code IS NOT NULL AND other.id <> NEW.id
                AND claimed = ANY (other.known_as) AND claimed <> ALL (NEW.known_as)
        ) THEN
            RAISE unique_violation USING MESSAGE = 'another council of the list has this name',
                CONSTRAINT = 'no_council_calls_itself_another';
        END IF;
        RETURN NEW;
    END
"""


def _names_are_their_owners() -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            "CREATE FUNCTION organisations_keep_names() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = public, pg_temp AS $body${_KEEP}$body$",
            f"CREATE TRIGGER names_are_their_owners BEFORE INSERT OR UPDATE OF calls_itself ON {_TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION organisations_keep_names()",
            f'GRANT UPDATE (calls_itself) ON {_TABLE} TO "{settings.DATABASE_LOGINS["web"]}"',
        ],
        ["DROP FUNCTION organisations_keep_names() CASCADE"],
    )


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_stages")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="known_as",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                db_default=[],
                help_text="by which words its names on the list are told from others'",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="calls_itself",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                db_default=[],
                help_text="the same of names that the list does not give it",
                size=None,
            ),
        ),
        _names_are_their_owners(),
    ]

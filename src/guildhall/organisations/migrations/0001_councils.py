"""Councils and who works in them.

The list of councils is everybody's to read. A council's login may change its own words on it and nothing else; web may
add organisations that the list lacks; only the owner, who loads the list, may change a listed line. What a council has
(services, team, keys, audit) is walled in.
"""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import guildhall.kernel.ids
from guildhall.kernel.walls import AppendOnly, CouncilWall, DefinerFunction, OpenTable

_MINE = "id = nullif(current_setting('app.organisation', true), '')::uuid"
_OWN_WORDS = "own_name, own_name_cy, own_homepage_url, colour, logo_digest, live_since, searchable"

_THE_PLATFORM = """
    INSERT INTO organisations_organisation (
        id, slug, kind, tier, name, name_cy, other_words, nation, region, homepage_url, searchable,
        own_name, own_name_cy, own_homepage_url, colour, logo_digest
    ) VALUES (gen_random_uuid(), 'guildhall', 'platform', '', 'Guildhall', 'Guildhall', '', '', '', '', '', '', '', '', '', '')
"""

# Deferred to the commit, so that the head is the last lock a transaction takes: two that wrote other rows in opposite
# orders cannot hold each other up for longer than a commit lasts, and numbers follow the order of commits.
_CHAIN = """
    DECLARE
        head organisations_audithead;
        digest text;
    BEGIN
        INSERT INTO organisations_audithead (id, organisation_id, seq, hash)
            VALUES (gen_random_uuid(), NEW.organisation_id, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM organisations_audithead WHERE organisation_id = NEW.organisation_id FOR UPDATE;
        digest := encode(sha256(convert_to(
            head.hash || left(NEW.canonical, -1) || ',"seq":' || (head.seq + 1) || '}', 'UTF8')), 'hex');
        INSERT INTO organisations_auditlink (id, organisation_id, seq, event_id, previous_hash, hash)
            VALUES (gen_random_uuid(), NEW.organisation_id, head.seq + 1, NEW.id, head.hash, digest);
        UPDATE organisations_audithead SET seq = head.seq + 1, hash = digest WHERE id = head.id;
        RETURN NULL;
    END
"""


def _council_rows_open_to_read_and_own_to_change() -> list[migrations.RunSQL]:
    table = "organisations_organisation"
    logins = settings.DATABASE_LOGINS
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY everybody_reads ON {table} FOR SELECT USING (true)",
        f"CREATE POLICY council ON {table} FOR UPDATE USING ({_MINE}) WITH CHECK ({_MINE})",
        f'CREATE POLICY unlisted ON {table} FOR INSERT TO "{logins["web"]}" WITH CHECK (code IS NULL)',
        f'CREATE POLICY owner ON {table} TO "{logins["owner"]}" USING (true) WITH CHECK (true)',
        f'GRANT SELECT, INSERT, UPDATE ({_OWN_WORDS}) ON {table} TO "{logins["web"]}"',
        f'GRANT SELECT ON {table} TO "{logins["dispatcher"]}"',
    ]
    return [migrations.RunSQL(statements, migrations.RunSQL.noop)]


def _a_key_belongs_to_its_services_council() -> list[migrations.RunSQL]:
    """Foreign keys look behind the wall, so the reference itself must say that both rows are one council's."""
    statements = [
        "ALTER TABLE organisations_service ADD CONSTRAINT a_service_and_its_council UNIQUE (id, organisation_id)",
        "ALTER TABLE organisations_apikey ADD CONSTRAINT a_key_is_in_its_services_council "
        "FOREIGN KEY (service_id, organisation_id) REFERENCES organisations_service (id, organisation_id)",
    ]
    return [migrations.RunSQL(statements, migrations.RunSQL.noop)]


def _audit_is_chained_and_for_ever() -> list[migrations.RunSQL]:
    chain = [
        "CREATE FUNCTION organisations_chain_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body${_CHAIN}$body$",
        "REVOKE ALL ON FUNCTION organisations_chain_audit() FROM PUBLIC",
        "CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON organisations_auditevent DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION organisations_chain_audit()",
    ]
    back = ["DROP FUNCTION organisations_chain_audit() CASCADE"]
    return [
        AppendOnly("organisations_auditevent"),
        AppendOnly("organisations_auditlink"),
        migrations.RunSQL(chain, back),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.TextField()),
                ("action", models.TextField()),
                ("object_type", models.TextField()),
                ("object_id", models.TextField()),
                ("details", models.JSONField(default=dict)),
                ("canonical", models.TextField(help_text="the event as canonical JSON, without its number")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlatformOperator",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("hash", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation_id",), name="one_audit_head_each")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("email", models.TextField()),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("invited_by", models.TextField()),
                ("invited_by_name", models.TextField()),
                ("invited_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_by", models.UUIDField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        fields=("organisation_id", "email"),
                        name="one_open_invitation_for_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None), _connector="OR"),
                        name="accepted_or_withdrawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Logo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("png", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation_id",), name="one_logo_each")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("email", models.TextField()),
                ("name", models.TextField()),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("joined_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person_id"], name="councils_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id", "person_id"), name="a_person_joins_a_team_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roles__len__gt", 0),
                            (
                                "roles__contained_by",
                                ["owner", "service_manager", "caseworker", "finance_viewer", "auditor"],
                            ),
                        ),
                        name="an_officer_has_known_roles",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.TextField(help_text="its code in the list of councils; others have none", null=True)),
                ("slug", models.TextField()),
                ("kind", models.TextField()),
                ("tier", models.TextField(blank=True, default="")),
                ("name", models.TextField()),
                ("name_cy", models.TextField(blank=True, default="")),
                (
                    "other_words",
                    models.TextField(blank=True, default="", help_text="words of other names, only searched"),
                ),
                ("nation", models.TextField(blank=True, default="")),
                ("region", models.TextField(blank=True, default="")),
                ("homepage_url", models.TextField(blank=True, default="")),
                ("started_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("searchable", models.TextField(help_text="its names as people may type them")),
                ("live_since", models.DateTimeField(help_text="when an operator opened Guildhall to it", null=True)),
                ("own_name", models.TextField(blank=True, default="")),
                ("own_name_cy", models.TextField(blank=True, default="")),
                ("own_homepage_url", models.TextField(blank=True, default="")),
                ("colour", models.TextField(blank=True, default="")),
                ("logo_digest", models.TextField(blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("slug",), name="an_address_is_one_council"),
                    models.UniqueConstraint(fields=("code",), name="a_line_of_the_list_is_one_council"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="council_slug_is_plain"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "county",
                                    "district",
                                    "unitary",
                                    "london_borough",
                                    "city_corporation",
                                    "metropolitan_district",
                                    "combined_authority",
                                    "platform",
                                ],
                            )
                        ),
                        name="kind_of_organisation_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["county", "district", "unitary", ""])), name="tier_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour__regex", "^(#[0-9a-f]{6})?$")), name="colour_is_hex"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "platform")), fields=("kind",), name="there_is_one_platform"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("slug", models.TextField()),
                ("name", models.TextField()),
                ("name_cy", models.TextField(blank=True, default="")),
                ("summary", models.TextField(blank=True, default="")),
                ("summary_cy", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("live_since", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id", "slug"), name="an_address_is_one_service"),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="service_slug_is_plain"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Regex(
                            django.db.models.functions.comparison.Cast("id", models.TextField()), "^.{14}4.{4}[89ab]"
                        ),
                        name="service_id_is_random",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("previous_hash", models.TextField()),
                ("hash", models.TextField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="organisations.auditevent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation_id", "seq"), name="audit_numbers_are_used_once"),
                    models.UniqueConstraint(
                        fields=("organisation_id", "previous_hash"), name="the_audit_chain_never_forks"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scheme", models.TextField()),
                ("value", models.TextField()),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "value"), name="a_code_is_one_council"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scheme__in", ["gss", "former_gss", "snac", "custodian", "local_authority"])
                        ),
                        name="scheme_of_codes_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationRelation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField()),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_of_others",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("council", "kind", "other"), name="a_relation_is_said_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["part_of", "succeeded_by"])), name="kind_of_relation_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("council", models.F("other")), _negated=True),
                        name="nobody_relates_to_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=guildhall.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "organisation_id",
                    models.UUIDField(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('app.organisation', true), '')::uuid", []
                        ),
                        editable=False,
                    ),
                ),
                ("platform", models.TextField()),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("secret_hidden", models.BinaryField(null=True)),
                ("secret_digest", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(blank=True, default="")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="organisations.service"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("secret_digest",), name="a_secret_is_one_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("service", "platform", "name"),
                        name="a_key_in_use_has_its_own_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("platform__in", ["notify", "pay", "registers"])),
                        name="platform_of_a_key_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["live", "team", "test"])), name="kind_of_a_key_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("secret_hidden", None), ("secret_digest", None), _connector="XOR"),
                        name="hidden_or_digested",
                    ),
                ],
            },
        ),
        *_council_rows_open_to_read_and_own_to_change(),
        OpenTable("organisations_organisationcode", web="SELECT, INSERT", dispatcher="SELECT"),
        OpenTable("organisations_organisationrelation", web="SELECT", dispatcher="SELECT"),
        OpenTable("organisations_platformoperator", web="SELECT"),
        CouncilWall("organisations_logo", web="SELECT, INSERT, UPDATE, DELETE", dispatcher="SELECT"),
        CouncilWall("organisations_service", web="SELECT, INSERT, UPDATE", owner="SELECT"),
        CouncilWall(
            "organisations_membership",
            web="SELECT, INSERT, UPDATE, DELETE",
            dispatcher="SELECT",
            resident_column="person_id",
        ),
        CouncilWall("organisations_invitation", web="SELECT, INSERT, UPDATE", dispatcher="SELECT"),
        CouncilWall("organisations_apikey", web="SELECT, INSERT, UPDATE", dispatcher="SELECT", owner="SELECT"),
        CouncilWall("organisations_auditevent", web="SELECT, INSERT"),
        CouncilWall("organisations_auditlink", web="SELECT"),
        CouncilWall("organisations_audithead", web="SELECT", owner="SELECT"),
        *_a_key_belongs_to_its_services_council(),
        *_audit_is_chained_and_for_ever(),
        DefinerFunction(
            "organisations_council_of_service",
            "SELECT organisation_id FROM organisations_service WHERE id = service",
            arguments="service uuid",
            returns="uuid",
        ),
        DefinerFunction(
            "organisations_key_of_digest",
            "SELECT organisation_id, id FROM organisations_apikey WHERE secret_digest = digest AND revoked_at IS NULL",
            arguments="digest bytea",
            returns="TABLE (organisation_id uuid, key_id uuid)",
            grant_to=("web",),
        ),
        DefinerFunction(
            "organisations_audited_councils",
            "SELECT organisation_id FROM organisations_audithead",
            arguments="",
            returns="SETOF uuid",
            grant_to=(),
        ),
        migrations.RunSQL(_THE_PLATFORM, migrations.RunSQL.noop),
    ]

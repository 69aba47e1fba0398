"""What the models say, the migrations make."""

from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_the_migrations_make_what_the_models_say():
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("guildhall.")}
    wanted = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {label: changes for label, changes in wanted.items() if label in ours} == {}


def test_every_module_has_one_last_migration():
    assert MigrationLoader(connection).detect_conflicts() == {}

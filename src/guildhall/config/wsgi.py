"""What the web server calls for each request: health, the fast path, and for everything else Django.

GUILDHALL_FAST_PATH=closed leaves everything to Django, so that the two doors can be compared (``bench/accept.py``).
"""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")

if not any(settings.INSTALLATION_KEY):
    raise ImproperlyConfigured("GUILDHALL_KEY is missing: serve with ./guildhall web, which finds it")
_django = get_wsgi_application()

# What these import has models, which wait for Django.
from guildhall.config.answers import with_bounded_answers  # noqa: E402
from guildhall.config.bodies import Waiting, threads, with_bounded_bodies  # noqa: E402
from guildhall.config.fast_path import with_fast_path  # noqa: E402
from guildhall.config.health import with_health  # noqa: E402

_inside = with_health(_django) if os.environ.get("GUILDHALL_FAST_PATH") == "closed" else with_fast_path(_django)
_waiting = Waiting(threads())
application = with_bounded_bodies(with_bounded_answers(_inside, _waiting), _waiting)

"""What the web server calls for each request: the leaves, and for everything else Django.

GUILDHALL_LEAVES=closed leaves everything to Django, so that the two doors can be compared (``bench/accept.py``).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")

_django = get_wsgi_application()

from guildhall.config.leaves import with_leaves  # noqa: E402 - what leaves import has models, which wait for Django

application = _django if os.environ.get("GUILDHALL_LEAVES") == "closed" else with_leaves(_django)

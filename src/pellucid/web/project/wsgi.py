"""What the server runs."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from pellucid.knowledge.load import load

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pellucid.web.project.settings")
application = get_wsgi_application()
load()  # here, so that no process's first visitor waits for it
import_module(settings.ROOT_URLCONF)  # as above

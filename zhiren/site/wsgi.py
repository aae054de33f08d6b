"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiren.site.settings")
application = get_wsgi_application()
# What is loaded now stays until the end: collecting garbage between requests need not look through it again.
gc.collect()
gc.freeze()

"""What the web server calls."""

import gc
import os
from importlib import import_module
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiren.site.settings")
application: WSGIApplication = get_wsgi_application()
# The code of every page is loaded now, not while somebody waits; it stays, so the collector of garbage passes over it.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
if os.environ.get("ZHIREN_BEHIND_PROXY") == "1":
    # Tries are limited by network address; without this every visitor would come from the proxy's.
    proxies = os.environ.get("ZHIREN_PROXIES") or "127.0.0.1,::1"
    application = wrap_wsgi_with_proxy_headers(application, proxies)

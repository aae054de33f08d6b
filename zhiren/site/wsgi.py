"""What the web server calls."""

import os
from wsgiref.types import WSGIApplication

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiren.site.settings")
application: WSGIApplication = get_wsgi_application()
if os.environ.get("ZHIREN_BEHIND_PROXY") == "1":
    # Tries are limited by network address; without this every visitor would come from the proxy's.
    proxies = os.environ.get("ZHIREN_PROXIES") or "127.0.0.1,::1"
    application = wrap_wsgi_with_proxy_headers(application, proxies)

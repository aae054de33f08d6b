"""Where clocks call. Some models add `.aspx`."""

from zhiren.connectors.zkteco import views
from zhiren.plumbing.routes import Open, route

app_name = "zkteco"
_CLOCKS = Open("clocks cannot sign in; only those that somebody claimed, from where they may call, are listened to")
_BOTH = ["GET", "POST"]

urlpatterns = [
    route(f"{name}{ending}", view, name=f"{name}{ending.strip('.')}", needs=_CLOCKS, methods=_BOTH)
    for name, view in (("cdata", views.cdata), ("getrequest", views.getrequest), ("devicecmd", views.devicecmd))
    for ending in ("", ".aspx")
]

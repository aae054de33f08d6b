"""The addresses of the mailbox."""

from zhiren.mailbox import permissions as p
from zhiren.mailbox import views
from zhiren.plumbing.routes import route

app_name = "mailbox"
_BOTH = ["GET", "POST"]
_POST = ["POST"]
_MAIL = "mails/<uuid:mail_id>"
_ACCOUNT = "accounts/<uuid:account_id>"

urlpatterns = [
    route("unfiled", views.unfiled, name="unfiled", needs=p.VIEW),
    route("unfiled/file", views.file_many, name="file_many", needs=p.FILE, methods=_POST),
    route(_MAIL, views.mail, name="mail", needs=p.VIEW),
    route(f"{_MAIL}/attachment", views.attachment, name="attachment", needs=p.VIEW),
    route(f"{_MAIL}/file", views.file_mail, name="file", needs=p.FILE, methods=_POST),
    route(f"{_MAIL}/aside", views.put_aside, name="aside", needs=p.FILE, methods=_POST),
    route(f"{_MAIL}/back", views.take_back, name="back", needs=p.FILE, methods=_POST),
    route("accounts", views.accounts, name="accounts", needs=p.MANAGE_ACCOUNTS),
    route("accounts/new", views.new_account, name="new_account", needs=p.MANAGE_ACCOUNTS, methods=_BOTH),
    route(_ACCOUNT, views.account, name="account", needs=p.MANAGE_ACCOUNTS, methods=_BOTH),
    route(f"{_ACCOUNT}/switch", views.switch, name="switch", needs=p.MANAGE_ACCOUNTS, methods=_POST),
]

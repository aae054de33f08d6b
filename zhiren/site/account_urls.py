"""The addresses of signing in: nobody signs up, changes their address or resets a password by mail."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp

from zhiren.plumbing.routes import AnyUser, Open, route
from zhiren.site import views

VISITOR = Open("whoever signs in has not done so yet")
OWN = AnyUser("one's own account")
FORM = ("GET", "POST")

urlpatterns = [
    route("login/", account.login, name="account_login", needs=VISITOR, methods=FORM),
    route("logout/", account.logout, name="account_logout", needs=VISITOR, methods=FORM),
    route("inactive/", account.account_inactive, name="account_inactive", needs=VISITOR),
    route("reauthenticate/", account.reauthenticate, name="account_reauthenticate", needs=OWN, methods=FORM),
    route("password/change/", account.password_change, name="account_change_password", needs=OWN, methods=FORM),
    route("password/set/", account.password_set, name="account_set_password", needs=OWN, methods=FORM),
    route("2fa/", mfa.index, name="mfa_index", needs=OWN),
    route("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate", needs=VISITOR, methods=FORM),
    route("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate", needs=OWN, methods=FORM),
    route("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp", needs=OWN, methods=FORM),
    route("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp", needs=OWN, methods=FORM),
    route("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", needs=OWN, methods=FORM),
    route(
        "2fa/recovery-codes/generate/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        needs=OWN,
        methods=FORM,
    ),
    route("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes", needs=OWN),
    # allauth asks for these two by name; there is nothing behind them.
    route("signup/", views.nothing, name="account_signup", needs=VISITOR, methods=FORM),
    route("email/", views.nothing, name="account_email", needs=OWN, methods=FORM),
]

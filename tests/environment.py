"""The environment of the tests, set before Django reads it: data folder, master key and database of their own."""

import atexit
import os
import shutil
import tempfile

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
os.environ["ZHIREN_DATA"] = tempfile.mkdtemp(prefix=f"zhiren-test-{_WORKER}-")
atexit.register(shutil.rmtree, os.environ["ZHIREN_DATA"], ignore_errors=True)
os.environ["ZHIREN_MASTER_KEY"] = "dGhlIHRlc3RzJyBvd24ga2V5OiBwcm90ZWN0cyBub24="
for name in ("ZHIREN_SMTP_HOST", "ZHIREN_SANDBOX", "ZHIREN_PUBLIC_URL"):
    os.environ.pop(name, None)

# A change is judged by the examples that judged the one before it; whoever runs the tests by hand looks for new ones.
if os.environ.get("CI"):
    from hypothesis import settings

    settings.register_profile("ci", derandomize=True)
    settings.load_profile("ci")

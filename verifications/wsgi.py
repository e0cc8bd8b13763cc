"""In front of Django: what stands in a path and is a secret is taken out of it."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Where a receipt's secret is then, in the WSGI environment: a name that Django's debugger hides.
RECEIPT_SECRET = "verifications.RECEIPT_SECRET"  # noqa: S105  # nosec B105  # a name
_RECEIPT = re.compile(r"(.*/v1/receipts/[^/]*/)(.+)")


def discreet(application: "WSGIApplication") -> "WSGIApplication":
    """Hides the secret of `/v1/receipts/<provider>/<secret>` from all but its view: whatever
    watches requests from outside of Django, as Sentry does, tells their paths.

        application = discreet(get_wsgi_application())

    Without it everything works, and the view is the first that hides it.
    """

    def wrapper(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if found := _RECEIPT.fullmatch(environ.get("PATH_INFO", "")):
            environ[RECEIPT_SECRET] = found[2]
            environ["PATH_INFO"] = found[1] + "…".encode().decode("latin-1")
        return application(environ, start_response)

    return wrapper

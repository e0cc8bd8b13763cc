from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured


class DadashopConfig(AppConfig):
    name = "dadashop"
    verbose_name = "达达商城"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)

        if settings.OTEL:
            try:
                from . import telemetry  # what it stands on is an extra
            except ModuleNotFoundError as error:
                message = f"DADASHOP_OTEL: {error.name} is missing; install requirements-otel.txt"
                raise ImproperlyConfigured(message) from None
            telemetry.start()


class OperatorsConfig(AdminConfig):
    default_site = "dadashop.operators.OperatorSite"

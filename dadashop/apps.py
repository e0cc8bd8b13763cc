from django.apps import AppConfig


class DadashopConfig(AppConfig):
    name = "dadashop"
    verbose_name = "达达商城"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)

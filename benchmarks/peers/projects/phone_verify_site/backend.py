import desk
from phone_verify.backends.base import BaseBackend


class Keeper(BaseBackend):
    def __init__(self, **options):
        super().__init__(**options)
        self.exception_class = Exception

    def send_sms(self, number, message):
        desk.keep(number, message)

    def send_bulk_sms(self, numbers, message):
        raise NotImplementedError

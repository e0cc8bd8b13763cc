from allauth.account.adapter import DefaultAccountAdapter

from allauth_site.models import User


class Adapter(DefaultAccountAdapter):
    """Where the phones of users are, which the library leaves to its project."""

    def set_phone(self, user, phone, verified):
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user):
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone):
        return User.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        """It goes nowhere."""

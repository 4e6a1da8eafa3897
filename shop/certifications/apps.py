from django.apps import AppConfig


class CertificationsConfig(AppConfig):
    name = "shop.certifications"
    label = "certifications"

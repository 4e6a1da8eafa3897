from django.urls import path

from shop.reconciliation import webhooks

app_name = "reconciliation"

urlpatterns = [
    path("webhooks/<slug:code>/<str:token>/", webhooks.bank, name="bank"),
]

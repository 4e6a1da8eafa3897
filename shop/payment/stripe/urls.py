from django.urls import path

from shop.payment.stripe.views import webhook

urlpatterns = [path("", webhook, name="stripe-webhook")]

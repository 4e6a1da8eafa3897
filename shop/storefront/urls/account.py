from django.urls import path

from shop.accounts import security
from shop.storefront import account

urlpatterns = [
    path("", account.summary, name="summary"),
    path("don-hang/", account.orders, name="order-list"),
    path("dia-chi/", account.addresses, name="address-list"),
    path("dia-chi/them/", account.AddressView.as_view(), name="address-create"),
    path("dia-chi/<int:pk>/", account.AddressView.as_view(), name="address-detail"),
    path("dia-chi/<int:pk>/xoa/", account.address_remove, name="address-delete"),
    path("dia-chi/<int:pk>/mac-dinh/", account.address_first, name="address-default"),
    path("ho-so/", account.ProfileView.as_view(), name="profile-view"),
    path("ho-so/<slug:kind>/", security.ContactView.as_view(), name="contact"),
    path("ho-so/<slug:kind>/ma/", security.ContactCodeView.as_view(), name="contact-code"),
    path("mat-khau/", security.PasswordView.as_view(), name="change-password"),
    path("mat-khau/ma/", security.PasswordCodeView.as_view(), name="password-code"),
]

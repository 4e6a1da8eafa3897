"""Sign-in under ``/tai-khoan/``, by the names that allauth knows. What is not here cannot be reached."""

from django.urls import path

from shop.accounts import views

urlpatterns = [
    path("dang-nhap/", views.SignInView.as_view(), name="account_login"),
    path("dang-nhap/ma/", views.CodeView.as_view(), name="account_confirm_login_code"),
    path("dang-xuat/", views.LogoutView.as_view(), name="account_logout"),
    path("da-khoa/", views.InactiveView.as_view(), name="account_inactive"),
    path("dang-ky/", views.SignUpView.as_view(), name="account_signup"),
]

"""Sign-in under ``/tai-khoan/``, by the names that allauth knows. What is not here cannot be reached."""

from django.urls import path

from shop.accounts import views
from shop.accounts.safety import sign_in
from shop.accounts.safety import views as safety

urlpatterns = [
    path("dang-nhap/", views.SignInView.as_view(), name="account_login"),
    path("dang-nhap/ma/", views.CodeView.as_view(), name="account_confirm_login_code"),
    path("dang-nhap/buoc-hai/", sign_in.SecondStepView.as_view(), name="mfa_authenticate"),
    path("dang-nhap/khoa/", sign_in.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("dang-xuat/", views.LogoutView.as_view(), name="account_logout"),
    path("da-khoa/", views.InactiveView.as_view(), name="account_inactive"),
    path("dang-ky/", views.SignUpView.as_view(), name="account_signup"),
    path("xac-nhan/", safety.ProofView.as_view(), name="account_proof"),
    path("bao-mat/", safety.overview, name="account_safety"),
    path("bao-mat/thiet-bi/dang-xuat/", safety.sign_out_others, name="account_sign_out_others"),
    path("bao-mat/thiet-bi/<int:pk>/dang-xuat/", safety.sign_out_there, name="account_sign_out_there"),
    path("bao-mat/ung-dung/", safety.AppOnView.as_view(), name="account_app_on"),
    path("bao-mat/ung-dung/tat/", safety.AppOffView.as_view(), name="account_app_off"),
    path("bao-mat/ma-du-phong/", safety.RecoveryCodesView.as_view(), name="account_recovery_codes"),
    path("bao-mat/khoa/", safety.PasskeyAddView.as_view(), name="account_passkey_add"),
    path("bao-mat/khoa/<int:pk>/xoa/", safety.passkey_off, name="account_passkey_off"),
]

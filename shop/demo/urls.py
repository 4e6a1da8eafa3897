from django.urls import path

from shop.demo import views

app_name = "demo"

urlpatterns = [
    path("thu-chuyen-khoan/<slug:memo>/", views.transfer, name="transfer"),
]

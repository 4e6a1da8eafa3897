from django.urls import path

from shop.desk.listings import views

app_name = "desk_listings"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("tu-khoa/", views.phrases, name="phrases"),
    path("thay-doi/<int:pk>/", views.change, name="change"),
    path("<int:pk>/", views.listing, name="listing"),
]

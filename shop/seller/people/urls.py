from django.urls import path

from shop.seller.people import joining, views

urlpatterns = [
    path("nguoi/", views.people, name="people"),
    path("nguoi/moi/", views.InviteView.as_view(), name="invite"),
    path("nguoi/<int:pk>/", views.PersonView.as_view(), name="person"),
    path("nguoi/<int:pk>/xoa/", views.RemoveView.as_view(), name="person-remove"),
    path("loi-moi/<int:pk>/rut/", views.withdraw, name="invitation-withdraw"),
    path("loi-moi/<slug:token>/", joining.invitation, name="invitation"),
]

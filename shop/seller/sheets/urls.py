from django.urls import path

from shop.seller.sheets import files, views

urlpatterns = [
    path("hang/bang-tinh/", views.sheets, name="sheets"),
    path("hang/bang-tinh/mau/", files.template, name="sheets-template"),
    path("hang/bang-tinh/xuat/", files.export, name="sheets-export"),
    path("hang/bang-tinh/tai-len/", views.upload, name="sheets-upload"),
    path("hang/bang-tinh/<int:pk>/", views.job, name="sheets-job"),
    path("hang/bang-tinh/<int:pk>/tin/", views.news, name="sheets-news"),
    path("hang/bang-tinh/<int:pk>/nhap/", views.take, name="sheets-take"),
    path("hang/bang-tinh/<int:pk>/bo/", views.drop, name="sheets-drop"),
    path("hang/bang-tinh/<int:pk>/loi/", files.faults, name="sheets-faults"),
]

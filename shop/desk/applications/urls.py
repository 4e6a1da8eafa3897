from django.urls import path

from shop.desk.applications import stalls, views

urlpatterns = [
    path("ho-so/", views.queue, name="applications"),
    path("ho-so/<int:pk>/", views.one, name="application"),
    path("ho-so/<int:pk>/tep/<int:file>/", views.file, name="application-file"),
    path("ho-so/<int:pk>/tra-lai/", views.send_back, name="application-return"),
    path("ho-so/<int:pk>/tu-choi/", views.refuse, name="application-refuse"),
    path("ho-so/<int:pk>/duyet/", views.approve, name="application-approve"),
    path("ho-so/gian-hang/", stalls.register, name="stalls"),
    path("ho-so/gian-hang/<int:pk>/", stalls.stall, name="stall"),
    path("ho-so/gian-hang/<int:pk>/xac-minh/", stalls.verify, name="stall-verify"),
    path("ho-so/gian-hang/<int:pk>/mo/", stalls.publish, name="stall-publish"),
    path("ho-so/gian-hang/<int:pk>/dong/", stalls.unpublish, name="stall-unpublish"),
]

from django.urls import path

from shop.seller.apply import papers, steps, views

urlpatterns = [
    path("dang-ky/", views.entry, name="application"),
    path("dang-ky/bat-dau/", views.start, name="application-start"),
    path("dang-ky/ho-so/", views.dossier, name="application-dossier"),
    path("dang-ky/<int:pk>/", views.overview, name="application-overview"),
    path("dang-ky/<int:pk>/gui/", views.review, name="application-review"),
    path("dang-ky/<int:pk>/giay-to/them/", papers.paper, name="application-paper-add"),
    path("dang-ky/<int:pk>/giay-to/<int:paper>/", papers.paper, name="application-paper"),
    path("dang-ky/<int:pk>/giay-to/<int:paper>/bo/", papers.remove, name="application-paper-remove"),
    path("dang-ky/<int:pk>/tep/<int:file>/", papers.file, name="application-file"),
    path("dang-ky/<int:pk>/tep/<int:file>/bo/", papers.file_drop, name="application-file-remove"),
    path("dang-ky/<int:pk>/<slug:word>/", steps.step, name="application-step"),
]

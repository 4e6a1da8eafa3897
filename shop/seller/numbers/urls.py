from django.urls import path

from shop.seller.numbers import own, views

urlpatterns = [
    path("so-lieu/", views.numbers, name="numbers"),
    path("so-lieu/xuat/", views.export, name="numbers-export"),
    path("so-lieu/thang/<int:year>-<int:month>/", views.statement, name="numbers-statement"),
    path("so-lieu/thang/<int:year>-<int:month>/in/", views.statement_print, name="numbers-print"),
    path("so-lieu/thang/<int:year>-<int:month>/excel/", views.statement_excel, name="numbers-excel"),
    path("so-lieu/thang/<int:year>-<int:month>/pdf/", views.statement_paper, name="numbers-pdf"),
    path("du-lieu/", own.overview, name="own-data"),
    path("du-lieu/tao/", own.start, name="own-data-start"),
    path("du-lieu/tin/", own.news, name="own-data-news"),
    path("du-lieu/<int:pk>/tai/", own.fetch, name="own-data-file"),
]

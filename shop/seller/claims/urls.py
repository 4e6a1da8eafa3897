from django.urls import path

from shop.seller.claims import everyone, views

urlpatterns = [
    path("khieu-nai/", views.claims, name="claims"),
    path("khieu-nai/tat-ca/", everyone.claims_everyone, name="claims-everyone"),
    path("khieu-nai/tat-ca/<slug:number>/xong/", everyone.claim_settle, name="claim-settle"),
    path("khieu-nai/<slug:number>/", views.claim, name="claim"),
    path("khieu-nai/<slug:number>/tra-loi/", views.answer, name="claim-answer"),
    path("khieu-nai/<slug:number>/anh/<int:pk>/", views.photo, name="claim-photo"),
]

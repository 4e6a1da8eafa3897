from django.urls import path

from shop.seller.products import editor, photos, steps, views

urlpatterns = [
    path("hang/", views.products, name="products"),
    path("hang/moi/", editor.new, name="product-new"),
    path("hang/<int:pk>/", editor.edit, name="product"),
    path("hang/<int:pk>/hinh/", photos.change, name="product-photo"),
    path("hang/<int:pk>/hinh/bat-dau/", photos.start, name="photo-start"),
    path("hang/hinh/<slug:token>/", photos.chunk, name="photo-chunk"),
    path("hang/hinh/<slug:token>/xong/", photos.finish, name="photo-finish"),
    path("hang/<int:pk>/so-luong/", steps.stock, name="product-stock"),
    path("hang/<int:pk>/buoc/<slug:step>/", steps.step, name="product-step"),
]

from django.urls import path

from shop.seller.accounts import account, feeds, proof, statements

urlpatterns = [
    path("xac-nhan/", proof.ProofView.as_view(), name="proof"),
    path("tai-khoan/", account.overview, name="account"),
    path("tai-khoan/doi/", account.ChangeView.as_view(), name="account-change"),
    path("tai-khoan/doi/xem-lai/", account.ReviewView.as_view(), name="account-review"),
    path("tai-khoan/<int:pk>/duyet/", account.approve, name="account-approve"),
    path("tai-khoan/<int:pk>/dung/", account.stop, name="account-stop"),
    path("tai-khoan/bao-co/", feeds.overview, name="feeds"),
    path("tai-khoan/bao-co/<slug:code>/", feeds.page, name="feed"),
    path("tai-khoan/bao-co/<slug:code>/bat-dau/", feeds.start, name="feed-start"),
    path("tai-khoan/bao-co/<slug:code>/khoa/", feeds.keys, name="feed-keys"),
    path("tai-khoan/bao-co/<slug:code>/so-ao/", feeds.virtual, name="feed-virtual"),
    path("tai-khoan/bao-co/<slug:code>/ngat/", feeds.stop, name="feed-stop"),
    path("tien/sao-ke/", statements.upload, name="statement"),
    path("tien/sao-ke/<int:pk>/", statements.preview, name="statement-preview"),
    path("tien/sao-ke/<int:pk>/nhap/", statements.take, name="statement-take"),
    path("tien/sao-ke/<int:pk>/xong/", statements.done, name="statement-done"),
]

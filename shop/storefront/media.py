"""Public uploads from disk, for installations without a web server or object store in front."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.static import serve

#: Folders of MEDIA_ROOT that everyone may read; scans and evidence live elsewhere.
PUBLIC = ("images", "renditions", "original_images", "documents")


def media(request: HttpRequest, path: str) -> HttpResponse:
    """A file of a public folder; a month in the browser's cache, its name changes when its content does."""
    parts = PurePosixPath(path).parts
    if not parts or parts[0] not in PUBLIC or ".." in parts:
        raise Http404
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=2592000"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response

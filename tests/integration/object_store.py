"""An S3 service on this machine (moto's server) that can stumble, hang and go away as a real one does."""

import http.client
import secrets
import threading
from contextlib import contextmanager

import obstore
from moto.server import DomainDispatcherApplication, create_backend_app
from obstore.store import S3Store
from werkzeug.serving import WSGIRequestHandler, make_server

ACCESS_KEY, SECRET_KEY = "key-of-a-test", "secret-of-a-test"


class Silent(WSGIRequestHandler):
    def log(self, *_arguments):
        pass


class Service:
    """The service; `asked` are its requests, `first` may answer one in its place: a status or None."""

    def __init__(self):
        self._application = DomainDispatcherApplication(create_backend_app)
        self.port, self.asked, self.first = 0, [], lambda _request: None
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self._server = make_server(
            "127.0.0.1", self.port, self._answer, threaded=True, request_handler=Silent
        )
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def away(self):
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def answering(self, first):
        self.first = first
        try:
            yield
        finally:
            self.first = lambda _request: None

    def bucket(self):
        """Make a bucket and return its name."""
        name = f"shop-{secrets.token_hex(6)}"
        asking = http.client.HTTPConnection("127.0.0.1", self.port)
        asking.request("PUT", f"/{name}")
        assert asking.getresponse().status == 200
        asking.close()
        return name

    def inside(self, bucket):
        """Return a bucket as it is, without Bixie."""
        return S3Store(
            bucket,
            endpoint=self.url,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            client_options={"allow_http": True},
        )

    def _answer(self, environ, start_response):
        request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        self.asked.append(request)
        status = self.first(request)
        if status is None:
            return self._application(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(status, [("Content-Length", "0")])
        return [b""]


def names(store):
    """Return the keys of all objects in a bucket."""
    return sorted(one["path"] for objects in obstore.list(store) for one in objects)

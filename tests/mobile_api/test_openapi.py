"""The document of the API says what the API does."""

import pytest

HTTP_METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document(app):
    return app.test_client().get("/openapi.json").json


def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in HTTP_METHODS
    ]


def test_it_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api"}]


def test_every_operation_has_a_name_of_its_own_and_a_summary(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(names) == len(set(names)) == 162
    assert all(operation["summary"] for _, _, operation in operations(document))


def test_every_operation_says_that_it_fails_with_problems(document):
    for path, method, operation in operations(document):
        assert "default" in operation["responses"], (method, path)
        failures = [
            response
            for status, response in operation["responses"].items()
            if status == "default" or status.startswith("4")
        ]
        for failure in failures:
            name = failure.get("$ref", "").rpartition("/")[2]
            response = document["components"]["responses"][name] if name else failure
            assert set(response["content"]) == {"application/problem+json"}, (method, path)


def test_every_route_is_in_the_document(app, document):
    described = set(document["paths"])

    for rule in app.url_map.iter_rules():
        path = "".join(f"{{{part}}}" if dynamic else part for dynamic, part in rule._trace)
        path = path.replace("|", "")
        if path.startswith("/v1/"):
            assert path in described


def test_keys_in_addresses_are_bounded(document):
    [parameter] = document["paths"]["/v1/bookings/{booking_id}"]["parameters"]

    assert parameter["schema"]["type"] == "integer"
    assert parameter["schema"]["maximum"] == 2**63 - 1


def test_the_docs_page_runs_only_our_own_files(app):
    page = app.test_client().get("/docs")

    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    with app.test_client().get("/docs/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
    assert app.test_client().get("/docs/../app.py").status_code == 404

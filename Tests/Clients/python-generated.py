# The story of README.md with a client that openapi-python-client generates from BASE/api/openapi.json. The document must be
# valid, and every module of the client must be importable.
# Packages: python3-venv
# Command: .local/clients/bin/python
# Slow: only deploy/clients runs it.
import importlib
import json
import pathlib
import pkgutil
import subprocess
import sys
import tempfile
import urllib.request

import openapi_spec_validator

base = sys.argv[1]
with urllib.request.urlopen(f"{base}/api/openapi.json") as answer:
    document = json.load(answer)
openapi_spec_validator.validate(document)

directory = tempfile.TemporaryDirectory()
folder = pathlib.Path(directory.name)
(folder / "openapi.json").write_text(json.dumps(document))
(folder / "config.yaml").write_text("post_hooks: []\n")
generated = subprocess.run(
    [
        sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning",
        "--path", folder / "openapi.json", "--config", folder / "config.yaml", "--output-path", folder / "accounts",
    ],
    capture_output=True, text=True)
assert generated.returncode == 0, generated.stdout + generated.stderr

sys.path.insert(0, directory.name)
import accounts

modules = [module.name for module in pkgutil.walk_packages(accounts.__path__, "accounts.")]
for name in modules:
    importlib.import_module(name)
operations = [operation for path in document["paths"].values() for operation in path.values()]
assert len([name for name in modules if name.count(".") == 3 and ".api." in name]) == len(operations)

from accounts import AuthenticatedClient, Client
from accounts.api.default import create_account, create_session, current_session, set_current_session_ended
from accounts.models import CreateAccountBody, CreateSessionBody


def call(operation, client, status, **arguments):
    answer = operation.sync_detailed(client=client, **arguments)
    assert answer.status_code == status, f"{operation.__name__}: {answer}"
    return answer.parsed


form = {"username": "Zoë & co + 100 %", "password": 'a pässwörd = ☃; "x"'}
refused = call(create_account, Client(base_url=base), 400, body=CreateAccountBody(**form | {"password": "x"}))
assert refused.message == "invalid-password-length" and refused.field == "password"
call(create_account, Client(base_url=base), 200, body=CreateAccountBody(**form))

browser = Client(base_url=base)
begun = call(create_session, browser, 200, body=CreateSessionBody(**form))
assert call(current_session, browser, 200).sessionid == begun.sessionid
call(set_current_session_ended, browser, 200)
assert len(browser.get_httpx_client().cookies) == 0
assert call(current_session, browser, 401).message == "Sign in required"

begun = call(create_session, Client(base_url=base), 200, body=CreateSessionBody(**form))
bearer = AuthenticatedClient(base_url=base, token=f"{begun.sessionid}.{begun.token}")
assert call(current_session, bearer, 200).sessionid == begun.sessionid
call(set_current_session_ended, bearer, 200)
call(current_session, bearer, 401)

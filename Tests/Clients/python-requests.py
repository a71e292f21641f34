# The story of README.md with requests.
# Packages: python3-requests
# Command: /usr/bin/python3
import sys

import requests

base = sys.argv[1]
form = {"username": "Zoë & co + 100 %", "password": 'a pässwörd = ☃; "x"'}


def call(client, status, method, route, **arguments):
    answer = client.request(method, f"{base}/api/user/{route}", **arguments)
    assert answer.status_code == status, f"{route}: {answer.status_code} {answer.text}"
    return answer.json()


call(requests, 200, "POST", "create-account", data=form)

browser = requests.Session()
begun = call(browser, 200, "POST", "create-session", data=form)
assert len(browser.cookies) > 0
assert call(browser, 200, "GET", "current-session")["sessionid"] == begun["sessionid"]
call(browser, 200, "PATCH", "set-current-session-ended")
assert len(browser.cookies) == 0
call(browser, 401, "GET", "current-session")

# A part without a file name is a field.
parts = {name: (None, value) for name, value in form.items()}
begun = call(requests, 200, "POST", "create-session", files=parts)
header = {"Authorization": f"Bearer {begun['sessionid']}.{begun['token']}"}
assert call(requests, 200, "GET", "current-session", headers=header)["sessionid"] == begun["sessionid"]
call(requests, 200, "PATCH", "set-current-session-ended", headers=header)
call(requests, 401, "GET", "current-session", headers=header)

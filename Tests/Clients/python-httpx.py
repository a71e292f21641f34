# The story of README.md with httpx.
# Packages: python3-httpx
# Command: /usr/bin/python3
import sys

import httpx

base = sys.argv[1]
form = {"username": "Zoë & co + 100 %", "password": 'a pässwörd = ☃; "x"'}


def call(client, status, method, route, **arguments):
    answer = client.request(method, f"{base}/api/user/{route}", **arguments)
    assert answer.status_code == status, f"{route}: {answer.status_code} {answer.text}"
    return answer.json()


call(httpx, 200, "POST", "create-account", data=form)

with httpx.Client() as browser:
    begun = call(browser, 200, "POST", "create-session", data=form)
    assert len(browser.cookies) > 0
    assert call(browser, 200, "GET", "current-session")["sessionid"] == begun["sessionid"]
    call(browser, 200, "PATCH", "set-current-session-ended")
    assert len(browser.cookies) == 0
    call(browser, 401, "GET", "current-session")

# A part without a file name is a field.
parts = {name: (None, value.encode()) for name, value in form.items()}
begun = call(httpx, 200, "POST", "create-session", files=parts)
header = {"Authorization": f"Bearer {begun['sessionid']}.{begun['token']}"}
assert call(httpx, 200, "GET", "current-session", headers=header)["sessionid"] == begun["sessionid"]
call(httpx, 200, "PATCH", "set-current-session-ended", headers=header)
call(httpx, 401, "GET", "current-session", headers=header)

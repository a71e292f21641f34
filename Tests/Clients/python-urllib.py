# The story of README.md with Python's own urllib.
# Packages: python3
# Command: /usr/bin/python3
import http.cookiejar
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

base = sys.argv[1]
form = {"username": "Zoë & co + 100 %", "password": 'a pässwörd = ☃; "x"'}


def call(opener, status, method, route, form=None, headers={}):
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(f"{base}/api/user/{route}", body, headers, method=method)
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError as error:
        answer = error
    text = answer.read().decode()
    assert answer.status == status, f"{route}: {answer.status} {text}"
    return json.loads(text)


jar = http.cookiejar.CookieJar()
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
plain = urllib.request.build_opener()

call(plain, 200, "POST", "create-account", form)

begun = call(browser, 200, "POST", "create-session", form)
assert len(jar) > 0
assert call(browser, 200, "GET", "current-session")["sessionid"] == begun["sessionid"]
call(browser, 200, "PATCH", "set-current-session-ended")
assert len(jar) == 0
call(browser, 401, "GET", "current-session")

begun = call(plain, 200, "POST", "create-session", form)
header = {"Authorization": f"Bearer {begun['sessionid']}.{begun['token']}"}
assert call(plain, 200, "GET", "current-session", headers=header)["sessionid"] == begun["sessionid"]
call(plain, 200, "PATCH", "set-current-session-ended", headers=header)
call(plain, 401, "GET", "current-session", headers=header)

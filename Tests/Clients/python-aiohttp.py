# The story of README.md with aiohttp.
# Packages: python3-aiohttp
# Command: /usr/bin/python3
import asyncio
import sys

import aiohttp

base = sys.argv[1]
form = {"username": "Zoë & co + 100 %", "password": 'a pässwörd = ☃; "x"'}


async def call(client, status, method, route, **arguments):
    async with client.request(method, f"{base}/api/user/{route}", **arguments) as answer:
        assert answer.status == status, f"{route}: {answer.status} {await answer.text()}"
        return await answer.json()


async def story():
    # By default the jar takes no cookies from an address such as 127.0.0.1.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        await call(browser, 200, "POST", "create-account", data=form)
        begun = await call(browser, 200, "POST", "create-session", data=form)
        assert len(jar) > 0
        assert (await call(browser, 200, "GET", "current-session"))["sessionid"] == begun["sessionid"]
        await call(browser, 200, "PATCH", "set-current-session-ended")
        assert len(jar) == 0
        await call(browser, 401, "GET", "current-session")

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as plain:
        parts = aiohttp.MultipartWriter("form-data")
        for name, value in form.items():
            parts.append(value).set_content_disposition("form-data", name=name)
        begun = await call(plain, 200, "POST", "create-session", data=parts)
        header = {"Authorization": f"Bearer {begun['sessionid']}.{begun['token']}"}
        current = await call(plain, 200, "GET", "current-session", headers=header)
        assert current["sessionid"] == begun["sessionid"]
        await call(plain, 200, "PATCH", "set-current-session-ended", headers=header)
        await call(plain, 401, "GET", "current-session", headers=header)


asyncio.run(story())

import TestSupport
import Testing

/// Rules for every route: verbs, content types, limits, malformed requests, headers of answers.
@Suite("requests")
struct RequestTests {
  private func refusal(_ answer: HTTPResponse) throws -> String {
    #expect(try answer.json["object"] == .string("error"))
    return "\(answer.status) \(try answer.json["message"]?.string ?? "")"
  }

  @Test("every answer forbids caching and sniffing, and has its own request ID", arguments: Front.allCases)
  func headers(front: Front) throws {
    let site = try Site(front)
    let answers = [
      try site.request("GET", "/api/settings"), try site.request("GET", "/nowhere"),
      try site.request("GET", "/api/user/current-session"), try site.request("OPTIONS", "/api/settings"),
      try site.request("POST", "/api/settings"),
    ]
    #expect(answers.map(\.status) == [200, 404, 401, 204, 405])
    for answer in answers {
      #expect(answer.all("Cache-Control") == ["no-store"])
      #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
      #expect(answer["Content-Type"] == (answer.status == 204 ? nil : "application/json; charset=utf-8"))
      #expect(answer["Set-Cookie"] == nil)
    }
    #expect(Set(answers.compactMap { $0["X-Request-Id"] }).count == answers.count)
  }

  @Test("an unknown route is invalid-route", arguments: Front.allCases)
  func routes(front: Front) throws {
    let site = try Site(front)
    for path in [
      "/none", "/api/", "/api/user/", "/api/settings/", "/api/Settings", "/api/user/%61ccount",
      "/api/user/sessionsX",
    ] {
      #expect(try refusal(site.request("GET", path)) == "404 invalid-route")
      #expect(try refusal(site.request("DELETE", path)) == "404 invalid-route")
    }
  }

  @Test("another verb is invalid-method, and Allow names the right ones", arguments: Front.everywhere)
  func verbs(front: Front) throws {
    let site = try Site(front)
    for (path, allowed) in [
      ("/api/settings", "GET, HEAD, OPTIONS"), ("/api/user/create-session", "POST, OPTIONS"),
      ("/api/user/set-session-ended", "PATCH, OPTIONS"),
    ] {
      let verbs = ["GET", "POST", "PATCH", "DELETE", "PUT"] + (front.passesUnknownVerbs ? ["FOO"] : [])
      for verb in verbs where !allowed.contains(verb) {
        let answer = try site.request(verb, path)
        #expect(try refusal(answer) == "405 invalid-method")
        #expect(answer["Allow"] == allowed)
      }
      let options = try site.request("OPTIONS", path)
      #expect(options.status == 204)
      #expect(options["Allow"] == allowed)
      #expect(options.body.isEmpty)
    }
  }

  @Test("HEAD answers like GET, without the body", arguments: Front.everywhere)
  func head(front: Front) throws {
    let site = try Site(front)
    let get = try site.request("GET", "/api/settings")
    let client = try site.client()
    for _ in 0..<3 {
      let head = try client.request("HEAD", "/api/settings")
      #expect(head.status == 200)
      #expect(front.announces(head["Content-Length"], bytes: get.body.count))
      #expect(head.body.isEmpty)
    }
    #expect(try client.request("HEAD", "/api/user/current-session").status == 401)
  }

  @Test("a body with an unknown or missing content type is invalid-content-type", arguments: Front.everywhere)
  func contentTypes(front: Front) throws {
    let site = try Site(front)
    for type in [
      "application/json", "text/plain", "multipart/mixed; boundary=a", "application/x-www-form-urlencodedx",
      "", "junk;;;",
    ] {
      let headers = type.isEmpty ? [] : [("Content-Type", type)]
      let answer = try site.request(
        "POST", "/api/user/create-session", headers: headers, body: Array("{}".utf8))
      #expect(try refusal(answer) == "415 invalid-content-type")
    }
    let empty = try site.request(
      "POST", "/api/user/create-session", headers: [("Content-Type", "application/json")], body: [])
    #expect(try refusal(empty) == "400 invalid-username")
    let cased = try site.request(
      "POST", "/api/user/create-session",
      headers: [("Content-Type", "Application/X-WWW-Form-Urlencoded; Charset=UTF-8")],
      body: Array("username=a".utf8))
    #expect(try refusal(cased) == "400 invalid-password")
  }

  @Test(
    "a malformed form is invalid-request",
    arguments: [
      ("application/x-www-form-urlencoded", "username=%FF&password=x"),
      ("application/x-www-form-urlencoded", "username=a&password=a%00b"),
      ("application/x-www-form-urlencoded", String(repeating: "a=b&", count: 1001)),
      ("application/x-www-form-urlencoded", String(repeating: "a", count: 257) + "=1"),
      ("multipart/form-data", "--b--"),
      ("multipart/form-data; boundary=", "--b--"),
      ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b"),
      ("multipart/form-data; boundary=b", "nothing"),
      ("multipart/form-data; boundary=\"b", "--b--"),
      ("multipart/form-data; boundary=b", "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--"),
      ("multipart/form-data; boundary=b", "--b\r\n\r\nx\r\n--b--"),
      ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\0\r\n--b--"),
    ], Front.everywhere)
  func malformedForms(form: (type: String, body: String), front: Front) throws {
    let site = try Site(front)
    let answer = try site.request(
      "POST", "/api/user/create-account", headers: [("Content-Type", form.type)], body: Array(form.body.utf8))
    #expect(try refusal(answer) == "400 invalid-request")
    #expect(try answer.json["detail"]?.string?.isEmpty == false)
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  /// Signs in as `café`, whose account was made in UTF-8.
  private func signIn(
    _ site: Site, _ type: String, _ body: [UInt8], encodings: [String] = []
  ) throws -> HTTPResponse {
    try site.request(
      "POST", "/api/user/create-session",
      headers: [("Content-Type", type)] + encodings.map { ("Content-Encoding", $0) }, body: body)
  }

  @Test(
    "charsets: windows-1252 by any of its labels is decoded, and others are 415", arguments: Front.everywhere)
  func charsets(front: Front) throws {
    let site = try Site(front)
    let form: KeyValuePairs = ["username": "café", "password": "12345678"]
    #expect(try site.request("POST", "/api/user/create-account", form: form).status == 200)
    let urlEncoded = "application/x-www-form-urlencoded"
    let fields = Array("username=caf%E9&password=12345678".utf8)
    let cafe = Array("caf".utf8) + [0xE9]
    func parts(_ header: String, _ more: String = "") -> [UInt8] {
      Array("--b\r\nContent-Disposition: form-data; name=username\r\n\(header)\r\n".utf8) + cafe
        + Array(
          "\r\n--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n12345678\r\n\(more)--b--\r\n"
            .utf8)
    }
    let named = { (label: String) in
      "--b\r\nContent-Disposition: form-data; name=_charset_\r\n\r\n\(label)\r\n"
    }
    let multipart = "multipart/form-data; boundary=b"
    for (type, body) in [
      ("\(urlEncoded); charset=ISO-8859-1", fields), ("\(urlEncoded);charset=\"latin1\"", fields),
      ("\(urlEncoded); charset=utf-8", Array("_charset_=l1&".utf8) + fields),
      (urlEncoded, fields + Array("&_charset_=us-ascii".utf8)), ("\(multipart); charset=cp1252", parts("")),
      (multipart, parts("Content-Type: text/plain; charset=ascii\r\n")),
      (multipart, parts("", named("windows-1252"))),
    ] {
      let answer = try signIn(site, type, body)
      #expect(answer.status == 200, "\(type): \(answer.text)")
    }
    for (type, body) in [
      ("\(urlEncoded); charset=koi8-r", fields), (urlEncoded, fields + Array("&_charset_=koi8-r".utf8)),
      ("\(multipart); charset=koi8-r", parts("")), (multipart, parts("", named("koi8-r"))),
      (multipart, parts("Content-Type: text/plain; charset=koi8-r\r\n")),
    ] {
      let answer = try signIn(site, type, body)
      #expect(try refusal(answer) == "415 invalid-content-type")
      #expect(try answer.json["detail"]?.string?.contains("koi8-r") == true)
    }
    #expect(try refusal(signIn(site, urlEncoded, fields)) == "400 invalid-request")
  }

  @Test(
    "a Content-Encoding other than identity is 415 and named, on several lines too",
    arguments: Front.everywhere)
  func contentEncodings(front: Front) throws {
    let site = try Site(front)
    let type = "application/x-www-form-urlencoded"
    let body = Array("username=ada&password=12345678".utf8)
    for encodings in [
      ["gzip"], ["GZIP"], ["identity, gzip"], ["identity", "gzip"], ["identity", "identity", "", "gzip"],
    ] {
      for body in [body, [0x1F, 0x8B, 8, 0, 0xFF]] {
        let answer = try signIn(site, type, body, encodings: encodings)
        #expect(try refusal(answer) == "415 invalid-content-type")
        #expect(try answer.json["detail"]?.string?.lowercased().contains("gzip") == true)
      }
    }
    for encodings in [["identity"], ["Identity"], [""], ["identity", "identity"]] {
      #expect(try refusal(signIn(site, type, body, encodings: encodings)) == "401 invalid-username")
    }
  }

  @Test(
    "boundaries of any characters, odd parts, and a field that came as a file", arguments: Front.everywhere)
  func multipartBodies(front: Front) throws {
    let site = try Site(front)
    let part = { (boundary: String, headers: String, content: String) in
      "--\(boundary)\r\nContent-Disposition: form-data; name=\(headers)\r\n\r\n\(content)\r\n"
    }
    for (written, boundary) in [
      ("=b", "b"), (" = \"b\" ;x", "b"), ("=a b", "a b"), ("=\" a b \"", " a b "), (#"="a\"\\b""#, #"a"\b"#),
      ("=[{<@,é>}]=", "[{<@,é>}]="),
    ] {
      let body =
        part(boundary, #""f"; filename="C:\""#, "\0") + part(boundary, "username", "ada")
        + part(boundary, "x\r\nContent-Type:\r\nContent-Transfer-Encoding: base64", "\0")
        + part(boundary, "y\r\nX\r\nContent-Type: a/b; charset=utf-16", "\0")
        + part(boundary, "password", "12345678") + "--\(boundary)--\r\n"
      let answer = try signIn(site, "multipart/form-data; boundary\(written)", Array(body.utf8))
      #expect(try refusal(answer) == "401 invalid-username")
    }
    let file = part("b", "username; filename=f", "ada") + "--b--"
    let answer = try signIn(site, "multipart/form-data; boundary=b", Array(file.utf8))
    #expect(try refusal(answer) == "400 invalid-username")
    #expect(try answer.json["detail"]?.string?.contains("file") == true)
  }

  @Test("a malformed query is invalid-request, and a long one invalid-url-length", arguments: Front.allCases)
  func queries(front: Front) throws {
    let site = try Site(front)
    let ada = try site.signUp("ada")
    func get(_ query: String, as user: Site.User?) throws -> String {
      try refusal(site.request("GET", "/api/user/session?\(query)", as: user))
    }
    #expect(try get("sessionid=%FF", as: ada) == "400 invalid-request")
    #expect(try get("sessionid=a%00", as: ada) == "400 invalid-request")
    let filler = String(repeating: "a", count: 16 * 1024)
    #expect(try get(filler, as: ada) == "400 invalid-request")
    #expect(try get(String(repeating: "&", count: 16 * 1024), as: ada) == "400 invalid-sessionid")
    #expect(try get(filler + "a", as: ada) == "414 invalid-url-length")
    // The check of lengths comes before the check of the session.
    #expect(try get(filler + "a", as: nil) == "414 invalid-url-length")
    // nginx refuses this length itself.
    #expect(try get(filler + filler + filler, as: ada) == "414 invalid-url-length")
  }

  @Test("the limits of nginx and of the program for a body are exact", arguments: Front.everywhere)
  func bodyLength(front: Front) throws {
    let form = Array("username=a&x=".utf8)
    func post(_ length: Int, at site: Site) throws -> String {
      let filler = [UInt8](repeating: UInt8(ascii: "a"), count: length - form.count)
      return try refusal(
        site.request(
          "POST", "/api/user/create-session",
          headers: [("Content-Type", "application/x-www-form-urlencoded")],
          body: form + filler))
    }
    let site = try Site(front)
    #expect(try post(2_000_000, at: site) == "400 invalid-password")
    #expect(try post(2_000_001, at: site) == "413 invalid-request-length")
    let small = try Site(front, settings: ["MAXIMUM_POST_DATA_LENGTH": "100"])
    #expect(try post(100, at: small) == "400 invalid-password")
    #expect(try post(101, at: small) == "413 invalid-request-length")
    #expect(try post(100_000, at: small) == "413 invalid-request-length")
  }

  @Test("many short headers that are too long together are refused in the form of the API")
  func manyLongHeaders() throws {
    let site = try Site(.fastcgi)
    let long = String(repeating: "a", count: 30_000)
    let answer = try site.request("GET", "/api/settings", headers: [("A", long), ("B", long), ("C", long)])
    #expect(answer.status == 500)
    #expect(try answer.json["message"] == .string("unknown-error"))
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("a header of 10 MB is refused, and the next request is answered", arguments: Front.allCases)
  func hugeHeader(front: Front) throws {
    let site = try Site(front)
    let client = try site.client()
    let request = HTTPClient.bytes(
      "GET", "/api/settings", headers: [("X", String(repeating: "a", count: 10_000_000))])
    // nginx may close the connection before it has read the whole header.
    try? client.socket.send(request)
    let answer = try client.receive()
    #expect(try refusal(answer) == "400 invalid-request")
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("large bodies and headers do not grow the program", arguments: [Front.fastcgi])
  func memory(front: Front) throws {
    let site = try Site(front)
    let process = try #require(site.responder?.process)
    let form = [("Content-Type", "application/x-www-form-urlencoded")]
    let body = Array("username=a&x=".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 1_900_000)
    for _ in 0..<12 {
      let answer = try site.request("POST", "/api/user/create-session", headers: form, body: body)
      #expect(answer.status == 400)
    }
    // The allocator keeps some freed memory.
    #expect(try process.residentBytes < 50_000_000)
  }

  @Test("malformed HTTP is refused in the form of the API", arguments: Front.allCases)
  func garbage(front: Front) throws {
    let site = try Site(front)
    let client = try site.client()
    try client.socket.send(Array("GARBAGE\r\n\r\n".utf8))
    #expect(try refusal(client.receive()) == "400 invalid-request")
    #expect(try refusal(site.request("TRACE", "/api/settings")) == "405 invalid-method")
  }

  @Test("a client that leaves during its request disturbs no other client", arguments: Front.everywhere)
  func goesAway(front: Front) throws {
    let site = try Site(
      front, server: "\nfastcgi_request_buffering off;\n")
    for _ in 0..<8 {
      let client = try site.client()
      let request = HTTPClient.bytes(
        "POST", "/api/user/create-account", headers: [("Content-Type", "application/x-www-form-urlencoded")],
        body: Array("username=ada&password=12345678".utf8))
      try client.socket.send(request.dropLast(5))
    }
    #expect(try site.request("GET", "/api/settings").status == 200)
    let ada = try site.signUp("ada")
    // The half requests wrote no data, so this account is the first one.
    #expect(
      try site.request("GET", "/api/user/account?accountid=\(ada.accountid)", as: ada).json["owner"]
        == .boolean(true))
  }

  @Test("a chunked body is read or refused", arguments: Front.everywhere)
  func chunked(front: Front) throws {
    let site = try Site(front)
    let client = try site.client()
    let head = HTTPClient.bytes(
      "POST", "/api/user/create-session",
      headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Transfer-Encoding", "chunked")])
    try client.socket.send(head + Array("8\r\nusername\r\n2\r\n=a\r\n0\r\n\r\n".utf8))
    let answer = try client.receive()
    if front == .apache(.cgi) || front == .apache(.cgid) {
      // These gateways give a program no length, and no sign of a client that leaves.
      #expect(try refusal(answer) == "400 invalid-request")
      #expect(answer.text.contains("send a Content-Length"))
      // A refused body is read all the same: its rest would disturb the next request.
      let chunk = "30000\r\n" + String(repeating: "a", count: 0x30000) + "\r\n0\r\n\r\n"
      for _ in 0..<4 {
        let client = try site.client()
        try client.socket.send(head + Array(chunk.utf8))
        #expect(try refusal(client.receive()) == "400 invalid-request")
      }
    } else {
      #expect(try refusal(answer) == "400 invalid-password")
    }
  }

  @Test(
    "without a responder nginx answers 503 server-busy in the form of the API", arguments: [Front.fastcgi])
  func responderGone(front: Front) throws {
    let site = try Site(front)
    site.responder?.process.signal(9)
    _ = site.responder?.process.wait()
    let answer = try site.request("GET", "/api/settings")
    #expect(try refusal(answer) == "503 server-busy")
    #expect(answer["Retry-After"] == "5")
    #expect(answer.all("Cache-Control") == ["no-store"])
  }
}

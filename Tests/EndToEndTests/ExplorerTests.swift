import DashboardRouting
import TestSupport
import Testing

/// /api, /api/explorer/… and /api/openapi.json.
@Suite("the API explorer")
struct ExplorerTests {
  private static let types = [
    "/api": "text/html; charset=utf-8",
    "/api/explorer/user/create-session": "text/html; charset=utf-8",
    "/api/openapi.json": "application/json; charset=utf-8",
    "/api/explorer/style.css": "text/css; charset=utf-8",
  ]

  @Test("the explorer is open to every client", arguments: Front.everywhere)
  func shown(front: Front) throws {
    let site = try Site(front)
    for (path, type) in Self.types {
      let answer = try site.request("GET", path)
      #expect(answer.status == 200)
      #expect(answer.all("Content-Type") == [type])
      #expect(answer.all("Content-Security-Policy").count == 1)
      #expect(answer["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'self'") == true)
      #expect(answer.all("Referrer-Policy") == ["same-origin"])
      #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
      #expect(front.announces(answer["Content-Length"], bytes: answer.body.count))

      let head = try site.request("HEAD", path)
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head["Content-Type"] == type)
    }
    #expect(try site.request("GET", "/api").text.contains("href=\"/api/explorer/user/create-session\""))
    #expect(try site.request("GET", "/api/openapi.json").json["openapi"] == .string("3.1.0"))
  }

  @Test("the explorer allows only GET and HEAD", arguments: Front.everywhere)
  func readOnly(front: Front) throws {
    let site = try Site(front)
    for path in Self.types.keys {
      let answer = try site.request("POST", path, form: ["a": "b"])
      #expect(answer.status == 405)
      #expect(answer["Allow"] == "GET, HEAD, OPTIONS")
      #expect(try answer.json["message"] == .string("invalid-method"))
    }
  }

  @Test("with EXPLORER=false only the explorer is gone", arguments: Front.everywhere)
  func turnedOff(front: Front) throws {
    let site = try Site(front, settings: ["EXPLORER": "false"])
    for path in Self.types.keys {
      let answer = try site.request("GET", path)
      #expect(answer.status == 404)
      #expect(try answer.json["message"] == .string("invalid-route"))
    }
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("the curl line has the address that the visitor used", arguments: Front.everywhere, [false, true])
  func address(front: Front, isSecure: Bool) throws {
    let site = try Site(front, isSecure: isSecure)
    let scheme = isSecure ? "https" : "http"
    func page(_ host: String) throws -> HTTPResponse {
      try site.request("GET", "/api/explorer/settings", headers: [("Host", host)])
    }
    for host in ["accounts.example:8443", "[2001:db8::7]:8080", "192.0.2.7:8080"] {
      #expect(try page(host).text.contains("curl '\(scheme)://\(host)/api/settings'"))
    }
    // A web server can refuse it. If it does not, the page does not repeat it.
    for host in ["a';touch${IFS}broken;'", "a\"><script>", "a$(touch)", "a`touch`", "a&lt;b", "a{b,c}"] {
      let answer = try page(host)
      #expect(answer.status == 400 || answer.text.contains("curl 'http://…/api/settings'"), "\(answer.text)")
    }
  }

  @Test("openapi.json names the cookie that signing in sets", arguments: Front.allCases, [false, true])
  func cookie(front: Front, isSecure: Bool) throws {
    for settings in [[:], ["COOKIE_NAME": "visit"], ["COOKIE_DOMAIN": "dashboard.test"]] {
      let site = try Site(front, settings: settings, isSecure: isSecure)
      let document = try site.request("GET", "/api/openapi.json").json
      let name = document["components"]?["securitySchemes"]?["cookie"]?["name"]?.string
      _ = try site.signUp("ada")
      let form: KeyValuePairs = ["username": "ada", "password": "password of ada"]
      let cookies = try site.request("POST", "/api/user/create-session", form: form).all("Set-Cookie")
      #expect(cookies.map { String($0.prefix { $0 != "=" }) } == [name])
    }
  }

  @Test("a route allows exactly the lengths that openapi.json of its app has", arguments: Front.allCases)
  func lengths(front: Front) throws {
    let site = try PreparedSite(front)
    let app = try site.newApp(
      settings: """
        MINIMUM_USERNAME_LENGTH=4
        MAXIMUM_USERNAME_LENGTH=20
        MINIMUM_PASSWORD_LENGTH=5
        MAXIMUM_PASSWORD_LENGTH=30
        MINIMUM_RESET_CODE_LENGTH=7
        MAXIMUM_RESET_CODE_LENGTH=15
        MINIMUM_PROFILE_FULL_NAME_LENGTH=3
        MAXIMUM_PROFILE_DISPLAY_NAME_LENGTH=9

        """)
    let owner = try site.person("owner", in: app)
    let document = try site.site.request("GET", "/api/openapi.json", headers: [("X-App", "\(app)")]).json
    let contract = Contract(site: site.site)
    var fields: Set<String> = []
    var number = 0
    for endpoint in Contract.endpoints.values {
      let declaration = endpoint.declaration
      let operation = document["paths"]?[declaration.route]?[declaration.verb.rawValue.lowercased()]
      let content = operation?["requestBody"]?["content"]?["application/x-www-form-urlencoded"]
      let properties = content?["schema"]?["properties"]
      for name in properties?.names ?? [] where properties?[name]?["minLength"] != nil {
        number += 1
        // A change that succeeds can end sessions.
        let person =
          declaration.access.isForAdministrators ? owner : try site.person("user\(number)", in: app)
        func isRefused(_ length: Int) throws -> Bool {
          let values = try contract.values(of: person, for: declaration)
            .merging([name: String(repeating: "7", count: length)]) { $1 }
          let answer = try contract.call(declaration, values, as: person.user, in: app)
          let isMalformed = declaration.exceptions.contains {
            $0.field == name && $0.status == 400 && $0.circumstances.contains(/too (short|long)/)
              && answer.text.contains("\"\($0.code)\"")
          }
          return isMalformed && answer.status == 400
        }
        // Every required field has at least one character.
        if let least = properties?[name]?["minLength"]?.number.map({ Int($0) }), least > 1 {
          #expect(try isRefused(least - 1) && !isRefused(least), "\(declaration.route) \(name) \(least)")
          fields.insert(name)
        }
        if let most = properties?[name]?["maxLength"]?.number.map({ Int($0) }) {
          #expect(try !isRefused(most) && isRefused(most + 1), "\(declaration.route) \(name) \(most)")
        }
      }
    }
    #expect(fields.isSuperset(of: ["username", "password", "new-password", "secret-code", "full-name"]))
  }
}

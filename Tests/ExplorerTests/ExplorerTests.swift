import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

@Suite("the explorer")
struct ExplorerTests {
  private static let paths = APIExplorer(Routes.endpoints).pages.map(\.path).sorted()
  private static let documents = Explorer.paths

  @Test("every route has a page, and the list links to it")
  func everyRoute() throws {
    let list = try #require(try Explorer.page("/api"))
    let links = Set(list.all("a").compactMap { $0["href"] })
    for endpoint in Routes.endpoints {
      let route = endpoint.declaration.route
      let path = "/api/explorer" + route.dropFirst("/api".count)
      #expect(links.contains(path))
      let page = try #require(try Explorer.page(path))
      #expect(page.all("h1").map(\.text) == ["\(endpoint.declaration.verb.rawValue) \(route)"])
    }
    #expect(Self.paths.count == Routes.endpoints.count + 3)
    #expect(Self.documents.count == Routes.endpoints.count + 1)
  }

  @Test("a page tells required, alternative and optional fields apart")
  func necessity() throws {
    func words(_ route: String) throws -> [String] {
      let page = try #require(try Explorer.page("/api/explorer/\(route)"))
      return ["required", "one of them", "optional"].filter { word in
        page.all("td").contains { $0.text == word }
      }
    }
    #expect(try words("user/account") == ["required"])
    #expect(try words("administrator/account") == ["one of them"])
    #expect(try words("administrator/accounts") == ["optional"])
    #expect(try words("user/sessions") == ["required", "optional"])
  }

  @Test("a CGI process makes pages for their paths only")
  func rarePaths() {
    for path in Self.paths { #expect(Path.mayBePage(Array(path.utf8)[...])) }
    for path in ["/", "/api/", "/api/nowhere", "/api/user/session", "/apis", ""] {
      #expect(!Path.mayBePage(Array(path.utf8)[...]))
    }
  }

  @Test("every link leads to a page or to a part of a page", arguments: documents)
  func links(path: String) throws {
    let page = try #require(try Explorer.page(path))
    for link in page.all("a") {
      let parts = try #require(link["href"]).split(
        separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let target = parts[0].isEmpty ? path : String(parts[0])
      #expect(Self.paths.contains(target))
      if parts.count == 2 {
        let document = try #require(try Explorer.page(target))
        #expect(document.elements.contains { $0["id"] == String(parts[1]) })
      }
    }
  }

  /// WCAG 2.2: 2.4.1, 2.4.2, 2.4.6, 1.3.1, 3.1.1, 4.1.1.
  @Test(
    "pages are accessible: language, title, headings, labels, headers of tables",
    arguments: documents)
  func accessibility(path: String) throws {
    let page = try #require(try Explorer.page(path))
    #expect(page.all("html").first?["lang"] == "en")
    #expect(page.all("title").first?.text.isEmpty == false)
    #expect(page.all("meta").contains { $0["name"] == "viewport" })
    #expect(page.all("main").count == 1)
    let levels = page.elements.filter { ["h1", "h2", "h3"].contains($0.name) }.compactMap {
      Int($0.name.dropFirst())
    }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (level, next) in zip(levels, levels.dropFirst()) { #expect(next <= level + 1) }
    let ids = page.elements.compactMap { $0["id"] }
    #expect(ids.count == Set(ids).count)
    for input in page.all("input") {
      #expect(page.all("label").contains { $0["for"] == input["id"] })
    }
    for element in page.elements {
      for reference in [element["aria-labelledby"], element["aria-describedby"]].compactMap(\.self) {
        #expect(ids.contains(reference))
      }
    }
    for table in page.all("table") { #expect(table["aria-labelledby"] != nil) }
    for header in page.all("th") { #expect(header["scope"] != nil) }
    #expect(page.all("script").isEmpty && page.elements.allSatisfy { $0["style"] == nil })
  }

  @Test("a page has everything that its route declares", arguments: Routes.endpoints.map(\.declaration.route))
  func declarations(route: String) throws {
    let endpoint = try #require(Routes.endpoints.first { $0.declaration.route == route })
    let declaration = endpoint.declaration
    let page = try #require(try Explorer.page(Path.explorer(route)))
    let cells = Set((page.all("th") + page.all("td")).map(\.text))
    func plain(_ text: String) -> String { text.filter { $0 != "`" } }
    let whole = try #require(page.all("main").first).text
    #expect(whole.contains(plain(declaration.summary)))
    #expect(whole.contains("\(endpoint.name).self"))
    for exception in declaration.exceptions {
      #expect(cells.isSuperset(of: [exception.code, "\(exception.status)", plain(exception.circumstances)]))
    }
    for parameter in declaration.parameters {
      #expect(
        cells.isSuperset(of: [parameter.name, plain(parameter.words(.standard)), parameter.source.rawValue]))
    }
    for setting in declaration.settings {
      #expect(cells.isSuperset(of: [setting.name, setting.meaning]))
    }
    #expect(cells.contains("Sign in required") == (declaration.access != .open))
    #expect(cells.contains("Administrator required") == declaration.access.isForAdministrators)
    #expect(
      cells.contains("unverified-session")
        == (declaration.access.isFresh || declaration.exceptions.contains { $0.code == "unverified-session" })
    )
    for field in endpoint.fields { #expect(cells.contains(field.name)) }
  }

  @Test(
    "only a GET route has a form, with every field of its URL",
    arguments: Routes.endpoints.map(\.declaration.route))
  func forms(route: String) throws {
    let declaration = try #require(Routes.endpoints.first { $0.declaration.route == route }?.declaration)
    let page = try #require(try Explorer.page(Path.explorer(route)))
    let forms = page.all("form")
    guard declaration.verb == .get else {
      #expect(forms.isEmpty && page.all("button").isEmpty)
      return
    }
    #expect(forms.map { $0["action"] } == [route] && forms.map { $0["method"] } == ["get"])
    #expect(page.all("input").compactMap { $0["name"] } == declaration.parameters.map(\.name))
    #expect(page.all("input").map { $0["required"] != nil } == declaration.parameters.map(\.isRequired))
  }

  @Test("an error code has one header for all its circumstances")
  func groups() throws {
    let page = try #require(try Explorer.page("/api/explorer/user/set-session-ended"))
    let codes = page.all("th").filter { $0["rowspan"] != nil && $0.text.hasPrefix("invalid-") }
    #expect(codes.map(\.text) == ["invalid-sessionid", "invalid-account", "invalid-session"])
    #expect(codes.map { $0["rowspan"] } == ["2", "1", "1"])
  }

  @Test("hostile text is escaped")
  func hostile() throws {
    let endpoints = [AnyEndpoint(Hostile.self)]
    for path in [Path.index, Path.explorer(Hostile.declaration.route)] {
      let page = try Markup(try #require(text(path, endpoints)))
      #expect(page.all("script").isEmpty && page.all("b").isEmpty)
      #expect(page.elements.allSatisfy { $0["onclick"] == nil })
      // Backticks make only <code> elements.
      #expect(page.all("main").first?.text.contains("Summary \(Hostile.text.filter { $0 != "`" })") == true)
    }
    let page = try Markup(try #require(text(Path.explorer(Hostile.declaration.route), endpoints)))
    #expect(page.all("form").first?["action"] == Hostile.declaration.route)
    #expect(page.all("input").first?["name"] == "query \(Hostile.text)")
    #expect(page.all("th").contains { $0.text == Hostile.exception.code })
  }

  @Test("every page has the security headers")
  func headers() throws {
    let directory = try TemporaryDirectory()
    let dashboard = try Dashboard(dataDirectory: directory.path("data"))
    let router = Router(dashboard, APIExplorer(Routes.endpoints).resources) { _ in }
    for path in Self.paths {
      var request = Request()
      for variable in ["REQUEST_METHOD=GET", "REQUEST_URI=\(path)"] {
        request.variables.append(Array(variable.utf8).span)
      }
      var output: [UInt8] = []
      router.respond(to: request).serialize(into: &output, omitBody: true)
      let lines = String(decoding: output, as: UTF8.self).split(separator: "\r\n")
      for line in [
        "Status: 200 OK", "Referrer-Policy: same-origin",
        "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      ] {
        #expect(lines.contains { $0 == line }, "\(path): \(line)")
      }
    }
  }
}

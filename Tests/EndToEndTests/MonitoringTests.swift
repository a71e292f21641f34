import Glibc
import TestSupport
import Testing

/// `/healthz` and `/metrics` through the web servers.
@Suite("monitoring")
struct MonitoringTests {
  private static let token = "a-token-of-metrics"
  private static let proof = [("Authorization", "Bearer \(token)")]

  /// A request to the port of a site, as a program on the machine sends it.
  private func local(_ site: Site, _ target: String, _ headers: [(String, String)] = []) throws
    -> HTTPResponse
  {
    let port = try #require(site.base.flatMap { UInt16($0.split(separator: ":").last ?? "") })
    let host = headers.contains { $0.0 == "Host" } ? [] : [("Host", "127.0.0.1:\(port)")]
    return try HTTPClient(.port(port)).request("GET", target, headers: host + headers)
  }

  @Test(
    "behind nginx a client of the machine may watch, and a process that serves one request has no metrics",
    arguments: Front.allCases)
  func nginx(front: Front) throws {
    let site = try Site(front, settings: ["METRICS_TOKEN": Self.token], hasPort: true)
    let health = try local(site, "/healthz")
    #expect(health.status == 200 && health.text == "ok\n")
    #expect(try local(site, "/metrics").status == (front == .cgi ? 404 : 200))
    for headers in [
      [("Host", "accounts.example")], [("X-Forwarded-For", "127.0.0.1")], [("Via", "1.1 proxy")],
      [("Forwarded", "for=127.0.0.1")],
    ] {
      let unknown = try local(site, "/healthy", headers)
      for target in ["/healthz", "/metrics"] {
        let refused = try local(site, target, headers)
        #expect(refused.status == 404 && refused.body == unknown.body)
        #expect(refused.headers.map(\.name) == unknown.headers.map(\.name))
        #expect(
          try local(site, target, headers + Self.proof).status
            == (front == .cgi && target == "/metrics" ? 404 : 200))
      }
    }
    // nginx tells the address of a client on a unix socket as `unix:`.
    #expect(try site.client().request("GET", "/healthz", headers: [("Host", "localhost")]).status == 404)
  }

  @Test("behind guard.conf the paths are the application's, unless the server block has `monitoring`")
  func guarded() throws {
    let application = try GuardedSite(
      settings: ["METRICS_TOKEN": Self.token], places: [("= /metrics", "include dashboard/anybody;")])
    let own = try application.site.request("GET", "/metrics", headers: Self.proof)
    #expect(!own.text.contains("dashboard_"))
    let monitored = try GuardedSite(
      settings: ["METRICS_TOKEN": Self.token], more: "include dashboard/monitoring;")
    let metrics = try monitored.site.request("GET", "/metrics", headers: Self.proof)
    #expect(metrics.text.contains("dashboard_build_info"))
    #expect(try monitored.site.request("GET", "/healthz", headers: Self.proof).text == "ok\n")
    #expect(try monitored.site.request("GET", "/metrics").status == 404)
  }

  @Test("on shared hosting /healthz answers with the token", arguments: [Front.apache(.cgi)])
  func sharedHosting(front: Front) throws {
    let site = try Site(front, settings: ["METRICS_TOKEN": Self.token])
    let health = try site.request("GET", "/healthz", headers: Self.proof)
    #expect(health.status == 200 && health.text == "ok\n")
    #expect(try site.request("GET", "/healthz").status == 404)
  }

  @Test("behind Apache, with the lines of the guide, the token proves a client, and no other header does")
  func apache() throws {
    let site = try Site(.apache(.proxy), settings: ["METRICS_TOKEN": Self.token])
    for target in ["/healthz", "/metrics"] {
      let away = [("Host", "accounts.example")]
      #expect(try site.request("GET", target, headers: away + Self.proof).status == 200)
      #expect(try site.request("GET", target, headers: away).status == 404)
      let wrong = away + [("Authorization", "Bearer \(Self.token)x")]
      #expect(try site.request("GET", target, headers: wrong).status == 404)
    }
  }

  @Test("a server that can't store changes is unhealthy")
  func unhealthy() throws {
    let site = try Site(
      .fastcgi, settings: ["MAP_SIZE": "1M", "MAXIMUM_REGISTRATIONS": "1000000"], hasPort: true)
    #expect(try local(site, "/healthz").status == 200)
    let isUnhealthy = try eventually(timeout: 60_000) {
      // Writes that fail, again and again.
      for _ in 0..<40 {
        let number = Int.random(in: 0...Int.max)
        _ = try site.request(
          "POST", "/api/user/create-account",
          form: ["username": "user \(number)", "password": "password of one"])
      }
      return try local(site, "/healthz").status == 503
    }
    #expect(isUnhealthy)
    #expect(try local(site, "/healthz").text == "unhealthy\n" || local(site, "/healthz").text == "ok\n")
    #expect(site.log.contains("dashboard: commit-failed: ") || site.log.contains("dashboard: map-full: "))
  }

  // MARK: Prometheus

  /// The names of metrics in a text.
  private func metrics(in text: String) -> Set<String> {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return Set(words.filter { $0.hasPrefix("dashboard_") || $0.hasPrefix("process_") }.map(String.init))
  }

  @Test(
    "Prometheus' tools find no fault in a scrape and in the rules, and every metric that they name exists")
  func tools() throws {
    let site = try Site(.fastcgi, hasPort: true)
    _ = try site.signUp("ada")
    let scrape = try local(site, "/metrics").text
    let check = try ChildProcess.run([Programs.promtool, "check", "metrics"], input: scrape)
    #expect(check.status == 0 && check.output.isEmpty && check.errors.isEmpty, "\(check)")
    let folder = "\(Programs.root)/deploy/monitoring"
    for arguments in [
      ["check", "rules", "\(folder)/alerts.yml"], ["test", "rules", "\(folder)/alerts-test.yml"],
    ] {
      let ending = try ChildProcess.run([Programs.promtool] + arguments)
      #expect(ending.status == 0, "\(ending)")
    }
    let present = metrics(in: scrape)
    let (rules, panels) = (
      metrics(in: try Files.text("\(folder)/alerts.yml")),
      metrics(in: try Files.text("\(folder)/dashboard.json"))
    )
    #expect(rules.count > 1 && rules.isSubset(of: present), "\(rules.subtracting(present))")
    #expect(panels.isSubset(of: present), "\(panels.subtracting(present))")
    // Every metric is on a panel, but a histogram's by its parts.
    let families = scrape.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
      $0.split(separator: " ")[2]
    }
    for family in families {
      #expect(panels.contains { $0.hasPrefix(family) }, "\(family) is on no panel")
    }
    _ = try JSON(Files.read("\(folder)/dashboard.json"))
    let guide = try metrics(in: Files.text("\(Programs.root)/docs/guide/monitoring.md"))
    #expect(
      guide.allSatisfy { name in present.contains { $0.hasPrefix(name) } }, "\(guide.subtracting(present))")
  }

  @Test("Prometheus scrapes the server with the lines of docs/guide/monitoring.md")
  func prometheus() throws {
    let page = try Files.text("\(Programs.root)/docs/guide/monitoring.md")
    let server = try #require(page.components(between: "```nginx\n", and: "```").first)
    let configuration = try #require(page.components(between: "```yaml\n", and: "```").first)
    let (data, directory) = (try TemporaryDirectory(), try TemporaryDirectory())
    let responder = try ResponderProcess(environment: [
      "DATA_DIR": data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4",
    ])
    let (port, own) = (try Address.freePort(), try Address.freePort())
    #expect(server.contains("listen 127.0.0.1:9180;") && configuration.contains("127.0.0.1:9180"))
    let nginx = try Nginx(responder: responder.socketPath) { name, text in
      name == "local.conf.in"
        ? text.replacing("  server {", with: server.replacing("9180", with: "\(port)") + "  server {") : text
    }
    try Files.write(
      "global:\n  scrape_interval: 1s\n"
        + configuration.replacing("9180", with: "\(port)").replacing(
          "/usr/share/dashboard/monitoring", with: "\(Programs.root)/deploy/monitoring"),
      to: directory.path("prometheus.yml"))
    let process = try ChildProcess([
      Programs.prometheus, "--config.file=\(directory.path("prometheus.yml"))",
      "--storage.tsdb.path=\(directory.path("tsdb"))", "--web.listen-address=127.0.0.1:\(own)",
    ])
    defer {
      process.signal(SIGTERM)
      _ = process.wait()
    }
    try Address.port(own).waitUntilAnswered { process.isRunning }
    func ask(_ target: String) throws -> JSON {
      try HTTPClient(.port(own)).request("GET", target).json
    }
    let isScraped = eventually(timeout: 60_000) {
      // Until it has read its files, Prometheus answers 503 without JSON.
      let answer = try? ask("/api/v1/query?query=dashboard_build_info%7Bjob%3D%22dashboard%22%7D")
      return answer?["data"]?["result"]?.array?.first?["value"]?.array?.last == .string("1")
    }
    #expect(isScraped, "\(process.errors)")
    let groups = try ask("/api/v1/rules")["data"]?["groups"]?.array
    #expect(groups?.first?["rules"]?.array?.count == 3)
    withExtendedLifetime(nginx) {}
  }
}

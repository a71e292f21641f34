import TestSupport

/// The sign-in page against a session check: processor time of the responder, and the sizes of page and stylesheet.
enum Pages {
  static func run(_ effort: Effort) throws {
    let signedIn = try SignedIn(100)
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": signedIn.dataDirectory, "EVENT_THREADS": "1"])
    let client = try FastCGIClient(Address.unix(responder.socketPath), timeout: 60_000)
    /// The processor time of a request, in microseconds.
    func time(_ parameters: [(String, String)]) throws -> Double {
      let count = 1000
      let before = responder.process.processorMicroseconds
      for _ in 0..<count {
        let answer = try client.ask(parameters).http
        guard answer.status == 200 else { throw TestFailure("\(answer.status) \(answer.text)") }
      }
      return (responder.process.processorMicroseconds - before) / Double(count)
    }
    let check = Instructions.sessionCheck(signedIn.sessions[0])
    var (checks, pages): ([Double], [Double]) = ([], [])
    for _ in 0..<effort.rounds(30) {
      checks.append(try time(check))
      pages.append(try time(page("/account/signin")))
    }

    print("\nProcessor time of the responder, µs a request\n")
    print("| page | session check | page | ratio | goal | |\n|---|---|---|---|---|---|")
    print(Measurement("sign-in", baseline: checks, measured: pages).row(.atMost(3)))
    let html = try client.ask(page("/account/signin")).http
    let marker = "href=\"/account/style-"
    guard let place = html.text.firstRange(of: marker) else { throw TestFailure(html.text) }
    let path = "/account/style-" + html.text[place.upperBound...].prefix { $0 != "\"" }
    let stylesheet = try client.ask(page(path)).http
    print("\nSizes, KB\n\n| file | KB | goal | |\n|---|---|---|---|")
    for (name, answer, goal) in [("sign-in page", html, 15.0), ("stylesheet", stylesheet, 12)] {
      let size = Double(answer.body.count) / 1000
      print("| \(name) | \(decimal(size)) | \(Goal.atMost(goal).cells(size)) |")
    }
  }

  /// A guest's request for a page, with nginx's parameters.
  private static func page(_ path: String) -> [(String, String)] {
    [
      ("GATEWAY_INTERFACE", "CGI/1.1"), ("REQUEST_METHOD", "GET"), ("REQUEST_URI", path),
      ("QUERY_STRING", ""),
      ("CONTENT_TYPE", ""), ("CONTENT_LENGTH", ""), ("REMOTE_ADDR", "127.0.0.1"),
      ("HTTP_HOST", "dashboard.test"),
      ("SERVER_NAME", "dashboard.test"), ("REQUEST_SCHEME", "http"),
      ("HTTP_ACCEPT_LANGUAGE", "de-DE,de;q=0.9,en;q=0.8"),
    ]
  }
}

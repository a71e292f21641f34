/// A browser at the API of a site: it keeps cookies, tells its origin, and asks an authenticator.
package struct APIBrowser: Sendable {
  package typealias Send =
    @Sendable (_ method: String, _ target: String, _ headers: [(String, String)], _ body: [UInt8]?) throws ->
    HTTPResponse

  /// Scheme, host and port.
  package var origin: String
  package private(set) var cookies: [String: String] = [:]
  /// The account of the last sign-in.
  package private(set) var accountid = ""
  private let send: Send

  package init(_ origin: String = "http://localhost", _ send: @escaping Send) {
    (self.origin, self.send) = (origin, send)
  }

  package mutating func forget(_ cookie: String) { cookies[cookie] = nil }
  package mutating func keep(_ cookie: String, _ value: String?) { cookies[cookie] = value }

  /// - Parameters:
  ///   - route: behind `/api/user/`, unless it begins with a slash.
  ///   - headers: beside those of the browser.
  @discardableResult
  package mutating func request(
    _ method: String, _ route: String, _ form: [String: String]? = nil, headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    let host = origin.split(separator: "/").last.map(String.init) ?? ""
    var headers = [("Host", host), ("Origin", origin)] + headers
    if !cookies.isEmpty {
      headers.append(("Cookie", cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")))
    }
    let body = form.map { fields in
      headers.append(("Content-Type", "application/x-www-form-urlencoded"))
      return Array(fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&").utf8)
    }
    let answer = try send(method, route.hasPrefix("/") ? route : "/api/user/\(route)", headers, body)
    for cookie in answer.all("Set-Cookie") {
      let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
      cookies[pair[0]] = pair.count < 2 || cookie.contains("Max-Age=0") ? nil : pair[1]
    }
    if route == "create-session", answer.status == 200, let id = try answer.json["accountid"]?.string {
      accountid = id
    }
    return answer
  }

  package static func password(of username: String) -> String { "password of \(username)" }

  package static func credentials(_ username: String) -> [String: String] {
    ["username": username, "password": password(of: username)]
  }

  /// Creates an account and signs in.
  package mutating func signUp(_ username: String) throws {
    for route in ["create-account", "create-session"] {
      let answer = try request("POST", route, Self.credentials(username))
      guard answer.status == 200 else { throw TestFailure("\(route): \(answer.text)") }
    }
  }

  @discardableResult
  package mutating func signIn(_ username: String, _ more: [String: String] = [:]) throws -> HTTPResponse {
    try request("POST", "create-session", Self.credentials(username).merging(more) { $1 })
  }

  @discardableResult
  package mutating func signOut() throws -> HTTPResponse {
    try request("PATCH", "set-current-session-ended", [:])
  }

  // MARK: Passkeys

  /// The member `publicKey` of what `navigator.credentials.create` needs.
  package mutating func creation() throws -> JSON {
    try options(request("POST", "create-passkey-options?accountid=\(accountid)", [:]))
  }

  /// The member `publicKey` of what `navigator.credentials.get` needs.
  package mutating func challenge(_ purpose: String) throws -> JSON {
    try options(request("POST", "create-passkey-challenge", ["purpose": purpose]))
  }

  private func options(_ answer: HTTPResponse) throws -> JSON {
    guard answer.status == 200, let options = try answer.json["publicKey"] else {
      throw TestFailure(answer.text)
    }
    return options
  }

  /// Adds a passkey to the account of the browser.
  ///
  /// - Parameters:
  ///   - key: a COSE_Key in place of the authenticator's own.
  ///   - change: of the authenticator's answer.
  @discardableResult
  package mutating func enrol(
    _ authenticator: inout SoftAuthenticator, name: String? = nil, key: [UInt8]? = nil,
    _ change: (inout SoftAuthenticator) -> Void = { _ in }
  ) throws -> HTTPResponse {
    let options = try creation()
    authenticator.answer(options, at: origin)
    authenticator.userHandle = options["user"]?["id"]?.string.map(Base64.bytes(ofURL:))
    var answering = authenticator
    change(&answering)
    return try addPasskey(answering.registration(key: key), name: name)
  }

  package mutating func addPasskey(_ reply: PasskeyReply, name: String? = nil) throws -> HTTPResponse {
    var form = ["credential": reply.json]
    form["passkey-name"] = name
    return try request("POST", "create-passkey?accountid=\(accountid)", form)
  }

  /// The answer of an authenticator to a new challenge.
  package mutating func answer(
    _ purpose: String, _ authenticator: inout SoftAuthenticator,
    _ change: (inout SoftAuthenticator) -> Void = { _ in }
  ) throws -> PasskeyReply {
    authenticator.answer(try challenge(purpose), at: origin)
    if authenticator.counter > 0 { authenticator.counter += 1 }
    var answering = authenticator
    change(&answering)
    return answering.assertion
  }

  /// Signs in by a passkey alone.
  @discardableResult
  package mutating func signIn(
    by authenticator: inout SoftAuthenticator, _ change: (inout SoftAuthenticator) -> Void = { _ in }
  ) throws -> HTTPResponse {
    try signIn(with: answer("sign-in", &authenticator, change))
  }

  package mutating func signIn(with reply: PasskeyReply) throws -> HTTPResponse {
    try request("POST", "create-session", ["credential": reply.json])
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { result, byte in
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      result +=
        isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

extension SoftAuthenticator {
  /// Takes the challenge and the relying party of options.
  package mutating func answer(_ options: JSON, at origin: String) {
    challenge = Base64.bytes(ofURL: options["challenge"]?.string ?? "")
    relyingPartyID = (options["rpId"] ?? options["rp"]?["id"])?.string ?? ""
    self.origin = origin
  }
}

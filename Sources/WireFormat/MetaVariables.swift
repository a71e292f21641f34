/// The meta-variables of a request (RFC 3875 section 4.1), as the web server passes them to a CGI or FastCGI program.
///
/// A client can add only `HTTP_…` variables, through its headers.
package struct MetaVariables: Sendable {
  private var storage: [UInt8] = []
  /// Two numbers for each variable: where its value begins in the storage and where it ends; `absent` if it has none. An array of
  /// `Range<Int>?` would cost a CGI request a third more instructions (docs/design/build.md).
  private var places = [Int](repeating: Self.absent, count: 2 * MetaVariable.count)
  private static let absent = -1

  package init() {}

  /// Appends one variable, `NAME=VALUE`. Ignores malformed and unused ones, such as `HTTP_PROXY`: some programs take that header
  /// for a setting (CVE-2016-5385).
  package mutating func append(_ variable: Span<UInt8>) {
    guard let equals = variable.position(of: UInt8(ascii: "=")),
      let known = MetaVariable(name: variable.extracting(first: equals))
    else { return }
    let value = variable.extracting(droppingFirst: equals + 1)
    if places[2 * known.rawValue] != Self.absent {
      if known == .cookie { join(cookies: value) }
      var line: [UInt8] = []
      line.append(copying: value)
      guard known == .contentEncoding, self[known]?.contentCodings.isEmpty == true,
        !line[...].contentCodings.isEmpty
      else { return }
    }
    places[2 * known.rawValue] = storage.count
    storage.append(copying: value)
    places[2 * known.rawValue + 1] = storage.count
  }

  /// Appends another `Cookie` line. Some clients and proxies send several (RFC 9113 section 8.2.3 joins them so).
  private mutating func join(cookies: Span<UInt8>) {
    let (start, end) = (
      places[2 * MetaVariable.cookie.rawValue], places[2 * MetaVariable.cookie.rawValue + 1]
    )
    if end != storage.count {
      places[2 * MetaVariable.cookie.rawValue] = storage.count
      storage += storage[start..<end]
    }
    storage.append(copying: "; ")
    storage.append(copying: cookies)
    places[2 * MetaVariable.cookie.rawValue + 1] = storage.count
  }

  /// Removes all variables and keeps the memory for the next request.
  package mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    for index in places.indices { places[index] = Self.absent }
  }

  /// The value of a variable; `nil` if it is absent. If the web server repeats a variable, the first value counts; cookies are
  /// joined, and of Content-Encodings the first with a coding counts.
  package subscript(_ variable: MetaVariable) -> Bytes? {
    let start = places[2 * variable.rawValue]
    return start == Self.absent ? nil : storage[start..<places[2 * variable.rawValue + 1]]
  }

  /// The value of a variable; `nil` if it is absent or empty, which is the same (RFC 3875 section 4.1).
  package func nonEmpty(_ variable: MetaVariable) -> Bytes? {
    guard let value = self[variable], !value.isEmpty else { return nil }
    return value
  }
}

/// The request as its variables describe it.
extension MetaVariables {
  /// REQUEST_METHOD (section 4.1.12), empty if absent.
  package var method: Bytes { self[.requestMethod] ?? [] }

  /// True if the response is sent without its body (RFC 9110 section 9.3.2).
  package var isHead: Bool { method.isEqual(to: "HEAD") }

  /// The first of these that is in one of the program's roots: PATH_INFO (section 4.1.5), and SCRIPT_NAME with PATH_INFO (section
  /// 4.1.13), as some web servers take a root for the script's name. Otherwise REQUEST_URI up to the `?`.
  package var path: Bytes {
    let (info, script) = (self[.pathInfo] ?? [], self[.scriptName] ?? [])
    // Below `/api`, PATH_INFO can begin like another root.
    if script.isEqual(to: "/api"), info.starts(with: "/administrator".utf8) { return script + info }
    if Self.isInRoot(info) { return info }
    if !script.isEmpty {
      let whole = info.isEmpty ? script : script + info
      if Self.isInRoot(whole) { return whole }
    }
    let target = self[.requestURI] ?? []
    return target[..<(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)]
  }

  /// True for `/api`, `/account`, `/administrator`, `/.well-known`, `/healthz` and `/metrics`, and for `/authorize`, the PATH_INFO of a
  /// web server that asks who sent a request, and below them.
  private static func isInRoot(_ path: Bytes) -> Bool {
    guard path.first == UInt8(ascii: "/") else { return false }
    let root = path.dropFirst().prefix { $0 != UInt8(ascii: "/") }
    return root.isEqual(to: "api") || root.isEqual(to: "authorize") || root.isEqual(to: "account")
      || root.isEqual(to: "administrator") || root.isEqual(to: ".well-known")
      || root.isEqual(to: "healthz") || root.isEqual(to: "metrics")
  }

  /// QUERY_STRING (section 4.1.7), without the `?`; empty if there is none.
  package var queryString: Bytes {
    if let query = self[.queryString] { return query }
    let target = self[.requestURI] ?? []
    return target[(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)...].dropFirst()
  }

  /// True if the client's connection to the web server uses TLS. HTTPS tells it (a custom of Apache that nginx follows),
  /// otherwise REQUEST_SCHEME.
  package var isSecure: Bool {
    if let https = nonEmpty(.https) { return !https.isEqual(toLowerCase: "off") }
    return self[.requestScheme]?.isEqual(toLowerCase: "https") ?? false
  }

  /// The cookies of HTTP_COOKIE.
  package var cookies: Cookies { Cookies(header: self[.cookie] ?? []) }

  /// The header Authorization; `nil` if it is absent or empty.
  package var authorization: Bytes? { nonEmpty(.authorization) ?? nonEmpty(.redirectAuthorization) }

  /// CONTENT_LENGTH (section 4.1.2) in bytes; `nil` if it is absent, empty, or not a number that fits.
  package var contentLength: Int? {
    guard let text = nonEmpty(.contentLength) else { return nil }
    return Int(decimal: text)
  }
}

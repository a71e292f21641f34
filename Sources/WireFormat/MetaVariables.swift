/// The meta-variables of a request (RFC 3875 section 4.1), as the web server gives them to a CGI or FastCGI program.
///
/// Only these tell who asks and for what; a client can add `HTTP_…` variables through its headers, nothing else.
package struct MetaVariables: Sendable {
  private var storage: [UInt8] = []
  /// Where each variable's value begins in the storage, and then where it ends; those that are absent begin nowhere. Of numbers, for
  /// CGI's sake (CONTRIBUTING.md).
  private var places = [Int](repeating: Self.absent, count: 2 * MetaVariable.count)
  private static let absent = -1

  package init() {}

  /// Appends one variable, `NAME=VALUE`. Passes over what is none, and what nobody looks at: such as `HTTP_PROXY`, the client's
  /// header `Proxy` in the dress of a setting (CVE-2016-5385).
  package mutating func append(_ variable: Span<UInt8>) {
    guard let equals = variable.position(of: UInt8(ascii: "=")),
      let known = MetaVariable(name: variable.extracting(first: equals)),
      places[2 * known.rawValue] == Self.absent
    else { return }
    let value = variable.extracting(droppingFirst: equals + 1)
    places[2 * known.rawValue] = storage.count
    storage.append(copying: value)
    places[2 * known.rawValue + 1] = storage.count
  }

  /// Forgets all variables and keeps the memory for the next request.
  package mutating func removeAll() {
    storage.removeAll(keepingCapacity: true)
    for index in places.indices { places[index] = Self.absent }
  }

  /// The value of a variable; the first one if the web server repeats it, `nil` if it is absent.
  package subscript(_ variable: MetaVariable) -> Bytes? {
    let start = places[2 * variable.rawValue]
    return start == Self.absent ? nil : storage[start..<places[2 * variable.rawValue + 1]]
  }

  /// The value of a variable that has one: an empty one counts as absent (RFC 3875 section 4.1).
  package func nonEmpty(_ variable: MetaVariable) -> Bytes? {
    guard let value = self[variable], !value.isEmpty else { return nil }
    return value
  }
}

/// What the variables say about the request.
extension MetaVariables {
  /// REQUEST_METHOD (section 4.1.12), empty if absent.
  package var method: Bytes { self[.requestMethod] ?? [] }

  /// Whether the answer's body is to be left out (RFC 9110 section 9.3.2).
  package var isHead: Bool { method.isEqual(to: "HEAD") }

  /// PATH_INFO (section 4.1.5) if it is not empty, else the part of REQUEST_URI before `?`, as nginx's stock
  /// parameters have it.
  package var path: Bytes {
    if let path = nonEmpty(.pathInfo) { return path }
    let target = self[.requestURI] ?? []
    return target[..<(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)]
  }

  /// QUERY_STRING (section 4.1.7), without the `?`; empty if there is none.
  package var queryString: Bytes {
    if let query = self[.queryString] { return query }
    let target = self[.requestURI] ?? []
    return target[(target.position(of: UInt8(ascii: "?")) ?? target.endIndex)...].dropFirst()
  }

  /// Whether the client speaks TLS to the web server: HTTPS (a custom of Apache's that nginx follows), or
  /// REQUEST_SCHEME.
  package var isSecure: Bool {
    if let https = nonEmpty(.https) { return !https.isEqual(toLowerCase: "off") }
    return self[.requestScheme]?.isEqual(toLowerCase: "https") ?? false
  }

  /// The cookies of HTTP_COOKIE.
  package var cookies: Cookies { Cookies(header: self[.cookie] ?? []) }

  /// CONTENT_LENGTH (section 4.1.2) in bytes; `nil` if it is absent, empty, or not a number that fits.
  package var contentLength: Int? {
    guard let text = nonEmpty(.contentLength) else { return nil }
    return Int(decimal: text)
  }
}

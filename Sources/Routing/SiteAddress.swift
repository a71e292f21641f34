package import DashboardWireFormat

/// The address of this site as the client used it (RFC 6454 section 4).
///
/// The web server gives it. Scheme: HTTPS or REQUEST_SCHEME. Host: HTTP_HOST or SERVER_NAME. Port: HTTP_HOST or
/// SERVER_PORT, because nginx's stock parameters pass the host without its port.
package struct SiteAddress {
  /// `http` or `https`.
  let scheme: String
  /// In lower case; empty if the web server gives none. The client chooses it.
  let host: Bytes
  let port: Bytes
  /// The port of a URL that names none.
  let standardPort: Bytes

  package init(_ variables: MetaVariables) {
    let isSecure = variables.isSecure
    scheme = isSecure ? "https" : "http"
    standardPort = Array((isSecure ? "443" : "80").utf8)[...]
    let named = (variables.nonEmpty(.host) ?? variables[.serverName] ?? []).lowercased
    let (host, port) = Self.split(named[...])
    self.host = host
    self.port = port ?? variables.nonEmpty(.serverPort) ?? standardPort
  }

  /// Host and port. A colon inside the brackets of an IPv6 address is not a separator.
  static func split(_ host: Bytes) -> (name: Bytes, port: Bytes?) {
    guard let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") else {
      return (host, nil)
    }
    let port = host[colon...].dropFirst()
    return (host[..<colon], port.isEmpty ? nil : port)
  }
}

extension SiteAddress {
  /// The beginning of every URL of this site, such as `https://accounts.example:8443`.
  ///
  /// `nil` if host or port have a character that names, addresses and ports never have. Some web servers pass a Host
  /// header with quotes or markup on.
  package var url: String? {
    guard Self.isHost(host), port.allSatisfy(Self.isDigit), port.count <= 5 else { return nil }
    let suffix = port == standardPort ? "" : ":" + String(decoding: port, as: UTF8.self)
    return "\(scheme)://\(String(decoding: host, as: UTF8.self))\(suffix)"
  }

  /// True for a domain name, or an IPv4 or IPv6 address (RFC 3986 section 3.2.2), in lower case.
  private static func isHost(_ host: Bytes) -> Bool {
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]"), host.count > 2 {
      return host.dropFirst().dropLast().allSatisfy {
        isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) || ":.".utf8.contains($0)
      }
    }
    return !host.isEmpty
      && host.allSatisfy {
        isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || "-._".utf8.contains($0)
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

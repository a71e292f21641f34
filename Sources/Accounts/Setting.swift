/// One setting: its name, what it means, what is allowed, and what it is if nobody says otherwise.
package struct Setting: Sendable {
  package enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    /// A number of bytes: digits, and K, M or G after them for 1024, 1024² or 1024³.
    case size(ClosedRange<Int>)
    case boolean
    case appName
    case origins
    case text
  }

  package let name: String
  package let kind: Kind
  /// As it would be written; empty: none.
  package let standard: String
  package let meaning: String
  package let isSecret: Bool

  private init(_ name: String, _ kind: Kind, _ standard: String, _ meaning: String, isSecret: Bool = false) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.meaning = meaning
    self.isSecret = isSecret
  }

  package static let dataDirectory = Setting(
    "DATA_DIR", .text, "/var/lib/dashboard", "where the data is kept")
  package static let appName = Setting("APPID", .appName, "dashboard", "the app of requests that name none")
  package static let bcryptCost = Setting(
    "BCRYPT_WORKLOAD_FACTOR", .integer(4...31), "12", "bcrypt's cost; each step doubles the time")
  package static let minimumUsername = Setting(
    "MINIMUM_USERNAME_LENGTH", .integer(1...100_000), "3", "characters of the shortest username")
  package static let maximumUsername = Setting(
    "MAXIMUM_USERNAME_LENGTH", .integer(1...100_000), "100", "characters of the longest username")
  package static let minimumPassword = Setting(
    "MINIMUM_PASSWORD_LENGTH", .integer(1...100_000), "8", "characters of the shortest password")
  package static let maximumPassword = Setting(
    "MAXIMUM_PASSWORD_LENGTH", .integer(1...100_000), "128", "characters of the longest password")
  package static let pageSize = Setting(
    "PAGE_SIZE", .integer(1...1000), "10", "elements of a list unless asked otherwise")
  package static let bodyLength = Setting(
    "MAXIMUM_POST_DATA_LENGTH", .integer(1...1_000_000_000), "2000000", "bytes of the longest body")
  package static let registrationIsClosed = Setting(
    "DISABLE_REGISTRATION", .boolean, "false", "whether creating accounts is refused")
  package static let mapSize = Setting(
    "MAP_SIZE", .size(1 << 20...1 << 46), "64G", "bytes that the data can grow to; reserved, not used")
  package static let eventThreads = Setting(
    "EVENT_THREADS", .integer(1...256), "", "threads that wait and read; the number of cores")
  package static let hashingThreads = Setting(
    "HASHING_THREADS", .integer(1...256), "", "threads that hash passwords; the number of cores")
  package static let shutdownTimeout = Setting(
    "SHUTDOWN_TIMEOUT", .integer(0...3600), "10", "seconds that open connections are served after SIGTERM")
  package static let allowedOrigins = Setting(
    "ALLOWED_ORIGINS", .origins, "", "other origins whose pages may call, separated by commas")
  package static let encryptionKey = Setting(
    "DASHBOARD_ENCRYPTION_KEY", .text, "", "mixed into every hash; made at the first start", isSecret: true)
  package static let sessionKey = Setting(
    "DASHBOARD_SESSION_KEY", .text, "", "mixed into the hashes of tokens; made at the first start",
    isSecret: true)

  package static let all = [
    dataDirectory, appName, bcryptCost, minimumUsername, maximumUsername, minimumPassword, maximumPassword,
    pageSize,
    bodyLength, registrationIsClosed, mapSize, eventThreads, hashingThreads, shutdownTimeout, allowedOrigins,
    encryptionKey, sessionKey,
  ]

  /// What may be written, for a person.
  var allowed: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .size(let range):
      "a number of bytes from \(range.lowerBound) to \(range.upperBound), K, M or G may follow"
    case .boolean: "true or false"
    case .appName: "1 to 64 letters, digits, _ and -"
    case .origins:
      "http:// or https://, a host in lower case and maybe a port, such as https://app.example:8443"
    case .text: "a text without control characters"
    }
  }
}

/// A setting that can't be used: the start ends here (exit 78).
package struct ConfigurationError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}

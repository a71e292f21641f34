import DashboardCrypto
package import DashboardRecords
import DashboardWireFormat

/// What a passkey is asked for. A challenge counts for its purpose alone.
package enum PasskeyPurpose: String, CaseIterable, Sendable {
  case enrol
  /// Signing in by the passkey alone.
  case signIn = "sign-in"
  /// Proving the caller's account again.
  case verify
  /// Beside a password or a reset code.
  case secondFactor = "second-factor"

  /// True if the authenticator must have verified its holder, as by a PIN: where no password is asked for.
  var requiresUserVerification: Bool { self == .signIn || self == .verify }
}

/// The site for which passkeys are made and used.
package struct PasskeySite: Sendable {
  /// The relying party identifier (WebAuthn section 4): a domain.
  package let domain: String
  /// Scheme, host and port.
  package let origin: String

  /// `nil` if browsers allow no passkeys here: without HTTPS, except for localhost, and at an IP address.
  ///
  /// - Parameters:
  ///   - site: `BrowserState.site`.
  ///   - domain: PASSKEY_RP_ID; `nil` for the host of the site.
  package init?(_ site: String?, domain: String?) {
    guard let site, let start = site.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let scheme = site[..<start]
    let rest = site[start...].dropFirst(2)
    let host = String(rest.prefix { $0 != ":" })
    guard !host.hasPrefix("["), host.utf8.contains(where: { !Self.isOfAddress($0) }),
      scheme == "https:" || host == "localhost" || host.hasSuffix(".localhost")
    else { return nil }
    let domain = domain ?? host
    guard host == domain || host.hasSuffix("." + domain) else { return nil }
    (self.domain, origin) = (domain, site)
  }

  /// True for the characters of an IPv4 address.
  private static func isOfAddress(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

/// A challenge: a sealed time, which only this server can make, for one purpose, account and browser. The server keeps nothing of it
/// until an answer is right.
struct PasskeyChallenge {
  /// In seconds.
  static let lifetime: Int64 = 300

  let bytes: [UInt8]

  /// - Parameters:
  ///   - account: `nil` for a guest.
  ///   - data: comes back from `data`.
  init(
    _ purpose: PasskeyPurpose, of account: AccountID?, cookie: String, data: [UInt8] = [], _ context: Context
  ) {
    var writer = ByteWriter()
    writer.append(context.now.milliseconds)
    writer.append(bytes: data)
    bytes = context.secrets.seal(
      writer.bytes, .challenge(purpose: purpose.rawValue, cookie: cookie), app: context.app.name,
      account: account ?? .unassigned, random: context.random)
  }

  /// The data of a challenge; `nil` if it was made for something else, or is too old.
  static func data(
    of bytes: [UInt8], _ purpose: PasskeyPurpose, of account: AccountID?, cookie: String, _ context: Context
  ) -> [UInt8]? {
    guard
      let opened = context.secrets.open(
        bytes, .challenge(purpose: purpose.rawValue, cookie: cookie), app: context.app.name,
        account: account ?? .unassigned)
    else { return nil }
    return ByteReader.reading(opened) { reader in
      guard let madeAt = reader.time(), !madeAt.isAhead(of: context.moment),
        context.moment < madeAt.adding(seconds: lifetime)
      else { return nil }
      return Array(opened.dropFirst(8))
    }
  }
}

extension Context {
  package func passkeySite(_ browser: BrowserState) -> PasskeySite? {
    PasskeySite(browser.site, domain: configuration.passkeyDomain)
  }

  /// The domain of passkeys, if only it keeps them from the address at which the browser has the site; `nil` otherwise.
  package func foreignPasskeyDomain(_ browser: BrowserState) -> String? {
    passkeySite(browser) == nil && PasskeySite(browser.site, domain: nil) != nil
      ? configuration.passkeyDomain : nil
  }
}

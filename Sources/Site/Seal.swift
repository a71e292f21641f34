import DashboardCrypto
import DashboardRecords
import DashboardWireFormat

/// The fields of a form that waits for the password: one hidden value, which only the same session can submit, to the same path, within
/// ten minutes.
struct Seal {
  private let secrets: Secrets
  private let session: Session
  private let kind: Sealed
  private let now: Timestamp

  private static let lifetime: Int64 = 600

  init(_ session: Session, path: String, _ secrets: Secrets, now: Timestamp) {
    self.secrets = secrets
    self.session = session
    kind = .form(token: session.formToken(path: path))
    self.now = now
  }

  func seal(_ fields: [(name: String, value: Bytes)], random: any RandomSource) -> String {
    let pairs = fields.map {
      "\(PercentEncoding.encode(Array($0.name.utf8)[...]))=\(PercentEncoding.encode($0.value))"
    }
    let text = "\(now.adding(seconds: Self.lifetime).milliseconds)&\(pairs.joined(separator: "&"))"
    return Hexadecimal.text(
      secrets.seal(
        Array(text.utf8), kind, app: session.appid, account: session.accountid, random: random))
  }

  /// The fields; `nil` if the text was not sealed here, or too long ago.
  func open(_ text: Bytes) -> Form? {
    guard let sealed = Hexadecimal.bytes(text),
      let opened = secrets.open(sealed, kind, app: session.appid, account: session.accountid),
      let end = opened.firstIndex(of: UInt8(ascii: "&")),
      let expiry = Int64(String(decoding: opened[..<end], as: UTF8.self)), now.milliseconds < expiry
    else { return nil }
    return try? Form(urlEncoded: opened[end...].dropFirst())
  }
}

import DashboardRecords
import DashboardRouting
import TestSupport

/// A device that makes and uses one passkey at the contract's site.
struct PasskeyDevice: Sendable {
  private(set) var authenticator: SoftAuthenticator

  /// - Parameter name: tells its passkey from others.
  init(_ name: String) {
    authenticator = SoftAuthenticator()
    authenticator.credentialID = Array("credential of \(name)".utf8)
    // It counts no signatures, so answers may come in any order.
    authenticator.counter = 0
  }

  /// - Parameter options: an answer of create-passkey-options.
  mutating func registration(for options: JSON) -> String {
    authenticator.userHandle = options["publicKey"]?["user"]?["id"]?.string.map(Base64.bytes(ofURL:))
    take(options)
    return authenticator.registration().json
  }

  /// - Parameter options: an answer of create-passkey-challenge.
  mutating func assertion(for options: JSON) -> String {
    take(options)
    return authenticator.assertion.json
  }

  private mutating func take(_ options: JSON) {
    authenticator.answer(options["publicKey"] ?? .null, at: "http://\(Contract.host)")
  }
}

extension Contract {
  /// An answer to fresh options, which is right.
  func registration(by device: inout PasskeyDevice, for person: Person) throws -> String {
    let options = try call(
      "/api/user/create-passkey-options", person.values, as: person.user, in: person.session.appid)
    guard options.status == 200 else { throw TestFailure("no options: \(options.text)") }
    return device.registration(for: try options.json)
  }

  /// The person with another passkey.
  func addPasskey(of device: inout PasskeyDevice, to person: Person) throws -> Person {
    let answer = try registration(by: &device, for: person)
    let values = person.values.merging(["credential": answer]) { $1 }
    let (user, app) = (person.user, person.session.appid)
    let added = try call("/api/user/create-passkey", values, as: user, in: app)
    let listed = try call("/api/user/passkeys", person.values, as: user, in: app)
    guard added.status == 200, let id = try listed.json.array?.first?["passkeyid"]?.string else {
      throw TestFailure("no passkey: \(added.text) \(listed.text)")
    }
    var person = person
    person.values["passkeyid"] = id
    return person
  }

  /// Verifies the session of a person by a passkey alone.
  func verify(_ person: Person, by device: inout PasskeyDevice) throws {
    let (user, app) = (person.user, person.session.appid)
    let options = try call(
      "/api/user/create-passkey-challenge", ["purpose": "verify"], as: user, in: app)
    let values = ["sessionid": user.sessionid, "credential": device.assertion(for: try options.json)]
    let verified = try call("/api/user/set-session-verified", values, as: user, in: app)
    guard verified.status == 200 else { throw TestFailure("not verified: \(verified.text)") }
  }

  /// The values of a request that succeeds: `Person.values`, and a right answer where the route must have one.
  func values(of person: Person, for declaration: Declaration) throws -> [String: String] {
    var values = person.values(for: declaration)
    if declaration.parameters.posted("credential")?.isRequired == true {
      var device = PasskeyDevice("new \(person.user.accountid)")
      values["credential"] = try registration(by: &device, for: person)
    }
    return values
  }
}

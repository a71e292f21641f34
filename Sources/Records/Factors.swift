package import DashboardWireFormat

/// The second factors of an account, beside its password.
package struct Factors: Hashable, Sendable {
  /// An authenticator app: a secret that makes a code every 30 seconds (TOTP, RFC 6238).
  package struct Authenticator: Hashable, Sendable {
    /// The secret, sealed.
    package let secret: [UInt8]
    package let createdAt: Timestamp
    /// The step of the last code that was used (RFC 6238 section 5.2), so that no code counts twice; `nil` before the first one.
    package var lastStep: UInt64?

    package init(secret: [UInt8], createdAt: Timestamp, lastStep: UInt64? = nil) {
      (self.secret, self.createdAt, self.lastStep) = (secret, createdAt, lastStep)
    }
  }

  /// The authenticator app that signs in; `nil` if there is none.
  package var authenticator: Authenticator?
  /// One that waits for its first code, and signs in to nothing; `nil` if there is none.
  package var proposed: Authenticator?
  /// Which session proposed it, and when: no other one sees it. What ends other sessions ends the proposal too.
  package var proposer: UInt32 = 0
  /// The hashes of the recovery codes that were not used, 32 bytes each.
  package var recoveryCodes: [[UInt8]] = []
  /// The number of its passkeys, which are records of their own.
  package var passkeys: UInt16 = 0
  /// The account's name for authenticators: 32 random bytes (WebAuthn section 14.6.1), or empty before the first passkey.
  package var userHandle: [UInt8] = []
  /// Oldest first.
  package var pending: [PendingSignIn] = []
  /// When a wrong code last followed a right password in a sign-in that was not completed, until the holder has taken note; `nil` if
  /// none did.
  package var wrongCodeAt: Timestamp?

  package init() {}

  /// True if signing in needs a second factor.
  package var areEnrolled: Bool { authenticator != nil || passkeys > 0 }

  /// What signs in beside the password.
  package var kinds: [FactorKind] {
    var kinds: [FactorKind] = []
    if authenticator != nil { kinds.append(.totp) }
    if passkeys > 0 { kinds.append(.passkey) }
    if !kinds.isEmpty, !recoveryCodes.isEmpty { kinds.append(.recoveryCode) }
    return kinds
  }
}

/// A kind of second factor, as the API names it.
package enum FactorKind: String, CaseIterable, Sendable {
  case totp
  case passkey
  case recoveryCode = "recovery-code"
}

extension Account {
  /// `nil` for most accounts. `changeFactors` keeps it so.
  package var factors: Factors? { membership?.factors }

  /// True if signing in needs a second factor.
  package var hasSecondFactor: Bool { factors?.areEnrolled ?? false }

  package mutating func changeFactors(_ change: (inout Factors) -> Void) {
    var changed = factors ?? Factors()
    change(&changed)
    let kept = changed == Factors() ? nil : changed
    changeMembership { $0.factors = kept }
  }
}

extension Factors: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    for authenticator in [authenticator, proposed] {
      writer.append(counted: authenticator?.secret ?? [])
      guard let authenticator else { continue }
      writer.append(authenticator.createdAt.milliseconds)
      writer.append(optional: authenticator.lastStep.map { Int64(bitPattern: $0) })
    }
    writer.append(proposer)
    writer.append(UInt8(clamping: recoveryCodes.count))
    for code in recoveryCodes { writer.append(bytes: code) }
    writer.append(passkeys)
    writer.append(counted: userHandle)
    writer.append(UInt8(clamping: pending.count))
    for pending in pending { pending.encode(into: &writer) }
    writer.append(optional: wrongCodeAt?.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    authenticator = try Self.authenticator(&reader)
    proposed = try Self.authenticator(&reader)
    guard let epoch = reader.integer(UInt32.self), let codes = reader.integer(UInt8.self) else {
      throw UnreadableBytes()
    }
    proposer = epoch
    for _ in 0..<codes {
      guard let code = reader.bytes(32) else { throw UnreadableBytes() }
      recoveryCodes.append(code)
    }
    guard let passkeys = reader.integer(UInt16.self), let userHandle = reader.countedBytes(),
      let waiting = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    (self.passkeys, self.userHandle) = (passkeys, userHandle)
    for _ in 0..<waiting { pending.append(try PendingSignIn(decoding: &reader)) }
    guard let wrongCodeAt = reader.optional() else { throw UnreadableBytes() }
    self.wrongCodeAt = wrongCodeAt.map { Timestamp(milliseconds: $0) }
  }

  /// True if a sign-in that waits, or waited, has what only the account's fifth form holds.
  var needsFifthForm: Bool { pending.contains { !$0.network.isEmpty || !$0.methods.isEmpty } }

  func encodeFifthForm(into writer: inout ByteWriter) {
    for one in pending {
      writer.append(counted: one.network)
      writer.append(one.methods.rawValue)
    }
  }

  mutating func decodeFifthForm(_ reader: inout ByteReader) throws(UnreadableBytes) {
    for place in pending.indices {
      guard let network = reader.countedBytes(), let methods = reader.integer(UInt8.self) else {
        throw UnreadableBytes()
      }
      pending[place].network = network
      pending[place].methods = AuthenticationMethods(rawValue: methods)
    }
  }

  private static func authenticator(_ reader: inout ByteReader) throws(UnreadableBytes) -> Authenticator? {
    guard let secret = reader.countedBytes() else { throw UnreadableBytes() }
    if secret.isEmpty { return nil }
    guard let createdAt = reader.time(), let lastStep = reader.optional() else { throw UnreadableBytes() }
    return Authenticator(
      secret: secret, createdAt: createdAt, lastStep: lastStep.map { UInt64(bitPattern: $0) })
  }
}

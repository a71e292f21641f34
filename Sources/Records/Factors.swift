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

  /// A sign-in whose password was right, and that waits for a second factor.
  package struct Pending: Hashable, Sendable {
    /// SHA-512 of the token's text (`Secrets.tokenText`), 64 bytes. A new session key ends it.
    package let tokenHash: [UInt8]
    /// The account's session epoch. A new password ends it.
    package let epoch: UInt32
    /// Seconds for which the session will last.
    package let duration: Int64
    /// The end of the counters that the attempt with the password started, by which it is taken back; `nil` if it was not counted.
    package let attemptEnd: Timestamp?
    package let createdAt: Timestamp

    /// Seconds for which it waits.
    package static let lifetime: Int64 = 300

    package init(
      tokenHash: [UInt8], epoch: UInt32, duration: Int64, attemptEnd: Timestamp?, createdAt: Timestamp
    ) {
      (self.tokenHash, self.epoch, self.duration) = (tokenHash, epoch, duration)
      (self.attemptEnd, self.createdAt) = (attemptEnd, createdAt)
    }

    /// True if it no longer waits, or was created while the clock was ahead.
    package func hasEnded(at now: Timestamp, account: Account) -> Bool {
      epoch != account.sessionEpoch || now >= createdAt.adding(seconds: Self.lifetime)
        || createdAt.isAhead(of: now)
    }
  }

  /// The authenticator app that signs in; `nil` if there is none.
  package var authenticator: Authenticator?
  /// One that waits for its first code, and signs in to nothing; `nil` if there is none.
  package var proposed: Authenticator?
  /// The hashes of the recovery codes that were not used, 32 bytes each.
  package var recoveryCodes: [[UInt8]] = []
  /// Oldest first.
  package var pending: [Pending] = []
  /// When a wrong code last followed a right password, until the holder has taken note; `nil` if none did.
  package var wrongCodeAt: Timestamp?

  package init() {}

  /// True if signing in needs a second factor.
  package var areEnrolled: Bool { authenticator != nil }
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
    writer.append(UInt8(clamping: recoveryCodes.count))
    for code in recoveryCodes { writer.append(bytes: code) }
    writer.append(UInt8(clamping: pending.count))
    for pending in pending {
      writer.append(bytes: pending.tokenHash)
      writer.append(pending.epoch)
      writer.append(pending.duration)
      writer.append(optional: pending.attemptEnd?.milliseconds)
      writer.append(pending.createdAt.milliseconds)
    }
    writer.append(optional: wrongCodeAt?.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    authenticator = try Self.authenticator(&reader)
    proposed = try Self.authenticator(&reader)
    guard let codes = reader.integer(UInt8.self) else { throw UnreadableBytes() }
    for _ in 0..<codes {
      guard let code = reader.bytes(32) else { throw UnreadableBytes() }
      recoveryCodes.append(code)
    }
    guard let waiting = reader.integer(UInt8.self) else { throw UnreadableBytes() }
    for _ in 0..<waiting {
      guard let hash = reader.bytes(64), let epoch = reader.integer(UInt32.self),
        let duration = reader.signed(), let attemptEnd = reader.optional(), let createdAt = reader.time()
      else { throw UnreadableBytes() }
      pending.append(
        Pending(
          tokenHash: hash, epoch: epoch, duration: duration,
          attemptEnd: attemptEnd.map { Timestamp(milliseconds: $0) }, createdAt: createdAt))
    }
    guard let wrongCodeAt = reader.optional() else { throw UnreadableBytes() }
    self.wrongCodeAt = wrongCodeAt.map { Timestamp(milliseconds: $0) }
  }

  private static func authenticator(_ reader: inout ByteReader) throws(UnreadableBytes) -> Authenticator? {
    guard let secret = reader.countedBytes() else { throw UnreadableBytes() }
    if secret.isEmpty { return nil }
    guard let createdAt = reader.time(), let lastStep = reader.optional() else { throw UnreadableBytes() }
    return Authenticator(
      secret: secret, createdAt: createdAt, lastStep: lastStep.map { UInt64(bitPattern: $0) })
  }
}

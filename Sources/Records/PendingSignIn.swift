package import DashboardWireFormat

/// A sign-in whose password was right, and that waits for a second factor.
package struct PendingSignIn: Hashable, Sendable {
  /// SHA-512 of the token's text (`Secrets.tokenText`), 64 bytes. A new session key ends it.
  package let tokenHash: [UInt8]
  /// The account's session epoch. A new password ends it.
  package let epoch: UInt32
  /// Seconds for which the session will last.
  package let duration: Int64
  /// The end of the counters that the attempt with the password started, by which it is taken back; `nil` if it was not counted.
  package let attemptEnd: Timestamp?
  package let createdAt: Timestamp
  /// A keyed hash of the network it came from, at most 255 bytes; empty if that is not known. Stored by the account's form.
  package var network: [UInt8] = []
  /// When a wrong code was last typed for it; `nil` if none was.
  package var wrongCodeAt: Timestamp?
  /// When it became a session; `nil` while it waits.
  package var usedAt: Timestamp?
  /// What that session has proven; empty while it waits. Stored by the account's form.
  package var methods: AuthenticationMethods = []

  /// Seconds for which it waits.
  package static let lifetime: Int64 = 300

  package init(
    tokenHash: [UInt8], epoch: UInt32, duration: Int64, attemptEnd: Timestamp?, createdAt: Timestamp,
    network: [UInt8] = []
  ) {
    (self.tokenHash, self.epoch, self.duration) = (tokenHash, epoch, duration)
    (self.attemptEnd, self.createdAt, self.network) = (attemptEnd, createdAt, network)
  }

  /// True if it no longer waits, or was created while the clock was ahead.
  package func hasEnded(at now: Timestamp, account: Account) -> Bool {
    usedAt != nil || isOver(at: now, account: account)
  }

  /// True if it can be forgotten, used or not.
  package func isOver(at now: Timestamp, account: Account) -> Bool {
    epoch != account.sessionEpoch || now >= createdAt.adding(seconds: Self.lifetime)
      || createdAt.isAhead(of: now)
  }
}

/// What proves a sign-in that waits: the value of its cookie, `ACCOUNTID.TOKEN`.
package struct PendingCredential: Sendable {
  package let accountid: AccountID
  /// 64 lower-case hexadecimal digits.
  package let token: Bytes

  package init(_ accountid: AccountID, _ token: Bytes) {
    (self.accountid, self.token) = (accountid, token)
  }
}

extension PendingSignIn: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.append(bytes: tokenHash)
    writer.append(epoch)
    writer.append(duration)
    writer.append(optional: attemptEnd?.milliseconds)
    writer.append(createdAt.milliseconds)
    writer.append(optional: wrongCodeAt?.milliseconds)
    writer.append(optional: usedAt?.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let hash = reader.bytes(64), let epoch = reader.integer(UInt32.self),
      let duration = reader.signed(), let attemptEnd = reader.optional(), let createdAt = reader.time(),
      let wrongCodeAt = reader.optional(), let usedAt = reader.optional()
    else { throw UnreadableBytes() }
    self.init(
      tokenHash: hash, epoch: epoch, duration: duration,
      attemptEnd: attemptEnd.map { Timestamp(milliseconds: $0) }, createdAt: createdAt)
    self.wrongCodeAt = wrongCodeAt.map { Timestamp(milliseconds: $0) }
    self.usedAt = usedAt.map { Timestamp(milliseconds: $0) }
  }
}

import Accounts
import LMDB

// Each record begins with the number of its form. A later form gets the next number, and this one stays readable.
private let firstForm: UInt8 = 1

extension Account: TableValue {
  func encode(into writer: inout ByteWriter) {
    writer.append(firstForm)
    writer.append(accountid.rawValue)
    writer.append(text: appid.description)
    writer.append(sequence)
    writer.append(bytes: usernameHash)
    writer.append(text: passwordHash.text)
    writer.append(text: sessionKey)
    writer.append(sessionKeyNumber)
    writer.append(sessionCount)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
    writer.append(optional: profileid.map { Int64(bitPattern: $0.rawValue) })
    for path in Self.optionalTimes { writer.append(optional: self[keyPath: path]?.milliseconds) }
  }

  init?(decoding reader: inout ByteReader) {
    guard reader.integer(UInt8.self) == firstForm,
      let id = reader.integer(UInt64.self), let app = reader.text().flatMap(AppName.init),
      let sequence = reader.integer(UInt64.self), let usernameHash = reader.bytes(64),
      let passwordHash = reader.text(), let sessionKey = reader.text(),
      let sessionKeyNumber = reader.integer(UInt32.self), let sessionCount = reader.integer(UInt64.self),
      let createdAt = reader.signed(), let updatedAt = reader.signed(), let profile = reader.optional()
    else { return nil }
    self.init(
      accountid: AccountID(rawValue: id), appid: app, sequence: sequence, usernameHash: usernameHash,
      passwordHash: PasswordHash(text: passwordHash), sessionKey: sessionKey,
      createdAt: Timestamp(milliseconds: createdAt))
    self.sessionKeyNumber = sessionKeyNumber
    self.sessionCount = sessionCount
    self.updatedAt = Timestamp(milliseconds: updatedAt)
    profileid = profile.map { ProfileID(rawValue: UInt64(bitPattern: $0)) }
    for path in Self.optionalTimes {
      guard let time = reader.optional() else { return nil }
      self[keyPath: path] = time.map { Timestamp(milliseconds: $0) }
    }
  }

  /// In the order in which they are stored.
  private static var optionalTimes: [WritableKeyPath<Account, Timestamp?>] {
    [
      \.sessionKeyLastResetAt, \.deletedAt, \.lastSignedInAt, \.resetCodeLastCreatedAt, \.resetCodeLastUsedAt,
      \.ownerSince, \.administratorSince, \.usernameLastChangedAt, \.passwordLastChangedAt,
    ]
  }
}

extension Session: TableValue {
  func encode(into writer: inout ByteWriter) {
    writer.append(firstForm)
    writer.append(sessionid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(duration)
    writer.append(bytes: csrfToken)
    writer.append(bytes: tokenHash)
    writer.append(sessionKeyNumber)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
    writer.append(lastVerifiedAt.milliseconds)
    writer.append(optional: endedAt?.milliseconds)
  }

  init?(decoding reader: inout ByteReader) {
    guard reader.integer(UInt8.self) == firstForm,
      let id = reader.integer(UInt64.self), let app = reader.text().flatMap(AppName.init),
      let accountid = reader.integer(UInt64.self), let sequence = reader.integer(UInt64.self),
      let duration = reader.signed(), let csrfToken = reader.bytes(64), let tokenHash = reader.bytes(64),
      let sessionKeyNumber = reader.integer(UInt32.self), let createdAt = reader.signed(),
      let updatedAt = reader.signed(), let lastVerifiedAt = reader.signed(), let endedAt = reader.optional()
    else { return nil }
    self.init(
      sessionid: SessionID(rawValue: id), appid: app, accountid: AccountID(rawValue: accountid),
      sequence: sequence, duration: duration, csrfToken: csrfToken, tokenHash: tokenHash,
      sessionKeyNumber: sessionKeyNumber, createdAt: Timestamp(milliseconds: createdAt))
    self.updatedAt = Timestamp(milliseconds: updatedAt)
    self.lastVerifiedAt = Timestamp(milliseconds: lastVerifiedAt)
    self.endedAt = endedAt.map { Timestamp(milliseconds: $0) }
  }
}

import DashboardCrypto
package import DashboardWireFormat

extension Account: ByteCodable {
  /// The second form adds `deletionScheduler`, the third one what is in `Membership`, the fourth one second factors, the fifth one the
  /// networks and results of sign-ins that wait for one. An account keeps the first form that holds what it has, so that most accounts stay as
  /// small as they were.
  private enum Form: UInt8 { case first = 1, second, third, fourth, fifth }

  package func encode(into writer: inout ByteWriter) {
    let form: Form =
      if let factors = membership?.factors {
        factors.needsFifthForm ? .fifth : .fourth
      } else if membership != nil {
        .third
      } else {
        deletionScheduler != nil ? .second : .first
      }
    writer.append(form.rawValue)
    writer.append(accountid.rawValue)
    writer.append(text: appid.description)
    writer.append(sequence)
    writer.append(bytes: usernameHash)
    writer.append(counted: passwordHash.bytes)
    writer.append(counted: sessionSalt)
    writer.append(sessionKeyNumber)
    writer.append(sessionEpoch)
    writer.append(oldestCode)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
    writer.append(optional: profileid.map { Int64(bitPattern: $0.rawValue) })
    for time in [
      sessionKeyLastResetAt, deletedAt, lastSignedInAt, resetCodeLastCreatedAt, resetCodeLastUsedAt,
      ownerSince, administratorSince, usernameLastChangedAt, passwordLastChangedAt,
    ] {
      writer.append(optional: time?.milliseconds)
    }
    switch deletionScheduler {
    case nil: if membership != nil { writer.append(UInt8(0)) }
    case .holder: writer.append(UInt8(1))
    case .administrator(let id):
      writer.append(UInt8(2))
      writer.append(id.rawValue)
    case .operator: writer.append(UInt8(3))
    }
    membership?.encode(into: &writer)
    membership?.factors?.encode(into: &writer)
    if form == .fifth { membership?.factors?.encodeFifthForm(into: &writer) }
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let form = reader.integer(UInt8.self).flatMap(Form.init),
      let id: AccountID = reader.identifier(), let app = reader.app(),
      let sequence = reader.integer(UInt64.self), let usernameHash = reader.bytes(64),
      let passwordHash = reader.countedBytes(), let sessionSalt = reader.countedBytes(),
      let sessionKeyNumber = reader.integer(UInt32.self), let sessionEpoch = reader.integer(UInt32.self),
      let oldestCode = reader.integer(UInt64.self),
      let createdAt = reader.time(), let updatedAt = reader.time(), let profile = reader.optional()
    else { throw UnreadableBytes() }
    self.init(
      accountid: id, appid: app, sequence: sequence, usernameHash: usernameHash,
      passwordHash: PasswordHash(bytes: passwordHash), sessionSalt: sessionSalt, createdAt: createdAt)
    self.sessionKeyNumber = sessionKeyNumber
    self.sessionEpoch = sessionEpoch
    self.oldestCode = oldestCode
    self.updatedAt = updatedAt
    profileid = profile.map { ProfileID(rawValue: UInt64(bitPattern: $0)) }
    func isRead(_ time: inout Timestamp?) -> Bool {
      guard let stored = reader.optional() else { return false }
      time = stored.map { Timestamp(milliseconds: $0) }
      return true
    }
    guard isRead(&sessionKeyLastResetAt), isRead(&deletedAt), isRead(&lastSignedInAt),
      isRead(&resetCodeLastCreatedAt), isRead(&resetCodeLastUsedAt), isRead(&ownerSince),
      isRead(&administratorSince), isRead(&usernameLastChangedAt), isRead(&passwordLastChangedAt)
    else { throw UnreadableBytes() }
    switch form {
    case .first: break
    case .second: deletionScheduler = try Self.scheduler(&reader)
    case .third, .fourth, .fifth:
      deletionScheduler = try Self.scheduler(&reader)
      var membership = try Membership(decoding: &reader)
      if form != .third {
        var factors = try Factors(decoding: &reader)
        if form == .fifth { try factors.decodeFifthForm(&reader) }
        membership.factors = factors
      }
      self.membership = membership
    }
  }

  private static func scheduler(_ reader: inout ByteReader) throws(UnreadableBytes) -> DeletionScheduler? {
    switch reader.integer(UInt8.self) {
    case 0: return nil
    case 1: return .holder
    case 2:
      guard let id = reader.integer(UInt64.self) else { throw UnreadableBytes() }
      return .administrator(AccountID(rawValue: id))
    case 3: return .operator
    default: throw UnreadableBytes()
    }
  }
}

import DashboardCrypto
package import DashboardWireFormat

// The first byte of a record is the number of its form. A new form gets the next number. A decoder reads all
// forms.

/// The only form of profiles and reset codes.
private let firstForm: UInt8 = 1

extension ByteReader {
  mutating func identifier<Kind>() -> Identifier<Kind>? {
    integer(UInt64.self).map { Identifier(rawValue: $0) }
  }

  mutating func app() -> AppName? { text().flatMap(AppName.init) }

  package mutating func time() -> Timestamp? { signed().map { Timestamp(milliseconds: $0) } }
}

extension Session: ByteCodable {
  /// The second form adds `details`, the third one `methods`. A session keeps the first form that holds what it has.
  private enum Form: UInt8 { case first = 1, second, third }
  /// In the byte of the methods.
  private static let hasDetails: UInt8 = 0x80

  package func encode(into writer: inout ByteWriter) {
    let form: Form = methods != .password ? .third : details != nil ? .second : .first
    writer.append(form.rawValue)
    writer.append(sessionid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(duration)
    writer.append(bytes: csrfToken)
    writer.append(bytes: tokenHash)
    writer.append(epoch)
    writer.append(idleTimeout)
    writer.append(lastUse.milliseconds)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
    writer.append(lastVerifiedAt.milliseconds)
    writer.append(optional: endedAt?.milliseconds)
    if form == .third { writer.append(methods.rawValue | (details == nil ? 0 : Self.hasDetails)) }
    if let details { writer.append(counted: details.bytes) }
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let form = reader.integer(UInt8.self).flatMap(Form.init),
      let id: SessionID = reader.identifier(), let app = reader.app(),
      let accountid: AccountID = reader.identifier(), let sequence = reader.integer(UInt64.self),
      let duration = reader.signed(), let csrfToken = reader.bytes(64), let tokenHash = reader.bytes(64),
      let epoch = reader.integer(UInt32.self), let idleTimeout = reader.signed(),
      let lastUse = reader.time(), let createdAt = reader.time(), let updatedAt = reader.time(),
      let lastVerifiedAt = reader.time(), let endedAt = reader.optional()
    else { throw UnreadableBytes() }
    // Read before `self` exists: an error after that would cost every reader a copy.
    var (details, methods): (ClientDetails?, AuthenticationMethods) = (nil, .password)
    var hasDetails = form == .second
    if form == .third {
      guard let stored = reader.integer(UInt8.self) else { throw UnreadableBytes() }
      hasDetails = stored & Self.hasDetails != 0
      methods = AuthenticationMethods(rawValue: stored & ~Self.hasDetails)
    }
    if hasDetails {
      guard let bytes = reader.countedBytes() else { throw UnreadableBytes() }
      details = ClientDetails(bytes: bytes)
    }
    self.init(
      sessionid: id, appid: app, accountid: accountid, sequence: sequence, duration: duration,
      csrfToken: csrfToken, tokenHash: tokenHash, epoch: epoch, idleTimeout: idleTimeout, details: details,
      createdAt: createdAt)
    self.updatedAt = updatedAt
    self.lastUse = lastUse
    self.lastVerifiedAt = lastVerifiedAt
    self.endedAt = endedAt.map { Timestamp(milliseconds: $0) }
    self.methods = methods
  }
}

extension Profile: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.append(firstForm)
    writer.append(profileid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
    writer.append(UInt8(clamping: values.count))
    for field in ProfileField.allCases {
      guard let value = values[field] else { continue }
      writer.append(field.rawValue)
      writer.append(text: value)
    }
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard reader.integer(UInt8.self) == firstForm,
      let id: ProfileID = reader.identifier(), let app = reader.app(),
      let accountid: AccountID = reader.identifier(), let sequence = reader.integer(UInt64.self),
      let createdAt = reader.time(), let updatedAt = reader.time(),
      let count = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    var values: [ProfileField: String] = [:]
    for _ in 0..<count {
      guard let field = reader.integer(UInt8.self).flatMap(ProfileField.init), let value = reader.text()
      else { throw UnreadableBytes() }
      values[field] = value
    }
    self.init(
      profileid: id, appid: app, accountid: accountid, sequence: sequence, values: values,
      createdAt: createdAt)
    self.updatedAt = updatedAt
  }
}

extension ResetCode: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.append(firstForm)
    writer.append(codeid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(bytes: secretCodeHash)
    writer.append(creator.rawValue)
    writer.append(createdAt.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard reader.integer(UInt8.self) == firstForm,
      let id: ResetCodeID = reader.identifier(), let app = reader.app(),
      let accountid: AccountID = reader.identifier(), let sequence = reader.integer(UInt64.self),
      let hash = reader.bytes(64), let creator: AccountID = reader.identifier(), let createdAt = reader.time()
    else { throw UnreadableBytes() }
    self.init(
      codeid: id, appid: app, accountid: accountid, sequence: sequence, secretCodeHash: hash,
      creator: creator, createdAt: createdAt)
  }
}

import DashboardCrypto
package import DashboardWireFormat

/// An event that an account keeps for a while, so that its holder can see what happened.
public struct AccountEvent: Hashable, Sendable, CustomStringConvertible {
  public package(set) var eventid: EventID
  public let appid: AppName
  public let accountid: AccountID
  /// As in the event log, such as `signed-in`.
  public let name: String
  /// When it happened, or the first of several (`count`).
  public let createdAt: Timestamp
  /// How often it happened, 1 or more: what repeats itself is one event.
  public package(set) var count: Int
  /// The last of several; `nil` for a single one, or if an older program counted it.
  public package(set) var lastAt: Timestamp?
  /// True if nothing that the account keeps shows the browser, the system and the network of this sign-in.
  public package(set) var isNewDevice = false

  /// The address of the client; `nil` if it is not known or not shown.
  public var address: String? { shownDetails?.address }

  /// The header User-Agent of the client; `nil` if it is not known or not shown.
  public var userAgent: String? { shownDetails?.userAgent }

  /// Who acted: an account's identifier, `operator` or `administrator`; `nil` for the holder of the account.
  public var by: String? {
    switch actor {
    case .holder: nil
    case .operator: "operator"
    case .account(let id): namesActor ? "\(id)" : "administrator"
    }
  }

  /// The identifier: no other field of an event belongs in logs.
  public var description: String { eventid.description }

  /// The raw values are stored.
  package enum Meaning: UInt8, Sendable {
    case other
    /// An attempt of a client that proved nothing. It has a limited number of places.
    case failure
    /// It shows a device that the account's holder has.
    case device
  }

  package enum Actor: Hashable, Sendable {
    case holder
    case `operator`
    case account(AccountID)
  }

  /// How the person signed in, such as `password totp`; `nil` for other events, or if an older program kept it.
  public var authenticatedBy: String? { methods.isEmpty ? nil : "\(methods.words)" }

  // Never returned by any route:

  package var sequence: UInt64
  package let meaning: Meaning
  package let actor: Actor
  /// `nil` if the app keeps none (SESSION_DETAILS), or if the event has no client.
  package let details: ClientDetails?
  /// 16 bytes, the same in events that can be one; empty if it can't be one with others.
  package let mark: [UInt8]
  /// What was proven by a sign-in; empty for other events.
  package var methods: AuthenticationMethods = []
  /// True until the holder has taken note of a new browser and system.
  package var isUnnoticed = false
  /// True if the call may see the client's details.
  package var showsDetails = false
  /// True if the call may see which account acted.
  package var namesActor = false

  package init(
    eventid: EventID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    name: String, meaning: Meaning = .other, by actor: Actor = .holder, details: ClientDetails? = nil,
    mark: [UInt8] = [], count: Int = 1, createdAt: Timestamp
  ) {
    self.eventid = eventid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.name = name
    self.meaning = meaning
    self.actor = actor
    self.details = details
    self.mark = mark
    self.count = count
    self.createdAt = createdAt
  }

  /// `nil` if the call may not see the details, or if there are none. The holder does not see those of others who act.
  private var shownDetails: ClientDetails? {
    showsDetails && (namesActor || actor == .holder) ? details : nil
  }

  /// The browser and the system of the client; `nil` if they are unknown.
  package var device: UserAgent? { details?.userAgent.flatMap(UserAgent.init) }

  /// The hash by which the newest event with a mark is found.
  package static func lookupHash(of mark: [UInt8]) -> [UInt8] { Hash.sha512(mark) }

  /// Seconds for which it is kept.
  package static let lifetime: Int64 = 90 * 86_400
}

extension AccountEvent: OwnedRecord {
  package static let kind = OwnedKind(
    AccountEvent.self, number: 10, records: "events", ofAccount: "events-of-account",
    byAge: "events-by-age", dueIndex: "events-by-expiry", hashIndex: "events-by-mark")

  package var id: EventID {
    get { eventid }
    set { eventid = newValue }
  }
  package var dueAt: Timestamp? { createdAt.adding(seconds: Self.lifetime) }
  package var lookupHash: [UInt8]? { mark.isEmpty ? nil : Self.lookupHash(of: mark) }
}

extension AccountEvent: ByteCodable {
  /// The second form adds `lastAt` and `methods`. An event keeps the first form that holds what it has.
  private enum Form: UInt8 { case first = 1, second }

  /// The raw values are stored.
  private enum ActorForm: UInt8 { case holder, `operator`, account }

  package func encode(into writer: inout ByteWriter) {
    let form: Form = lastAt == nil && methods.isEmpty ? .first : .second
    writer.append(form.rawValue)
    writer.append(eventid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(text: name)
    writer.append(meaning.rawValue)
    switch actor {
    case .holder: writer.append(ActorForm.holder.rawValue)
    case .operator: writer.append(ActorForm.operator.rawValue)
    case .account(let id):
      writer.append(ActorForm.account.rawValue)
      writer.append(id.rawValue)
    }
    writer.append(UInt32(clamping: count))
    writer.append((isNewDevice ? 1 : 0) | (isUnnoticed ? 2 : 0) | (details != nil ? 4 : 0) as UInt8)
    writer.append(createdAt.milliseconds)
    writer.append(counted: mark)
    if let details { writer.append(counted: details.bytes) }
    if form == .second {
      writer.append(optional: lastAt?.milliseconds)
      writer.append(methods.rawValue)
    }
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let form = reader.integer(UInt8.self).flatMap(Form.init), let id: EventID = reader.identifier(),
      let app = reader.app(), let accountid: AccountID = reader.identifier(),
      let sequence = reader.integer(UInt64.self), let name = reader.text(),
      let meaning = reader.integer(UInt8.self).flatMap(Meaning.init),
      let actor = Self.actor(&reader), let count = reader.integer(UInt32.self),
      let flags = reader.integer(UInt8.self), let createdAt = reader.time(), let mark = reader.countedBytes()
    else { throw UnreadableBytes() }
    var details: ClientDetails?
    if flags & 4 != 0 {
      guard let bytes = reader.countedBytes() else { throw UnreadableBytes() }
      details = ClientDetails(bytes: bytes)
    }
    self.init(
      eventid: id, appid: app, accountid: accountid, sequence: sequence, name: name, meaning: meaning,
      by: actor,
      details: details, mark: mark, count: Int(count), createdAt: createdAt)
    isNewDevice = flags & 1 != 0
    isUnnoticed = flags & 2 != 0
    guard form == .second else { return }
    guard let lastAt = reader.optional(), let methods = reader.integer(UInt8.self) else {
      throw UnreadableBytes()
    }
    self.lastAt = lastAt.map { Timestamp(milliseconds: $0) }
    self.methods = AuthenticationMethods(rawValue: methods)
  }

  private static func actor(_ reader: inout ByteReader) -> Actor? {
    switch reader.integer(UInt8.self).flatMap(ActorForm.init) {
    case .holder: .holder
    case .operator: .operator
    case .account: reader.identifier().map(Actor.account)
    case nil: nil
    }
  }
}

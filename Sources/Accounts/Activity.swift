import DashboardCrypto
package import DashboardRecords
package import DashboardStore

package enum EventError: String, RuleError {
  case unknown = "event-unknown"
}

/// Rules of the events that an account keeps, so that its holder can see what happened. The event log stays the full record.
///
/// An account has a limited number of them, and failures have places of their own: a stranger who tries passwords pushes nothing
/// else out. No call removes one.
package enum Activity {
  /// How many events an account keeps, apart from failures.
  package static let most = 100
  /// How many rows of failures an account keeps. A row has the failures of a day from one network.
  package static let mostFailures = 20

  /// How many of the last sign-ins stay, whatever else happens.
  fileprivate static let leastDevices = 10

  /// What one client often repeats. Within an hour it is one event.
  fileprivate static let repeated: [Event.Name] = [.signedIn, .verified, .proven, .sessionEnded]

  /// True if an event shows a device that the account's holder has.
  ///
  /// A reset code does not: a thief could use one to make the thief's device known.
  fileprivate static func showsDevice(_ name: Event.Name, _ actor: AccountEvent.Actor) -> Bool {
    actor == .holder && (name == .signedIn || name == .accountCreated)
  }
}

extension Change {
  /// Keeps an event of an account. Call it in the transaction of the event, after the account was stored.
  ///
  /// - Parameters:
  ///   - caller: `nil` if the event has no client, or not one of the account.
  ///   - methods: what a sign-in has proven.
  func keep(
    _ name: Event.Name, of account: Account, by caller: Caller?, proving methods: AuthenticationMethods = [],
    _ context: Context, at now: Timestamp
  ) throws {
    let details = context.app.keepsSessionDetails ? caller.map { ClientDetails(of: $0.client) } : nil
    try keep(
      name, of: account, by: AccountEvent.Actor(caller, account), proving: methods,
      details?.isKnown == true ? details : nil, at: now)
  }

  fileprivate func keep(
    _ name: Event.Name, of account: Account, by actor: AccountEvent.Actor,
    proving methods: AuthenticationMethods = [], _ details: ClientDetails?, at now: Timestamp
  ) throws {
    let place = Place(details)
    let isDevice = Activity.showsDevice(name, actor)
    let mark =
      name.isOneADay
      ? place.mark("\(name.rawValue) \(now.days)", hasDevice: false)
      : isDevice ? place.mark("device") : actor == .holder ? place.mark(name.rawValue) : []
    let former: AccountEvent? =
      mark.isEmpty ? nil : try current.record(of: account, hash: AccountEvent.lookupHash(of: mark))
    if var former, former.name == name.rawValue, former.methods == methods, former.isOne(with: name, at: now)
    {
      former.count += 1
      former.lastAt = now
      return try renew(former, of: account)
    }
    var event = AccountEvent(
      appid: account.appid, accountid: account.accountid, name: name.rawValue,
      meaning: name.isFailure ? .failure : isDevice ? .device : .other, by: actor, details: details,
      mark: mark, createdAt: now)
    event.methods = methods
    if name == .signedIn, former == nil, details != nil {
      let devices = try current.events(of: account).filter { $0.meaning == .device && $0.details != nil }
      event.isNewDevice = !devices.isEmpty
      event.isUnnoticed = !devices.isEmpty && !devices.contains { $0.device == event.device }
    }
    try makeRoom(beyond: insert(event, of: account), of: account)
  }

  /// Removes an event if there are too many like a new one. A new device that the holder has not noticed stays longest.
  private func makeRoom(beyond new: AccountEvent, of account: Account) throws {
    let isFailure = new.meaning == .failure
    let most = isFailure ? Activity.mostFailures : Activity.most
    guard try current.count(AccountEvent.self, of: account) > most else { return }
    let like = try current.events(of: account).filter { ($0.meaning == .failure) == isFailure }
    guard like.count > most else { return }
    // Without the last sign-ins every device would be the first one, and so no new one.
    let devices = like.filter { $0.meaning == .device }.prefix(Activity.leastDevices).map(\.eventid)
    // Strangers must not push out what tells that a password is known, which in turn leaves room for what strangers do.
    let telling = like.filter { $0.tellsOfKnownPassword }.prefix(Activity.mostFailures / 2).map(\.eventid)
    let oldest =
      like.last { event in
        event.eventid != new.eventid && !event.isUnnoticed && !devices.contains(event.eventid)
          && !telling.contains(event.eventid)
      } ?? like.last
    if let oldest { try remove(oldest, of: account) }
  }
}

extension Snapshot {
  /// All events of an account, newest first.
  func events(of account: Account) throws -> [AccountEvent] {
    try records(of: account, limit: Activity.most + Activity.mostFailures + 1)
  }
}

extension Event.Name {
  /// True if the events of a day are one row: what strangers can repeat.
  fileprivate var isOneADay: Bool { isFailure || self == .invitationUsed }
}

extension AccountEvent {
  /// True for a second factor that was wrong, in most cases after a right password.
  fileprivate var tellsOfKnownPassword: Bool {
    [Event.Name.factorWrong, .passkeyRefused].contains { $0.rawValue == name }
  }

  /// True if an event that happens now and has the same mark is one with this event.
  fileprivate func isOne(with name: Event.Name, at now: Timestamp) -> Bool {
    if name.isOneADay { return true }
    return Activity.repeated.contains(name) && now < createdAt.adding(seconds: 3600)
      && !createdAt.isAhead(of: now)
  }
}

extension AccountEvent.Actor {
  fileprivate init(_ caller: Caller?, _ account: Account) {
    switch caller?.identity {
    case .operator: self = .operator
    case .signedIn(let signedIn) where signedIn.account.accountid != account.accountid:
      self = .account(signedIn.account.accountid)
    default: self = .holder
    }
  }
}

extension Deletion {
  /// Keeps the event that a due deletion was dropped.
  package static func keepDropped(_ account: Account, _ change: borrowing Change, at now: Timestamp) throws {
    guard let account = try change.current.account(account.accountid) else { return }
    try change.keep(.deletionDropped, of: account, by: .holder, nil, at: now)
  }
}

extension Caller {
  /// The caller without its session, for what a client does by a proof of its own, such as a password.
  var asClient: Caller { isOperator ? self : Caller(.guest, client) }
}

/// Where an event came from: a network, a browser and a system.
private struct Place {
  private let network: [UInt8]
  private let device: UserAgent?

  init(_ details: ClientDetails?) {
    network = details?.address.map { ClientAddress($0.utf8).network } ?? []
    device = details?.userAgent.flatMap(UserAgent.init)
  }

  /// - Parameter kind: what happened.
  func mark(_ kind: String, hasDevice: Bool = true) -> [UInt8] {
    let device = hasDevice ? [device?.browser, device?.system].map { $0 ?? "" }.joined(separator: "\n") : ""
    return Array(Hash.sha512(Array("\(kind)\n\(device)\n".utf8) + network).prefix(16))
  }
}

extension Context {
  /// Logs an attempt that proved nothing, and keeps it if it has an account.
  ///
  /// - Parameter id: `nil` if no account has the username. It writes all the same, so that time does not reveal it.
  mutating func logFailure(_ name: Event.Name, of id: AccountID?, by caller: Caller) throws {
    log(name, id)
    try write { change in
      let account = try id.flatMap { try change.current.account($0) }
      // A second click sends the former password or a used code.
      let isRepetition =
        mayRepeat && (isRecent(account?.passwordLastChangedAt) || isRecent(account?.resetCodeLastUsedAt))
      guard let account, !isRepetition else {
        _ = try change.nextPlace()
        return
      }
      try change.keep(name, of: account, by: caller.asClient, self, at: moment)
    }
  }
}

extension AccountEvent {
  /// The event as it may be seen.
  ///
  /// - Parameter isAdministrator: true to show what only administrators may see.
  package consuming func seen(asAdministrator isAdministrator: Bool, in app: App) -> AccountEvent {
    namesActor = isAdministrator
    showsDetails = app.keepsSessionDetails
    return self
  }
}

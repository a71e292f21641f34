import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// The declarations of lists and counts, the same for every kind of owned record.
extension Declaration {
  /// A list of the records of the caller's account.
  static func ownList(_ route: String, _ summary: String) -> Declaration {
    Declaration(
      .get, route, summary, access: .session, parameters: [NamedAccount.ownParameter] + Paging.parameters,
      exceptions: NamedAccount.ownExceptions + Paging.exceptions, settings: [.pageSize], isList: true)
  }

  /// The number of records of the caller's account.
  static func ownCount(_ route: String, _ summary: String) -> Declaration {
    Declaration(
      .get, route, summary, access: .session, parameters: [NamedAccount.ownParameter],
      exceptions: NamedAccount.ownExceptions)
  }

  /// A list of the records of all accounts or of one.
  static func list(_ route: String, _ summary: String) -> Declaration {
    Declaration(
      .get, route, summary, access: .administrator, parameters: [NamedAccount.filter] + Paging.parameters,
      exceptions: [NamedAccount.unknown] + Paging.exceptions, settings: [.pageSize], isList: true)
  }

  /// The number of records of all accounts or of one.
  static func count(_ route: String, _ summary: String) -> Declaration {
    Declaration(
      .get, route, summary, access: .administrator, parameters: [NamedAccount.filter],
      exceptions: [NamedAccount.unknown])
  }
}

/// Answers with the requested part of a list, newest first, and sets the headers for the next part.
extension Call {
  /// Records of one account, or of the whole app.
  ///
  /// - Parameter show: turns a record into the shown one, in the same snapshot.
  mutating func list<Record: OwnedRecord>(
    _ named: Named<Record>, of account: Account?,
    show: (borrowing Snapshot, Record) throws -> Record = { _, record in record }
  ) throws -> [Record] {
    let paging = try paging()
    let after = try place(paging) { text in
      guard let last = try named.find(text, self) else { return nil }
      guard account == nil || last.accountid == account?.accountid else { throw Paging.invalidAfter }
      return last.sequence
    }
    let total = try read { try $0.count(Record.self, of: account) }
    let part = try paging.collect(after: after, place: \.sequence) { after, offset, limit in
      try read { snapshot in
        let records: [Record] = try snapshot.records(of: account, after: after, offset: offset, limit: limit)
        return try records.map { try show(snapshot, $0) }
      }
    }
    list(
      paging, total: total, filter: account.map { (NamedAccount.name, "\($0.accountid)") },
      continuesAfter: try part.isContinued
        ? part.elements.last.map { try next(after: "\($0.id)", $0.sequence) } : nil)
    return part.elements
  }

  /// Accounts of the app.
  ///
  /// - Parameter filter: the parameter that limits the list, with its value percent-encoded.
  mutating func list(_ accounts: AccountList, filter: (name: String, value: String)? = nil) throws
    -> [Account]
  {
    let paging = try paging()
    let after = try place(paging) { text in
      guard let id = AccountID(text) else { return nil }
      return try read { snapshot in
        guard let account = try snapshot.account(id) else { return nil }
        // It may have left the list, which goes on at its place.
        return try snapshot.contains(accounts, account) || paging.place != nil ? account.sequence : nil
      }
    }
    let total = try read { try $0.count(accounts) }
    let part = try paging.collect(after: after, place: \.sequence) { after, offset, limit in
      try read { try $0.accounts(accounts, after: after, offset: offset, limit: limit) }
    }
    list(
      paging, total: total, filter: filter,
      continuesAfter: try part.isContinued
        ? part.elements.last.map { try next(after: "\($0.accountid)", $0.sequence) } : nil)
    return part.elements
  }

  /// The place after which a list begins; `nil` for its beginning.
  ///
  /// - Parameter find: returns the place of an element; `nil` if there is none with this identifier.
  /// - Throws: `invalid-after`.
  private func place(_ paging: Paging, of find: (Bytes) throws -> UInt64?) throws -> UInt64? {
    guard let after = paging.after else { return nil }
    if let found = try find(after[...]) { return found }
    let id = String(decoding: after, as: UTF8.self)
    guard let place = paging.place,
      let known = try ListPlace(of: id, for: signedIn.account).place(in: place[...])
    else { throw Paging.invalidAfter }
    return known
  }

  private func next(after id: String, _ place: UInt64) throws -> (id: String, place: String?) {
    (id, try ListPlace(of: id, for: signedIn.account).text(place))
  }

  /// The sessions of one account, or of the whole app.
  mutating func listSessions(of account: Account?) throws -> [Session] {
    let (now, caller, app) = (now, caller, context.app)
    return try list(.session, of: account) { snapshot, session in
      try snapshot.shown(session, at: now).seen(by: caller, in: app)
    }
  }
}

extension Call {
  /// The number of records of one account, or of the whole app.
  func count<Record: OwnedRecord>(_: Record.Type, of account: Account?) throws -> Int {
    try read { try $0.count(Record.self, of: account) }
  }
}

import DashboardCrypto
package import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// Rules of sign-ins whose password was right, and that wait for a second factor.
extension Factors {
  /// How many sign-ins of one account wait at most.
  private static let mostPending = 10

  /// Lets a sign-in wait. If there are too many, the oldest one of the network with the most gives way, so that one network pushes no
  /// other one's out.
  ///
  /// - Parameter former: the place of the sign-in of the same browser, which ends; `nil` if there is none.
  mutating func wait(for new: PendingSignIn, replacing former: Int?, of account: Account, at now: Timestamp) {
    var kept: [PendingSignIn] = []
    for (place, one) in pending.enumerated() {
      if place == former || one.isOver(at: now, account: account) { drop(one) } else { kept.append(one) }
    }
    kept.append(new)
    while kept.count > Self.mostPending {
      let numbers = Dictionary(grouping: kept, by: \.network).mapValues(\.count)
      let most = numbers.values.max()
      drop(kept.remove(at: kept.firstIndex { numbers[$0.network] == most } ?? 0))
    }
    pending = kept
  }

  /// A wrong code stays known when its sign-in ends without being completed.
  private mutating func drop(_ one: PendingSignIn) {
    guard one.usedAt == nil, let wrong = one.wrongCodeAt else { return }
    wrongCodeAt = max(wrongCodeAt ?? wrong, wrong)
  }

  /// When a wrong code last followed a right password, and no right one; `nil` if none did, or the holder has taken note.
  package var unnoticedWrongCode: Timestamp? {
    (pending.filter { $0.usedAt == nil }.map(\.wrongCodeAt) + [wrongCodeAt]).compactMap(\.self).max()
  }

  mutating func takeNoteOfWrongCodes() {
    wrongCodeAt = nil
    for place in pending.indices { pending[place].wrongCodeAt = nil }
  }

  /// The place of a sign-in that a client proves; `nil` if there is none with its token.
  func place(of credential: PendingCredential, in account: Account, _ secrets: Secrets) -> Int? {
    guard credential.accountid == account.accountid else { return nil }
    let hashes = secrets.all.map {
      $0.tokenHash(
        accountid: account.accountid, token: credential.token, sessionSalt: account.sessionSalt)
    }
    return pending.firstIndex { one in hashes.contains { Hash.areEqual($0, one.tokenHash) } }
  }
}

extension Snapshot {
  /// The account of a sign-in that waits; `nil` if none does.
  func waitingAccount(_ credential: PendingCredential, _ context: Context) throws -> Account? {
    guard let account = try account(credential.accountid), let factors = account.factors,
      let place = factors.place(of: credential, in: account, context.secrets),
      !factors.pending[place].hasEnded(at: context.moment, account: account)
    else { return nil }
    return account
  }
}

/// The token of a new sign-in that waits.
struct PendingDraft {
  private let token: String
  private let duration: Int64
  /// Of the current secrets (`Context.addressMarks`); empty if the address is not known.
  private let network: [UInt8]

  init(_ caller: Caller, _ context: Context, _ remember: Remember) {
    token = Hexadecimal.text(context.random.bytes(32))
    duration = remember.duration
    network = context.addressMarks(of: caller).first ?? []
  }

  /// The value of its cookie.
  func cookie(of account: AccountID) -> String { "\(account).\(token)" }

  /// Lets the sign-in wait. The caller must store the account.
  func insert(
    into account: inout Account, by caller: Caller, attempt: Attempt?, _ secrets: Secrets, at now: Timestamp
  ) {
    let new = PendingSignIn(
      tokenHash: secrets.tokenHash(
        accountid: account.accountid, token: Array(token.utf8)[...], sessionSalt: account.sessionSalt),
      epoch: account.sessionEpoch, duration: duration, attemptEnd: attempt?.end, createdAt: now,
      network: network)
    let of = account
    account.changeFactors { factors in
      let former = caller.pendingSignIn.flatMap { factors.place(of: $0, in: of, secrets) }
      factors.wait(for: new, replacing: former, of: of, at: now)
    }
  }
}

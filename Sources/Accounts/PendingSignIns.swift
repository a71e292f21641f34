import DashboardCrypto
package import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// Rules of sign-ins whose password was right, and that wait for a second factor.
extension Factors {
  /// How many sign-ins of one account wait at most.
  private static let mostPending = 10

  /// Lets a sign-in wait.
  ///
  /// - Parameter former: the place of the sign-in of the same browser, which ends; `nil` if there is none.
  mutating func wait(for new: PendingSignIn, replacing former: Int?, of account: Account, at now: Timestamp) {
    var kept: [PendingSignIn] = []
    for (place, one) in pending.enumerated() {
      if place == former || one.isOver(at: now, account: account) { drop(one) } else { kept.append(one) }
    }
    while kept.count >= Self.mostPending { drop(kept.removeFirst()) }
    pending = kept + [new]
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

  init(_ context: Context, _ remember: Remember) {
    token = Hexadecimal.text(context.random.bytes(32))
    duration = remember.duration
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
      epoch: account.sessionEpoch, duration: duration, attemptEnd: attempt?.end, createdAt: now)
    let of = account
    account.changeFactors { factors in
      let former = caller.pendingSignIn.flatMap { factors.place(of: $0, in: of, secrets) }
      factors.wait(for: new, replacing: former, of: of, at: now)
    }
  }
}

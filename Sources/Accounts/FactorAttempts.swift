import DashboardRecords
import DashboardStore

/// Where second factors are counted. A thief with the password uses up the attempts of guests, and not those of the holder's sessions.
enum FactorCounter: CaseIterable {
  case ofGuests
  case ofSessions
}

/// Wrong second factors are counted by account alone, whatever the address. Only a client that has proven the account can reach the
/// limit, so strangers can't lock a person out.
extension Context {
  /// Wrong second factors of one account within a day.
  private static let mostOfDay: UInt32 = 20

  /// Counts a second factor.
  ///
  /// - Returns: the refusal if there were too many.
  func countFactor(
    _ counter: FactorCounter, of account: Account, _ change: borrowing Change, _ now: Timestamp
  ) throws -> TooManyAttempts? {
    let keys = factorKeys(counter, account)
    let most = UInt32(clamping: configuration.maximumFactorAttempts)
    if let refusal = try change.count([(keys.window, most)], end: windowEnd(from: now), now: now) {
      return refusal
    }
    guard let refusal = try change.count([(keys.day, Self.mostOfDay)], end: dayEnd(from: now), now: now)
    else { return nil }
    try change.takeBack(keys.window, begunBy: windowEnd(from: now), now: now)
    return refusal
  }

  /// Takes a right second factor back, and forgets the wrong ones of the window.
  func forgiveFactor(
    _ counter: FactorCounter, of account: Account, _ change: borrowing Change, _ now: Timestamp
  ) throws {
    let keys = factorKeys(counter, account)
    try change.forget(keys.window)
    try change.takeBack(keys.day, begunBy: dayEnd(from: now), now: now)
  }

  /// Forgets all wrong second factors, for a person who gets other ones.
  func forgetFactorCounts(_ account: Account, _ change: borrowing Change) throws {
    for counter in FactorCounter.allCases {
      let keys = factorKeys(counter, account)
      try change.forget(keys.window)
      try change.forget(keys.day)
    }
  }

  private func factorKeys(_ counter: FactorCounter, _ account: Account) -> (
    window: AttemptKey, day: AttemptKey
  ) {
    let kind = counter == .ofSessions ? "/session" : ""
    let mark = mark(Array("\(account.accountid)\(kind)".utf8))
    return (AttemptKey(.factor, mark), AttemptKey(.factorOfDay, mark))
  }

  private func dayEnd(from begin: Timestamp) -> Timestamp { begin.adding(seconds: 86_400) }
}

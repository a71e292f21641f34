package import DashboardCrypto
package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

/// A code that a person types as a second factor.
package enum TypedFactorCode: Equatable {
  /// The six digits of an authenticator app.
  case authenticator([UInt8])
  /// The 10 bytes of a recovery code.
  case recovery([UInt8])

  /// The most bytes of a typed code that are read.
  private static let mostTyped = 200

  /// `nil` if the text has the form of neither. White space and hyphens do not count, and of a recovery code case does not.
  package init?(_ typed: Bytes) {
    guard typed.count <= Self.mostTyped else { return nil }
    var letters: [UInt8] = []
    for scalar in String(decoding: typed, as: UTF8.self).unicodeScalars {
      if scalar.properties.isWhitespace || scalar == "-" { continue }
      guard scalar.isASCII else { return nil }
      letters.append(UInt8(truncatingIfNeeded: scalar.value))
    }
    let areDigits = letters.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    if areDigits, letters.count == OneTimePassword.digits {
      self = .authenticator(letters)
    } else if let bytes = Base32.bytes(letters[...]), bytes.count == RecoveryCodes.length {
      self = .recovery(bytes)
    } else {
      return nil
    }
  }
}

/// Recovery codes: ten random numbers of 80 bits. Each one replaces a second factor once.
package enum RecoveryCodes {
  package static let count = 10
  /// In bytes.
  static let length = 10
  /// Of the letters that people read and type at once.
  private static let groupLength = 4

  /// New codes in four groups of four letters, such as `ABCD-EFGH-2345-QRST`, and their hashes.
  package static func new(of account: AccountID, _ random: some RandomSource) -> (
    codes: [String], hashes: [[UInt8]]
  ) {
    let codes = (0..<count).map { _ in random.bytes(length) }
    return (codes.map(text), codes.map { hash($0, of: account) })
  }

  /// New codes. A form makes the same ones each time it is sent.
  static func draft(of account: AccountID, _ context: Context) -> (codes: [String], hashes: [[UInt8]]) {
    context.formCode.map { made(of: account, byForm: $0, context.secrets) }
      ?? new(of: account, context.random)
  }

  /// The codes that a change makes: those of its form only once, so that a form which is sent again after other codes were made, or
  /// after its own were used, brings none of them back.
  ///
  /// - Returns: `nil` if the form has made its codes before.
  static func made(
    from draft: (codes: [String], hashes: [[UInt8]]), _ context: Context, _ change: borrowing Change,
    at now: Timestamp
  ) throws -> (codes: [String], hashes: [[UInt8]])? {
    guard let form = context.formCode else { return draft }
    let key = AttemptKey(.challenge, context.mark(Array("recovery codes of form \(form)".utf8)))
    return try change.count([(key, 1)], end: now.adding(seconds: 600), now: now) == nil ? draft : nil
  }

  /// - Parameter code: of a form (`Context.formCode`), 80 random bits. Its hashes by a key are the codes.
  private static func made(of account: AccountID, byForm code: String, _ secrets: Secrets) -> (
    codes: [String], hashes: [[UInt8]]
  ) {
    let codes = (0..<count).map { place in
      Array(secrets.hash(Array("recovery code \(place) of \(account)/\(code)".utf8)).prefix(length))
    }
    return (codes.map(text), codes.map { hash($0, of: account) })
  }

  private static func text(_ code: [UInt8]) -> String {
    let letters = Array(Base32.text(code))
    let groups = stride(from: 0, to: letters.count, by: groupLength).map { start in
      String(letters[start..<min(start + groupLength, letters.count)])
    }
    return groups.joined(separator: "-")
  }

  /// SHA-256 of a code with its account, 32 bytes.
  ///
  /// No key is mixed in: 80 random bits can't be tried, and a code outlives a change of keys.
  static func hash(_ code: [UInt8], of account: AccountID) -> [UInt8] {
    Hash.sha256(Array("recovery code of \(account)/".utf8) + code)
  }
}

extension Factors {
  /// Uses up a recovery code.
  ///
  /// - Returns: false if the account has none with these bytes. The time does not tell which of its codes it is.
  package mutating func use(recoveryCode code: [UInt8], of account: AccountID) -> Bool {
    let hash = RecoveryCodes.hash(code, of: account)
    let matches = recoveryCodes.map { Hash.areEqual($0, hash) }
    guard let place = matches.firstIndex(of: true) else { return false }
    recoveryCodes.remove(at: place)
    return true
  }
}

extension Account {
  /// The account's second factors, with new recovery codes if they are the account's.
  func shown(with draft: (codes: [String], hashes: [[UInt8]]), _ context: Context) -> SecondFactors {
    var shown = FactorChanges.shown(self, context)
    if has(draft) { shown.recoveryCodes = draft.codes }
    return shown
  }

  /// True if the account's recovery codes are of the draft, but for used ones.
  func has(_ draft: (codes: [String], hashes: [[UInt8]])) -> Bool {
    guard let kept = factors?.recoveryCodes, !kept.isEmpty else { return false }
    return Set(kept).isSubset(of: draft.hashes)
  }

  /// Adds recovery codes to the first second factor.
  ///
  /// - Returns: the account's codes if they are new.
  mutating func addRecoveryCodes(
    _ draft: (codes: [String], hashes: [[UInt8]]), _ context: Context, _ change: borrowing Change,
    at now: Timestamp
  ) throws -> (codes: [String], hashes: [[UInt8]]) {
    guard factors?.recoveryCodes.isEmpty != false else { return draft }
    let made =
      try RecoveryCodes.made(from: draft, context, change, at: now)
      ?? RecoveryCodes.new(of: accountid, context.random)
    changeFactors { $0.recoveryCodes = made.hashes }
    return made
  }
}

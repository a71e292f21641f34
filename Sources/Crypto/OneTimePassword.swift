/// Codes of an authenticator app: TOTP (RFC 6238) with HMAC-SHA-1, six digits and steps of 30 seconds. That is what all such apps
/// implement.
package enum OneTimePassword {
  /// The number of digits of a code.
  package static var digits: Int { 6 }

  /// The length of a step in seconds.
  package static var period: Int64 { 30 }

  /// The code of a step: HOTP (RFC 4226 section 5.3) of the step's number. Six digits in ASCII.
  package static func code(secret: [UInt8], step: UInt64) -> [UInt8] {
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
    let hash = Hash.hmacSHA1(counter, key: secret)
    // The last four bits say where the number of 31 bits begins, at most at 15 of 20 bytes.
    let offset = Int(hash[hash.count - 1] & 0xF)
    let number = hash[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    var (rest, code) = (number, [UInt8](repeating: 0, count: digits))
    for place in code.indices.reversed() {
      code[place] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    return code
  }

  /// The step of a time.
  ///
  /// - Parameter time: in seconds since 1970. An earlier time counts as 1970.
  package static func step(at time: Int64) -> UInt64 { UInt64(max(0, time) / period) }

  /// The step whose code this is: the current one, the one before or the one after (RFC 6238 section 5.2); `nil` if the code is wrong
  /// or was used.
  ///
  /// Compares in a time that does not depend on the code. If two steps have the same code, the later one counts, so that the code
  /// can't be used again.
  ///
  /// - Parameters:
  ///   - code: what the person typed, in ASCII. Only six digits can match.
  ///   - time: now, in seconds since 1970.
  ///   - lastStep: the step of the last code that was accepted; `nil` if there is none. A code of this step or an earlier one is
  ///     used. A last step more than one ahead of the current one does not count: the clock went back since then, and the person would
  ///     otherwise wait for it to catch up.
  package static func matchingStep(code: [UInt8], secret: [UInt8], time: Int64, lastStep: UInt64?) -> UInt64?
  {
    let now = step(at: time)
    let used = lastStep.flatMap { $0 > now + 1 ? nil : $0 }
    var match: UInt64?
    for step in (now == 0 ? 0 : now - 1)...now + 1 {
      let isEqual = Hash.areEqual(self.code(secret: secret, step: step), code)
      if isEqual, used.map({ step > $0 }) ?? true { match = step }
    }
    return match
  }
}

import DashboardCrypto
import DashboardWireFormat
import TestSupport
import Testing

@Suite("one-time passwords")
struct OneTimePasswordTests {
  /// That of RFC 4226 and of RFC 6238 for SHA-1.
  private let secret = Array("12345678901234567890".utf8)

  private func code(_ step: UInt64) -> String {
    String(decoding: OneTimePassword.code(secret: secret, step: step), as: UTF8.self)
  }

  private func match(_ code: String, _ time: Int64, last: UInt64? = nil) -> UInt64? {
    OneTimePassword.matchingStep(code: Array(code.utf8), secret: secret, time: time, lastStep: last)
  }

  @Test("the codes are those of RFC 4226 appendix D")
  func counters() {
    let expected = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ]
    #expect((0..<10).map { code($0) } == expected)
  }

  /// The RFC's codes have eight digits, and six digits are the last of them.
  @Test(
    "the codes are those of RFC 6238 appendix B",
    arguments: [
      (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
      (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ] as [(Int64, String)])
  func times(time: Int64, expected: String) {
    #expect(code(OneTimePassword.step(at: time)) == expected)
    #expect(match(expected, time) == UInt64(time / 30))
  }

  @Test("oathtool computes the same codes, for secrets of all lengths")
  func oathtool() throws {
    var random = SeededRandom(seed: 6238)
    for length in [1, 10, 16, 20, 32, 63, 64, 65, 100] {
      let secret = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let time = Int64.random(in: 0...100_000_000_000, using: &random)
      let ending = try ChildProcess.run([
        "/usr/bin/oathtool", "--totp", "--window=3", "--now=@\(time)", Hexadecimal.text(secret),
      ])
      let first = OneTimePassword.step(at: time)
      let codes = (first...first + 3).map {
        String(decoding: OneTimePassword.code(secret: secret, step: $0), as: UTF8.self) + "\n"
      }
      #expect(ending.output == codes.joined())
    }
  }

  @Test("the codes of the current step and its neighbours match, and no others")
  func window() {
    let now: Int64 = 1_000_000 * 30
    for offset in Int64(-4)...4 {
      let step = UInt64(1_000_000 + offset)
      #expect(match(code(step), now) == (abs(offset) <= 1 ? step : nil))
      #expect(match(code(step), now + 29) == (abs(offset) <= 1 ? step : nil))
    }
  }

  @Test("a step is used up with all before it")
  func once() {
    let now: Int64 = 1_000_000 * 30
    for (last, offsets) in [
      (nil, [-1, 0, 1]), (999_000, [-1, 0, 1]), (999_998, [-1, 0, 1]), (999_999, [0, 1]), (1_000_000, [1]),
      (1_000_001, []),
    ] as [(UInt64?, [Int64])] {
      for offset in Int64(-1)...1 {
        let step = UInt64(1_000_000 + offset)
        #expect(match(code(step), now, last: last) == (offsets.contains(offset) ? step : nil))
      }
    }
  }

  @Test("a last step more than one ahead does not count, because the clock went back")
  func clockWentBack() {
    let now: Int64 = 1_000_000 * 30
    for last in [1_000_002, 2_000_000, UInt64.max] {
      #expect(match(code(1_000_000), now, last: last) == 1_000_000)
    }
  }

  @Test("other texts than six digits match nothing")
  func otherTexts() {
    let now: Int64 = 1_000_000 * 30
    let right = code(1_000_000)
    for text in [
      "", String(right.dropLast()), right + "0", "0" + right, " " + right, right + "\0", "abcdef", "１２３４５６",
    ] {
      #expect(match(text, now) == nil)
    }
  }

  @Test("the first and the last time trap nothing")
  func limits() {
    #expect(match(code(0), 0) == 0)
    #expect(match(code(1), 0) == 1)
    #expect(match(code(0), .min) == 0)
    #expect(match(code(0), -1) == 0)
    #expect(match(code(UInt64(Int64.max / 30)), .max) == UInt64(Int64.max / 30))
    #expect(OneTimePassword.code(secret: [], step: .max).count == 6)
  }

  @Test("of two steps with one code, the later one is used up")
  func twins() {
    let step: UInt64 = 910738
    #expect(code(step) == code(step - 1))
    #expect(match(code(step), Int64(step) * 30) == step)
    #expect(match(code(step), Int64(step) * 30, last: step) == nil)
  }
}

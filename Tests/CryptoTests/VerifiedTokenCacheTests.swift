@testable import DashboardCrypto
@testable import DashboardRecords
import TestSupport
import Testing

@Suite("the cache of verified tokens")
struct VerifiedTokenCacheTests {
  private let secrets = Secrets(encryption: "encryption-key", session: "session-key")
  private let cache = VerifiedTokenCache()

  private func text(_ token: String, account: UInt64 = 1, sessionSalt: String = "key") -> [UInt8] {
    secrets.tokenText(
      accountid: AccountID(rawValue: account), token: Array(token.utf8)[...],
      sessionSalt: Array(sessionSalt.utf8))
  }

  private func isKnown(_ text: [UInt8], _ hash: [UInt8]) -> Bool { cache.contains(cache.mark(text + hash)) }

  @Test("a verified token is in the cache")
  func known() {
    let (text, hash) = (text("token"), Hash.sha512(text("token")))
    #expect(!isKnown(text, hash))
    for _ in 0..<3 {
      #expect(cache.verify(text, hash))
      #expect(isKnown(text, hash))
    }
  }

  @Test("a verified token proves no other token or hash")
  func otherTokens() {
    let (token, hash) = (text("token"), Hash.sha512(text("token")))
    #expect(cache.verify(token, hash))
    let others = [
      text("Token"), text("token", account: 2), text("token", sessionSalt: "another"), text(""), [],
    ]
    for other in others {
      for _ in 0..<2 { #expect(!cache.verify(other, hash)) }
      #expect(!isKnown(other, hash))
    }
    for place in hash.indices {
      var hash = hash
      hash[place] ^= 1
      for _ in 0..<2 { #expect(!cache.verify(token, hash)) }
    }
    // The border between text and hash counts.
    for length in [0, 1, 63] {
      #expect(!cache.verify(token + hash.prefix(64 - length), Array(hash.suffix(length))))
    }
    #expect(!cache.verify(Array(token.dropLast()), token.suffix(1) + hash))
    #expect(cache.verify(token, hash))
  }

  @Test("a full cache keeps the newest tokens, and verifies all others again")
  func eviction() {
    let pairs = (0..<40_000).map { number in (text("\(number)"), Hash.sha512(text("\(number)"))) }
    for (text, hash) in pairs { #expect(cache.verify(text, hash)) }
    func known(_ pairs: some Sequence<([UInt8], [UInt8])>) -> Int { pairs.count { isKnown($0, $1) } }
    #expect(known(pairs) <= 16_384)
    // Each of 4,096 groups keeps the newest four of its tokens.
    #expect(known(pairs.suffix(1000)) > 950)
    #expect(known(pairs.prefix(1000)) < 50)
    #expect(cache.verify(pairs[0].0, pairs[0].1))
  }

  @Test("an empty mark is not in the cache")
  func emptyMark() { #expect(!cache.contains(VerifiedTokenCache.Mark())) }

  @Test("each process makes its own marks")
  func processKey() {
    #expect(cache.mark(text("token")) == cache.mark(text("token")))
    #expect(cache.mark(text("token")) != VerifiedTokenCache().mark(text("token")))
  }

  @Test("many threads verify tokens at once")
  func threads() throws {
    // More tokens than the cache holds: threads replace marks while others look them up.
    let pairs = (0..<20_000).map { number in (text("\(number)"), Hash.sha512(text("\(number)"))) }
    let wrong = Hash.sha512(text("wrong"))
    let mistakes = try Threads.run(4) { [cache] thread in
      pairs.indices.count { index in
        let (text, hash) = pairs[(index + thread * 5000) % pairs.count]
        return !cache.verify(text, hash) || !cache.verify(text, hash) || cache.verify(text, wrong)
      }
    }
    #expect(mistakes == [0, 0, 0, 0])
  }
}

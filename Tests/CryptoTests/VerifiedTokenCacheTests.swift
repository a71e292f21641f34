@testable import DashboardCrypto
@testable import DashboardRecords
import TestSupport
import Testing

@Suite("the cache of verified tokens")
struct VerifiedTokenCacheTests {
  private let secrets = Secrets(encryption: "encryption-key", session: "session-key")
  private let proven = VerifiedTokenCache()

  private func text(_ token: String, account: UInt64 = 1, sessionSalt: String = "key") -> [UInt8] {
    secrets.tokenText(
      accountid: AccountID(rawValue: account), token: Array(token.utf8)[...],
      sessionSalt: Array(sessionSalt.utf8))
  }

  private func isKnown(_ text: [UInt8], _ hash: [UInt8]) -> Bool { proven.contains(proven.mark(text + hash)) }

  @Test("a verified token is in the cache")
  func known() {
    let (text, hash) = (text("token"), Hash.sha512(text("token")))
    #expect(!isKnown(text, hash))
    for _ in 0..<3 {
      #expect(proven.prove(text, hash))
      #expect(isKnown(text, hash))
    }
  }

  @Test("a verified token proves no other token or hash")
  func otherTokens() {
    let (token, hash) = (text("token"), Hash.sha512(text("token")))
    #expect(proven.prove(token, hash))
    let others = [
      text("Token"), text("token", account: 2), text("token", sessionSalt: "another"), text(""), [],
    ]
    for other in others {
      for _ in 0..<2 { #expect(!proven.prove(other, hash)) }
      #expect(!isKnown(other, hash))
    }
    for place in hash.indices {
      var hash = hash
      hash[place] ^= 1
      for _ in 0..<2 { #expect(!proven.prove(token, hash)) }
    }
    // The border between text and hash counts.
    for length in [0, 1, 63] {
      #expect(!proven.prove(token + hash.prefix(64 - length), Array(hash.suffix(length))))
    }
    #expect(!proven.prove(Array(token.dropLast()), token.suffix(1) + hash))
    #expect(proven.prove(token, hash))
  }

  @Test("a full cache keeps the newest tokens, and verifies all others again")
  func eviction() {
    let proofs = (0..<40_000).map { number in (text("\(number)"), Hash.sha512(text("\(number)"))) }
    for (text, hash) in proofs { #expect(proven.prove(text, hash)) }
    func known(_ proofs: some Sequence<([UInt8], [UInt8])>) -> Int { proofs.count { isKnown($0, $1) } }
    #expect(known(proofs) <= 16_384)
    // Each of 4,096 groups keeps the newest four of its tokens.
    #expect(known(proofs.suffix(1000)) > 950)
    #expect(known(proofs.prefix(1000)) < 50)
    #expect(proven.prove(proofs[0].0, proofs[0].1))
  }

  @Test("an empty mark is not in the cache")
  func emptyMark() { #expect(!proven.contains(VerifiedTokenCache.Mark())) }

  @Test("each process makes its own marks")
  func processKey() {
    #expect(proven.mark(text("token")) == proven.mark(text("token")))
    #expect(proven.mark(text("token")) != VerifiedTokenCache().mark(text("token")))
  }

  @Test("many threads verify tokens at once")
  func threads() throws {
    // More tokens than the cache holds: threads replace marks while others look them up.
    let proofs = (0..<20_000).map { number in (text("\(number)"), Hash.sha512(text("\(number)"))) }
    let wrong = Hash.sha512(text("wrong"))
    let mistakes = try Threads.run(4) { [proven] thread in
      proofs.indices.count { index in
        let (text, hash) = proofs[(index + thread * 5000) % proofs.count]
        return !proven.prove(text, hash) || !proven.prove(text, hash) || proven.prove(text, wrong)
      }
    }
    #expect(mistakes == [0, 0, 0, 0])
  }
}

import CDashboardSodium
import Synchronization

/// Which tokens have been proven lately, so that a session's is not hashed for each of its requests: SHA-512 of it takes a
/// fifth of a session check.
///
/// Kept of each is a mark of all that its proof is made of: SipHash-2-4 of 128 bits, with a key that this process alone has.
/// What was proven stays so, for the same text always has the same hash; whether the session lives is asked of the store
/// each time. Marks tell nothing of tokens, and a wrong token has one of them by chance only, less than one in 2^100.
///
/// Nobody waits for a lock: threads that look marks up share what they read. A mark that is read while it is replaced is
/// half of each, which is the mark of nothing.
package final class VerifiedTokenCache: Sendable {
  struct Mark: Equatable {
    var low: UInt64 = 0
    var high: UInt64 = 0
  }

  /// 256 KiB: 4,096 groups of four marks, the newest first.
  private let words = InlineArray<32_768, Atomic<UInt64>> { _ in Atomic(0) }
  private let key: InlineArray<16, UInt8>

  package init() {
    let random = SystemRandom().bytes(Int(crypto_shorthash_siphashx24_KEYBYTES))
    key = InlineArray { random[$0] }
  }

  /// Whether the SHA-512 of `text`, which a token is in, is `hash`.
  package func prove(_ text: consuming [UInt8], _ hash: [UInt8]) -> Bool {
    // So that a mark says where the text ends.
    guard hash.count == Hash.sha512Length else { return false }
    let length = text.count
    text.append(contentsOf: hash)
    let mark = mark(text)
    if contains(mark) { return true }
    guard Hash.areEqual(Hash.sha512(text.span.extracting(first: length)), hash) else { return false }
    insert(mark)
    return true
  }

  func mark(_ proof: [UInt8]) -> Mark {
    var mark = Mark()
    unsafe withUnsafeMutableBytes(of: &mark) { output in
      unsafe key.span.withUnsafeBufferPointer { key in
        guard let start = unsafe output.bindMemory(to: UInt8.self).baseAddress,
          let key = key.baseAddress
        else { return }
        _ = unsafe crypto_shorthash_siphashx24(start, proof, UInt64(proof.count), key)
      }
    }
    return mark
  }

  /// Where the words of a mark may be, in its group.
  private func places(of mark: Mark) -> StrideTo<Int> {
    let group = Int(mark.low % UInt64(words.count / 8)) * 8
    return stride(from: group, to: group + 8, by: 2)
  }

  private subscript(_ place: Int) -> Mark {
    get { Mark(low: words[place].load(ordering: .relaxed), high: words[place + 1].load(ordering: .relaxed)) }
    set {
      words[place].store(newValue.low, ordering: .relaxed)
      words[place + 1].store(newValue.high, ordering: .relaxed)
    }
  }

  /// Never that of zeros, which is where there is none.
  func contains(_ mark: Mark) -> Bool { mark != Mark() && places(of: mark).contains { self[$0] == mark } }

  /// In place of the oldest of its group.
  private func insert(_ mark: Mark) {
    var newer = mark
    for place in places(of: mark) {
      let older = self[place]
      self[place] = newer
      newer = older
    }
  }
}

import CDashboardSodium
import Synchronization

/// A cache of recently verified tokens. With it, most session checks skip the SHA-512 of the token.
///
/// The cache keeps one mark for each token: a 128-bit SipHash-2-4 of the hashed text and its SHA-512. The key
/// of the SipHash belongs to this process. A cached result stays true, because the same text always has the
/// same hash. The caller still asks the store whether the session is alive. Marks reveal nothing about tokens.
/// The chance that a wrong token matches a mark is below 2⁻¹⁰⁰.
///
/// There are no locks. A thread that reads a mark during its replacement may see half of the old mark and half
/// of the new one. Such a mixture matches no token.
package final class VerifiedTokenCache: Sendable {
  struct Mark: Equatable {
    var low: UInt64 = 0
    var high: UInt64 = 0
  }

  /// 256 KiB: 4096 groups of four marks, the newest first.
  private let words = InlineArray<32_768, Atomic<UInt64>> { _ in Atomic(0) }
  private let key: InlineArray<16, UInt8>

  package init() {
    let random = SystemRandom().bytes(Int(crypto_shorthash_siphashx24_KEYBYTES))
    key = InlineArray { random[$0] }
  }

  /// True if `hash` is the SHA-512 of `text`.
  ///
  /// - Parameter text: the result of `Secrets.tokenText`.
  package func verify(_ text: consuming [UInt8], _ hash: [UInt8]) -> Bool {
    // A fixed length fixes where the text ends and the hash begins, so two pairs can't share a mark.
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

  /// The indices in `words` at which a mark may start: the marks of its group.
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

  /// A mark of zeros is an empty place, so it never matches.
  func contains(_ mark: Mark) -> Bool { mark != Mark() && places(of: mark).contains { self[$0] == mark } }

  /// Inserts a mark as the newest of its group. The group's oldest mark is dropped.
  private func insert(_ mark: Mark) {
    var newer = mark
    for place in places(of: mark) {
      let older = self[place]
      self[place] = newer
      newer = older
    }
  }
}

import DashboardCrypto
import DashboardWireFormat
import TestSupport
import Testing

private let message = SignatureSamples.message

@Suite("ES256")
struct ES256Tests {
  /// An INTEGER of DER.
  private func integer(_ number: [UInt8]) -> [UInt8] {
    var digits = Array(number.drop { $0 == 0 })
    if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
    return [2, UInt8(digits.count)] + digits
  }

  private func sequence(_ content: [UInt8]) -> [UInt8] { [0x30, UInt8(content.count)] + content }

  private let ordinary = SignatureSamples.ecdsa[0]
  private let order = bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")

  @Test(
    "signatures of another implementation are right, also in special cases", arguments: SignatureSamples.ecdsa
  )
  func samples(sample: SignatureSamples.ECDSA) {
    #expect(sample.key.isValid)
    let signature = sequence(integer(sample.r) + integer(sample.s))
    #expect(sample.key.verifies(signature, of: message) == sample.isRight)
    #expect(!sample.key.verifies(signature, of: message + [0]))
  }

  @Test("r and s outside of 1 to the order are refused")
  func range() {
    let (zero, all) = ([UInt8](repeating: 0, count: 1), [UInt8](repeating: 0xFF, count: 32))
    for number in [zero, order, all] {
      #expect(!ordinary.key.verifies(sequence(integer(number) + integer(ordinary.s)), of: message))
      #expect(!ordinary.key.verifies(sequence(integer(ordinary.r) + integer(number)), of: message))
      #expect(!ordinary.key.verifies(sequence(integer(number) + integer(number)), of: message))
    }
    // A number that is right modulo the order.
    let short = SignatureSamples.ecdsa[9]
    var sum = short.r
    var carry = 0
    for place in sum.indices.reversed() {
      carry += Int(sum[place]) + Int(order[place])
      sum[place] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    let signature = sequence(integer(carry == 0 ? sum : [1] + sum) + integer(short.s))
    #expect(!short.key.verifies(signature, of: message))
  }

  @Test("only the one DER form of a signature is right")
  func encoding() {
    let (r, s) = (integer(ordinary.r), integer(ordinary.s))
    #expect(ordinary.key.verifies(sequence(r + s), of: message))
    let long = [UInt8(0x30), 0x81, UInt8(r.count + s.count)] + r + s
    let indefinite = [UInt8(0x30), 0x80] + r + s + [0, 0]
    let longNumber = [UInt8(2), 0x81] + r.dropFirst() + s
    let zeros = [UInt8(2), r[1] + 1, 0] + r.dropFirst(2) + s
    let wrong: [[UInt8]] = [
      [], [0x30], [0x30, 0], long, indefinite, sequence(longNumber), sequence(zeros), sequence(r),
      sequence(s + r),
      sequence(r + s + [0]), sequence(r + s) + [0], sequence(r + s + s), sequence([2, 0] + s),
      sequence(r + [2, 0]),
      [0x31] + sequence(r + s).dropFirst(), sequence([3] + r.dropFirst() + s), ordinary.r + ordinary.s,
      // -1, and r without the zero byte that makes it positive.
      sequence(r + [2, 1, 0xFF]), sequence([2, 32] + order + s), sequence([2, 127] + r + s),
      sequence([2, 255] + r + s),
    ]
    for signature in wrong { #expect(!ordinary.key.verifies(signature, of: message)) }
    for length in 0..<sequence(r + s).count {
      #expect(!ordinary.key.verifies(Array(sequence(r + s).prefix(length)), of: message))
    }
  }

  @Test("each altered byte of a signature and of a key is refused")
  func altered() {
    let signature = sequence(integer(ordinary.r) + integer(ordinary.s))
    for place in signature.indices {
      for bit in 0..<8 {
        var altered = signature
        altered[place] ^= 1 << bit
        #expect(!ordinary.key.verifies(altered, of: message))
      }
    }
    for place in 0..<32 {
      var (x, y) = (ordinary.x, ordinary.y)
      x[place] ^= 1
      y[place] ^= 1
      #expect(!PublicKey.es256(x: x, y: ordinary.y).isValid)
      #expect(!PublicKey.es256(x: ordinary.x, y: y).isValid)
      #expect(!PublicKey.es256(x: x, y: ordinary.y).verifies(signature, of: message))
    }
  }

  @Test("a point that is not on the curve is no key, nor is one of another length")
  func points() {
    let (x, y) = (ordinary.x, ordinary.y)
    let prime = bytes("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
    let zero = [UInt8](repeating: 0, count: 32)
    // A point of the curve with an x below 2^256 - p, and the same x plus p.
    let small = (
      x: zero.dropLast() + [5], y: bytes("459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc")
    )
    #expect(PublicKey.es256(x: Array(small.x), y: small.y).isValid)
    let wrong: [([UInt8], [UInt8])] = [
      ([], []), (zero, zero), (x, zero), (zero, y), (prime, y), (x, prime), (prime, prime), (y, x),
      (x, Array(y.dropLast())),
      (Array(x.dropFirst()), y), ([0] + x, y), (x, [0] + y), (x + y, []),
      (bytes("ffffffff00000001000000000000000000000001000000000000000000000004"), small.y),
      (zero.dropLast() + [6], small.y),
    ]
    for (x, y) in wrong {
      #expect(!PublicKey.es256(x: x, y: y).isValid)
      #expect(!PublicKey.es256(x: x, y: y).verifies(sequence([2, 1, 1, 2, 1, 1]), of: message))
    }
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 256)
    let right = sequence(integer(ordinary.r) + integer(ordinary.s))
    for _ in 0..<2000 {
      var signature = Array(right.prefix(Int.random(in: 0...right.count, using: &random)))
      for _ in 0..<Int.random(in: 1...3, using: &random) where !signature.isEmpty {
        signature[Int.random(in: signature.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      if signature != right { #expect(!ordinary.key.verifies(signature, of: message)) }
    }
  }
}

@Suite("EdDSA")
struct EdDSATests {
  struct Sample {
    let key: String
    let message: String
    let signature: String
  }

  /// RFC 8032 section 7.1, the tests 1 to 3.
  static let samples = [
    Sample(
      key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
      signature:
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        + "d25bf5f0595bbe24655141438e7a100b"),
    Sample(
      key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
      signature:
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        + "387b2eaeb4302aeeb00d291612bb0c00"),
    Sample(
      key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
      signature:
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        + "4a7c15e9716ed28dc027beceea1ec40a"),
  ]

  @Test("the signatures of RFC 8032 are right, and each altered bit is refused", arguments: 0..<3)
  func published(number: Int) {
    let sample = Self.samples[number]
    let (key, signature) = (PublicKey.ed25519(bytes(sample.key)), bytes(sample.signature))
    #expect(key.isValid)
    #expect(key.verifies(signature, of: bytes(sample.message)))
    #expect(!key.verifies(signature, of: bytes(sample.message) + [0]))
    for bit in 0..<512 {
      var altered = signature
      altered[bit / 8] ^= 1 << (bit % 8)
      #expect(!key.verifies(altered, of: bytes(sample.message)))
    }
  }

  @Test("other lengths, an s beyond the order and keys of a small order are refused")
  func hostile() {
    let sample = Self.samples[0]
    let (key, signature) = (bytes(sample.key), bytes(sample.signature))
    for wrong in [[], Array(signature.dropLast()), signature + [0], key] {
      #expect(!PublicKey.ed25519(key).verifies(wrong, of: []))
    }
    for wrong in [[], Array(key.dropLast()), key + [0]] {
      #expect(!PublicKey.ed25519(wrong).isValid)
      #expect(!PublicKey.ed25519(wrong).verifies(signature, of: []))
    }
    // s plus the order of the group, 2^252 + 27742317777372353535851937790883648493.
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var (sum, carry) = (signature, 0)
    for place in 0..<32 {
      carry += Int(sum[32 + place]) + Int(order[place])
      sum[32 + place] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    #expect(!PublicKey.ed25519(key).verifies(sum, of: []))
    // With the neutral point as key and as R, s = 0 would fit each message.
    let neutral = [1] + [UInt8](repeating: 0, count: 31)
    #expect(!PublicKey.ed25519(neutral).verifies(neutral + [UInt8](repeating: 0, count: 32), of: []))
  }
}

@Suite("RS256")
struct RS256Tests {
  private let key = SignatureSamples.rsaKey2048
  private let signature = SignatureSamples.signature2048

  @Test("signatures of another implementation are right")
  func right() {
    #expect(key.isValid)
    #expect(key.verifies(signature, of: message))
    #expect(!key.verifies(signature, of: message + [0]))
    #expect(SignatureSamples.rsaKey4096.verifies(SignatureSamples.signature4096, of: message))
    #expect(!SignatureSamples.rsaKey4096.verifies(signature, of: message))
  }

  @Test(
    "signatures over other bytes than the padded digest are wrong", arguments: SignatureSamples.wronglyPadded)
  func padding(sample: SignatureSamples.RSA) {
    #expect(sample.signature.count == 256)
    #expect(!key.verifies(sample.signature, of: message))
  }

  @Test("each altered byte and each other length is refused")
  func altered() {
    for place in signature.indices {
      var altered = signature
      altered[place] ^= 1
      #expect(!key.verifies(altered, of: message))
    }
    let modulus = SignatureSamples.modulus2048
    let zeros = [UInt8](repeating: 0, count: 256)
    for wrong in [
      [], zeros, modulus, [0] + signature, signature + [0], Array(signature.dropFirst()), [1] + zeros,
    ] {
      #expect(!key.verifies(wrong, of: message))
    }
  }

  @Test("only odd moduli of 2048 to 4096 bits and odd exponents of 17 to 32 bits make keys")
  func keys() {
    let modulus = SignatureSamples.modulus2048
    func isValid(_ modulus: [UInt8], _ exponent: [UInt8] = [1, 0, 1]) -> Bool {
      let key = PublicKey.rs256(modulus: modulus, exponent: exponent)
      #expect(!key.verifies([], of: message))
      #expect(!key.verifies([UInt8](repeating: 1, count: modulus.count), of: message))
      return key.isValid
    }
    #expect(isValid(modulus))
    #expect(isValid(modulus, [0xFF, 0xFF, 0xFF, 0xFF]))
    #expect(isValid([UInt8](repeating: 0xFF, count: 512)))
    let wrong: [[UInt8]] = [
      [], [0], [1], [3], [0] + modulus, Array(modulus.dropLast()), [0x7F] + modulus.dropFirst(),
      modulus.dropLast() + [0],
      [UInt8](repeating: 0xFF, count: 513), [1] + [UInt8](repeating: 0xFF, count: 512),
      [UInt8](repeating: 0, count: 256),
    ]
    for modulus in wrong { #expect(!isValid(modulus)) }
    let exponents: [[UInt8]] = [
      [], [0], [1], [3], [2], [17], [1, 0], [0xFF, 0xFF], [1, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0, 1], modulus,
    ]
    for exponent in exponents { #expect(!isValid(modulus, exponent)) }
  }
}

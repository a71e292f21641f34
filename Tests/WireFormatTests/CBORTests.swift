import DashboardWireFormat
import TestSupport
import Testing

@Suite("CBOR")
struct CBORTests {
  private func bytes(_ digits: String) -> [UInt8] { Hexadecimal.bytes(Array(digits.utf8)[...]) ?? [] }
  private func read(_ digits: String) -> CBOR? { CBOR.whole(bytes(digits)[...]) }

  @Test("the examples of RFC 8949 appendix A in the canonical subset")
  func published() {
    let numbers: [(String, CBOR)] = [
      ("00", .unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
      ("1818", .unsigned(24)),
      ("1819", .unsigned(25)), ("1864", .unsigned(100)), ("1903e8", .unsigned(1000)),
      ("1a000f4240", .unsigned(1_000_000)), ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
      ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)), ("20", .negative(0)),
      ("29", .negative(9)), ("3863", .negative(99)), ("3903e7", .negative(999)), ("f4", .boolean(false)),
      ("f5", .boolean(true)), ("f6", .null), ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
      ("60", .text("")),
      ("6161", .text("a")), ("6449455446", .text("IETF")), ("62225c", .text("\"\\")), ("62c3bc", .text("ü")),
      ("63e6b0b4", .text("水")), ("64f0908591", .text("𐅑")), ("80", .array([])),
      ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
      (
        "8301820203820405",
        .array([
          .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
        ])
      ),
      ("98190102030405060708090a0b0c0d0e0f101112131415161718181819", .array((1...25).map { .unsigned($0) })),
      ("a0", .map([])),
    ]
    for (digits, value) in numbers { #expect(read(digits) == value) }
    let map = read("a201020304")
    #expect(map?[1] == .unsigned(2) && map?[3] == .unsigned(4) && map?[2] == nil)
    let nested = read("a26161016162820203")
    #expect(nested?["a"] == .unsigned(1) && nested?["b"] == .array([.unsigned(2), .unsigned(3)]))
    #expect(nested?["c"] == nil && nested?[1] == nil)
    #expect(
      read("826161a161626163").map {
        if case .array(let all) = $0 { all[1]["b"] == .text("c") } else { false }
      } == true)
    #expect(read("a56161614161626142616361436164614461656145")?["e"] == .text("E"))
  }

  @Test(
    "the other examples of RFC 8949 appendix A are refused: tags, floating-point numbers, other simple values, no lengths",
    arguments: [
      "c249010000000000000000", "c349010000000000000000", "f90000", "f98000", "f93c00", "fb3ff199999999999a",
      "f93e00",
      "f97bff", "fa47c35000", "fa7f7fffff", "fb7e37e43c8800759c", "f90001", "f90400", "f9c400",
      "fbc010666666666666",
      "f97c00", "f97e00", "f9fc00", "fa7f800000", "fa7fc00000", "faff800000", "fb7ff0000000000000", "f7",
      "f0", "f8ff",
      "c074323031332d30332d32315432303a30343a30305a", "c11a514b67b0", "c1fb41d452d9e8200000", "d74401020304",
      "d818456449455446", "5f42010243030405ff", "7f657374726561646d696e67ff", "9fff", "9f018202039f0405ffff",
      "9f01820203820405ff", "83018202039f0405ff", "83019f0203ff820405", "bf61610161629f0203ffff",
      "826161bf61626163ff", "bf6346756ef563416d7421ff",
    ])
  func outside(digits: String) {
    #expect(read(digits) == nil)
  }

  @Test(
    "bytes that are no canonical CBOR are refused",
    arguments: [
      "", "18", "19ff", "1affffff", "1bffffffffffffff", "41", "4201", "61", "62c3", "81", "8201", "a1",
      "a101",
      // Numbers and lengths that have a shorter form.
      "1817", "190018", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817", "5801ff", "780161", "9800",
      "b800",
      // Reserved and indefinite lengths.
      "1c", "1d", "1e", "1f", "3f", "5c", "5f", "ff", "fc", "f814", "f820",
      // Text that is not UTF-8: half a character, a surrogate, a long form.
      "61ff", "63eda080", "62c080",
      // Lengths beyond the end, up to the largest.
      "5bffffffffffffffff", "7b7fffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
      "9b000000010000000000",
      "ba0fffffff0101", "5a7fffffff00",
      // Keys out of order, and twice.
      "a203040102", "a201020103", "a2616201616101", "a262616101616201", "a2200101 02", "a2616101010 2",
      "a24161014101 02",
      "a1010200", "0000",
    ])
  func malformed(digits: String) {
    #expect(read(String(digits.filter { $0 != " " })) == nil)
  }

  @Test("keys are in order by type, then by length, then by bytes")
  func order() {
    let forms = ["00", "17", "1818", "190100", "20", "3818", "40", "4100", "60", "617a", "626161", "f4"]
    for first in forms.indices {
      for second in forms.indices {
        #expect((read("a2\(forms[first])01\(forms[second])01") != nil) == (first < second))
      }
    }
  }

  @Test("at most four containers are inside each other")
  func depth() {
    #expect(read("8181818100") != nil)
    #expect(read("818181818000") == nil)
    #expect(read("8181818180") == nil)
    #expect(read("a100a100a100a10000") != nil)
    #expect(read("a100a100a100a100a0") == nil)
    #expect(CBOR.whole([UInt8](repeating: 0x81, count: 1_000_000)[...]) == nil)
  }

  @Test("bytes behind a value are left")
  func rest() throws {
    let (value, rest) = try #require(CBOR.first(in: bytes("0182ff")[...]))
    #expect(value == .unsigned(1))
    #expect(Array(rest) == [0x82, 0xFF])
    #expect(CBOR.first(in: bytes("001901")[1...]) == nil)
  }

  @Test("integers and byte strings are read as such")
  func values() {
    #expect(read("20")?.integer == -1)
    #expect(read("390100")?.integer == -257)
    #expect(read("1b7fffffffffffffff")?.integer == .max)
    #expect(read("1b8000000000000000")?.integer == nil)
    #expect(read("3b7fffffffffffffff")?.integer == .min)
    #expect(read("3b8000000000000000")?.integer == nil)
    #expect(read("6161")?.integer == nil)
    #expect(read("4161")?.byteString == [0x61])
    #expect(read("6161")?.byteString == nil)
    #expect(read("01")?[1] == nil)
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 8949)
    let sample = bytes("a363666d74646e6f6e656761747453746d74a26161f4616281f66861757468446174614401020304")
    #expect(CBOR.whole(sample[...]) != nil)
    var values = 0
    for round in 0..<40_000 {
      var bytes = sample
      if round.isMultiple(of: 2) {
        bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        }
      } else {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count * 2, using: &random)))
      }
      if let (_, rest) = CBOR.first(in: bytes[...]) {
        values += 1
        #expect(rest.endIndex == bytes.endIndex && rest.count < bytes.count)
      }
    }
    #expect(values > 1000)
  }
}

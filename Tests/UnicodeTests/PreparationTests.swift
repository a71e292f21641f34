import DashboardUnicode
import DashboardWireFormat
import TestSupport
import Testing

@Suite("prepared forms of usernames and passwords")
struct PreparationTests {
  private func username(_ text: String) -> String {
    String(decoding: Preparation.username(Array(text.utf8)[...]), as: UTF8.self)
  }

  private func password(_ text: String) -> String {
    String(decoding: Preparation.password(Array(text.utf8)[...]), as: UTF8.self)
  }

  /// Swift compares strings by canonical equivalence, so the tests compare scalars.
  private func expect(_ text: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(
      text.unicodeScalars.map(\.value) == expected.unicodeScalars.map(\.value), "\(text) is not \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test("what people type for one name gives one name")
  func usernames() {
    for text in ["ada", "Ada", "ADA", " ada", "ada ", "\tAda\u{3000}", "ａｄａ", "Ａｄａ"] {
      expect(username(text), "ada")
    }
    for text in ["José", "JOSE\u{301}", "jose\u{301}", "JOSÉ"] { expect(username(text), "jos\u{E9}") }
    expect(username("J\u{30C}"), "\u{1F0}")
    expect(username("\u{1F0}"), "\u{1F0}")
    expect(username("Ada  \u{A0}\u{2003} Lovelace"), "ada lovelace")
    expect(username("ΟΔΥΣΣΕΥΣ"), "οδυσσευσ")
    expect(username("οδυσσεύς"), "οδυσσεύσ")
    expect(username("İpek"), "i\u{307}pek")
    expect(username("ISPARTA"), "isparta")
    expect(username("ı"), "ı")
    expect(username("STRAẞE"), "straße")
    expect(username("ﾊﾟﾅ"), "パナ")
    expect(username("ﾡ￣"), "ㄱ\u{AF}")
    expect(username("Å"), "å")
    expect(username("한"), "한")
    expect(username("q\u{307}\u{323}"), "q\u{323}\u{307}")
    expect(username("مي\u{200C}خواهم"), "مي\u{200C}خواهم")
  }

  @Test("different names stay different")
  func differences() {
    for (first, second) in [
      ("straße", "strasse"), ("ı", "i"), ("ﬁ", "fi"), ("²", "2"), ("ada", "аda"), ("a.b", "ab"),
      ("a b", "ab"),
      ("e", "é"), ("Ⅳ", "iv"),
    ] {
      #expect(username(first).unicodeScalars.map(\.value) != username(second).unicodeScalars.map(\.value))
    }
  }

  @Test("a prepared form is its own prepared form, for scalars alone and among others")
  func idempotence() {
    var failures: [String] = []
    for value in UInt32(0)...0x10FFFF {
      // Ideographs, syllables and private use behave alike.
      let isUniform = value >= 0x3400 && !(0xA000..<0xAC00 ~= value) && !(0xF900..<0x20000 ~= value)
      guard let scalar = Unicode.Scalar(value), !isUniform || value % 61 == 0 else { continue }
      for text in ["\(scalar)", "a\(scalar)\u{301}B"] {
        let once = Preparation.username(Array(text.utf8)[...])
        if Preparation.username(once[...]) != once { failures.append("U+\(String(value, radix: 16))") }
        let secret = Preparation.password(Array(text.utf8)[...])
        if Preparation.password(secret[...]) != secret {
          failures.append("U+\(String(value, radix: 16)) secret")
        }
      }
    }
    #expect(failures.isEmpty)
  }

  /// Python knows another version of Unicode. It prints only what its version has assigned.
  @Test("scalars have the form that Python's tables give")
  func python() throws {
    let script = #"""
      import sys, unicodedata as u
      white = set([*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
      def width(c):
          d = u.decomposition(c).split()
          return "".join(chr(int(x, 16)) for x in d[1:]) if d and d[0] in ("<wide>", "<narrow>") else c
      def lower(c):
          if c == "\u03c2": return "\u03c3"
          return c.lower() if c == "\u0130" or len(c.lower()) == 1 else c
      def spaced(s): return " ".join(x for x in "".join(" " if ord(c) in white else c for c in s).split(" ") if x)
      for v in range(0x110000):
          if 0xD800 <= v < 0xE000 or u.category(chr(v)) == "Cn": continue
          # Ideographs, syllables and private use behave alike.
          if u.category(chr(v)) in ("Lo", "Co") and v >= 0x3400 and v % 61 and not 0xF900 <= v < 0x10000: continue
          for s in (chr(v), "A" + chr(v) + "\u0323\u0301b"):
              name = u.normalize("NFC", "".join(map(lower, spaced("".join(map(width, s))))))
              secret = u.normalize("NFC", "".join(" " if u.category(c) == "Zs" else c for c in s))
              print(f"{v:x}", *(x.encode().hex() or "-" for x in (s, name, secret)))
      """#
    let output = try ChildProcess.run(["/usr/bin/python3", "-c", script]).output
    var failures: [String] = []
    var count = 0
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ")
      func bytes(_ hex: Substring) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
          UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
      }
      let typed = bytes(parts[1])
      if Preparation.username(typed[...]) != bytes(parts[2]) { failures.append("name \(parts[0])") }
      if Preparation.password(typed[...]) != bytes(parts[3]) { failures.append("secret \(parts[0])") }
      count += 1
    }
    #expect(count > 50_000)
    #expect(failures.isEmpty, "\(failures.prefix(20))")
  }

  @Test("passwords keep case, width and outer spaces")
  func passwords() {
    for text in ["Correct Horse", " a ", "ａ", "ﬁ", "Σς", "\u{200D}"] { expect(password(text), text) }
    expect(password("cafe\u{301}\u{A0}\u{3000}x "), "caf\u{E9}  x ")
    expect(password("a\tb"), "a\tb")
  }

  @Test(
    "a name that people can't see or type is refused",
    arguments: [
      "ada\n", "\tada", "a\u{0}", "a\u{7F}", "a\u{85}", "a\u{AD}b", "a\u{200B}b", "\u{FEFF}ada", "a\u{202E}b",
      "a\u{2066}b",
      "a\u{2028}b", "a\u{2029}b", "a\u{E000}", "a\u{FFFF}", "a\u{378}", "a\u{FE0F}", "a\u{34F}b",
      "a\u{115F}b", "a\u{3164}",
      "a\u{FFA0}", "a\u{E0001}", "a\u{1D173}", "\u{200C}ada", "ada\u{200D}", "a\u{200C} b", "1\u{200C}a",
      "a\u{200C}\u{200C}b",
      "👨\u{200D}👩", "a\u{10FFFF}",
    ])
  func hidden(_ name: String) {
    #expect(!Preparation.isUsername(Array(name.utf8)[...]))
  }

  @Test(
    "names of many languages are allowed",
    arguments: [
      "ada lovelace", "José", "jose\u{301}", "Ólafur", "Łukasz", "Οδυσσεύς", "Анна", "עדה", "أحمد",
      "مي\u{200C}خواهم",
      "नेहा", "क\u{94D}\u{200D}ष", "ஸ்ரீ", "สมชาย", "ᠮᠣᠩᠭᠣᠯ", "明美", "ｱｹﾐ", "김철수", "Ｗｉｄｅ", "a+b@example.com",
      "🦊 fox", "x\u{A0}y",
    ])
  func visible(_ name: String) {
    #expect(Preparation.isUsername(Array(name.utf8)[...]))
  }

  @Test("a password may hold all but controls and unassigned characters")
  func allowedPasswords() {
    for text in ["a b", "ｐä\u{AD}\u{200B}\u{E000}\u{2028}", "\u{FEFF}"] {
      #expect(Preparation.isPassword(Array(text.utf8)[...]), "\(text)")
    }
    for text in [
      "a\n", "a\t", "a\u{0}", "\u{1B}[A", "a\u{7F}", "a\u{80}", "é\u{9F}", "é\u{378}", "é\u{FFFF}",
    ] {
      #expect(!Preparation.isPassword(Array(text.utf8)[...]))
    }
  }

  /// 200,000 marks of two classes in turn. A quadratic ordering would take minutes.
  @Test("long runs of combining marks take no quadratic time", .timeLimit(.minutes(1)))
  func marks() {
    let text = "a" + String(repeating: "\u{301}\u{323}", count: 100_000)
    let prepared = Preparation.username(Array(text.utf8)[...])
    #expect(prepared.count == 3 + 99_999 * 2 + 100_000 * 2)
    #expect(Preparation.password(Array(text.utf8)[...]) == prepared)
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 26)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }[...]
      _ = (
        Preparation.username(bytes), Preparation.password(bytes), Preparation.isUsername(bytes),
        Preparation.isPassword(bytes)
      )
    }
  }
}

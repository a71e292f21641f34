import DashboardCrypto
import DashboardWireFormat
import DashboardRecords
import TestSupport
import Testing

@Suite("secrets")
struct SecretsTests {
  // The expected values were computed with Python's hashlib.
  private let secrets = Secrets(encryption: "encryption-key", session: "session-key")

  @Test("the hash of a text is SHA-512 of the text, a colon and the key")
  func text() {
    #expect(
      Hexadecimal.text(secrets.hash("somebody".utf8))
        == "100eb56a39e22044041e23dd251272bd5c4a7f341e815ea9f2f9730dae5a4026"
        + "450a50f44840df9004e882ef1385243ed84acf98fc17b6aad37c7c299f00122c")
  }

  @Test("a token hash covers the account, the token and both keys")
  func tokens() throws {
    let account = try #require(AccountID("acct_0123456789abcdef"))
    let token = Array(String(repeating: "ab", count: 32).utf8)[...]
    let hash = secrets.tokenHash(
      accountid: account, token: token, sessionSalt: Array("account-session-key".utf8))
    #expect(
      Hexadecimal.text(hash)
        == "9dfa99e064e939a67541ec04a21c77af0a52ab18eccbe9600e3dec78ee00743f"
        + "db4acac3da0a1addb41d8896396a14ff05483c28f26dac6ed290a9a47742ddad")
    #expect(secrets.tokenHash(accountid: account, token: token, sessionSalt: Array("another".utf8)) != hash)
  }

  @Test("each pair of keys has its own fingerprint")
  func fingerprint() {
    #expect(
      Hexadecimal.text(secrets.fingerprint)
        == "8ba0c800b2a94f6016e752967d6ba817b3fb8292cefcadf2045995fdec5aeb83"
    )
    #expect(Secrets(encryption: "encryption-key", session: "other").fingerprint != secrets.fingerprint)
    #expect(Secrets(encryption: "other", session: "session-key").fingerprint != secrets.fingerprint)
  }

  @Test("printed secrets show no key")
  func printing() {
    #expect("\(secrets)" == "Secrets(hidden)")
    #expect(!String(reflecting: secrets).contains("encryption-key"))
  }
}

@Suite("password hashes")
struct PasswordHashTests {
  private let secrets = Secrets(encryption: "encryption-key", session: "session-key")
  private let random = SystemRandom()

  private func hash(_ password: String, cost: Int = 4) throws -> PasswordHash {
    try PasswordHash(password.utf8, .bcrypt(cost: cost), secrets: secrets, random: random)
  }

  /// Made with Python's crypt from the SHA-256 hex of "correct horse é" and the key.
  @Test(
    "bcrypt hashes of other programs match",
    arguments: [
      "$2b$04$abcdefghijklmnopqrstuulDUGJiP5lFLce.Vu1YGR/CvzxGlE07y",
      "$2a$04$N9qo8uLOickgx2ZMRZoMyezVZF1/b/nWgDRJPxhIVj8HGNDFagwhi",
      "$2y$05$N9qo8uLOickgx2ZMRZoMye21naTfhOsCpQr4qWaZV5LYQ79URjnrG",
    ])
  func otherPrograms(text: String) {
    let hash = PasswordHash(text: text)
    #expect(hash.matches("correct horse é".utf8, secrets: secrets))
    #expect(!hash.matches("correct horse e".utf8, secrets: secrets))
    #expect(
      !hash.matches("correct horse é".utf8, secrets: Secrets(encryption: "other", session: "session-key")))
  }

  @Test("a bcrypt hash matches only its password")
  func bcrypt() throws {
    let hash = try hash("password")
    #expect(hash.text.hasPrefix("$2b$04$"))
    #expect(hash.text.utf8.count == 60)
    #expect(hash.matches("password".utf8, secrets: secrets))
    for other in ["", "passwor", "password ", "Password", "password\0"] {
      #expect(!hash.matches(other.utf8, secrets: secrets))
    }
  }

  @Test("each hash has its own salt")
  func salts() throws {
    #expect(try hash("password") != hash("password"))
  }

  @Test("every byte of a long password counts")
  func allBytes() throws {
    // bcrypt alone ends at 72 bytes, and at a NUL.
    let long = String(repeating: "x", count: 128)
    #expect(try !hash(long + "a").matches((long + "b").utf8, secrets: secrets))
    #expect(try !hash("a\0b").matches("a\0c".utf8, secrets: secrets))
    #expect(try hash("").matches("".utf8, secrets: secrets))
  }

  @Test(
    "a malformed hash matches no password",
    arguments: [
      "", "*0", "*", "$", "$2b$", "$2b$04$", "$2b$04$short", "$2b$99$abcdefghijklmnopqrstuu", "é",
    ])
  func malformed(text: String) {
    #expect(!PasswordHash(text: text).matches("".utf8, secrets: secrets))
  }

  @Test("a hash shows its scheme and cost")
  func schemes() throws {
    #expect(try hash("password", cost: 5).isMade(by: .bcrypt(cost: 5)))
    #expect(try !hash("password", cost: 5).isMade(by: .bcrypt(cost: 4)))
    #expect(try !hash("password", cost: 5).isMade(by: .argon2id))
    #expect(PasswordHash(text: "$2a$12$N9qo8uLOickgx2ZMRZoMye").isMade(by: .bcrypt(cost: 12)))
    for text in ["", "$2b$", "$2b$x$y", "plain"] {
      #expect(!PasswordHash(text: text).isMade(by: .bcrypt(cost: 12)))
      #expect(!PasswordHash(text: text).isMade(by: .argon2id))
    }
    let argon = try PasswordHash("password".utf8, .argon2id, secrets: secrets, random: random)
    #expect(argon.isMade(by: .argon2id))
    #expect(!argon.isMade(by: .bcrypt(cost: 12)))
    #expect(!PasswordHash(text: "$argon2id$v=19$m=65536,t=2,p=1$x$y").isMade(by: .argon2id))
  }

  // MARK: Argon2id

  @Test("an Argon2id hash matches only its password")
  func argon2id() throws {
    let hash = try PasswordHash("password".utf8, .argon2id, secrets: secrets, random: random)
    #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(hash.matches("password".utf8, secrets: secrets))
    for other in ["", "passwor", "password ", "Password", "password\0"] {
      #expect(!hash.matches(other.utf8, secrets: secrets))
    }
    #expect(!hash.matches("password".utf8, secrets: Secrets(encryption: "other", session: "session-key")))
    #expect(try hash != PasswordHash("password".utf8, .argon2id, secrets: secrets, random: random))
  }

  @Test(
    "a malformed Argon2id hash matches no password",
    arguments: [
      "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$x",
    ])
  func malformedArgon2id(text: String) {
    #expect(!PasswordHash(text: text).matches("".utf8, secrets: secrets))
  }

  @Test("a cost outside of the range of bcrypt throws", arguments: [1, 3, 32, .max])
  func invalidCosts(cost: Int) {
    #expect(throws: HashingFailure.self) {
      try PasswordHash("password".utf8, .bcrypt(cost: cost), secrets: secrets, random: random)
    }
  }

  @Test(
    "checking the unmatchable hash takes as long as checking a real one",
    arguments: [
      (PasswordScheme.bcrypt(cost: 7), 5), (.bcrypt(cost: 9), 5), (.argon2id, 5),
      (.bcrypt(cost: 5), 2_000_000),
    ])
  func equalWork(_ scheme: PasswordScheme, length: Int) throws {
    let hash = try PasswordHash("password".utf8, scheme, secrets: secrets, random: random)
    let wrong = [UInt8](repeating: UInt8(ascii: "w"), count: length)
    let ratio = workRatio(within: 0.7..<1.4) {
      _ = PasswordHash.unmatchable(scheme).matches(wrong, secrets: secrets)
    } to: {
      _ = hash.matches(wrong, secrets: secrets)
    }
    #expect((0.7..<1.4).contains(ratio))
  }
}

@Suite("random bytes")
struct RandomTests {
  @Test("random bytes have the requested count, and differ")
  func bytes() {
    let random = SystemRandom()
    #expect(random.bytes(0) == [])
    #expect(random.bytes(32).count == 32)
    // The system returns fewer bytes at once. Bytes that it left unfilled would not differ between the draws.
    let draws = (0..<64).map { _ in random.bytes(1000) }
    #expect(draws.allSatisfy { $0.count == 1000 })
    #expect((0..<1000).allSatisfy { place in Set(draws.map { $0[place] }).count > 16 })
    #expect(random.bytes(32) != random.bytes(32))
    #expect(random.number() != random.number())
  }

  @Test("a random number consists of eight bytes")
  func numbers() {
    struct Counting: RandomSource {
      func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 + 1) } }
    }
    #expect(Counting().number() == 0x0102_0304_0506_0708)
  }
}

@Suite("hashes")
struct HashTests {
  /// FIPS 180-2, appendices B.1 and C.1.
  @Test("the hashes of abc are the published ones")
  func published() {
    #expect(
      Hexadecimal.text(Hash.sha256(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Hexadecimal.text(Hash.sha512(Array("abc".utf8)))
        == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
  }

  @Test("only the same bytes are equal")
  func equality() {
    #expect(Hash.areEqual([], []))
    #expect(Hash.areEqual([1, 2], [1, 2]))
    #expect(!Hash.areEqual([1, 2], [1, 3]))
    #expect(!Hash.areEqual([1, 2], [1]))
  }
}

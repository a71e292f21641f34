import DashboardAccounts
import Testing

@Suite("common passwords")
struct CommonPasswordTests {
  @Test(
    "a common password is found, in any case",
    arguments: ["password", "PASSWORD", "Password1", "12345678", "123456", "qwertyuiop", "trustno1"])
  func common(password: String) {
    #expect(CommonPasswords.contain(password.utf8))
  }

  @Test(
    "an uncommon password is not found",
    arguments: [
      "", "correct horse", "password ", " password", "pass word", "p\u{E4}ssword",
      "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "\n",
    ])
  func uncommon(password: String) {
    #expect(!CommonPasswords.contain(password.utf8))
  }
}

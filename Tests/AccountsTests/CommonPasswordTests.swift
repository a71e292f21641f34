import DashboardAccounts
import Testing

@Suite struct CommonPasswordTests {
  @Test(arguments: ["password", "PASSWORD", "Password1", "12345678", "123456", "qwertyuiop", "trustno1"])
  func whatManyHaveIsFoundInCapitalsOrNot(password: String) {
    #expect(CommonPasswords.contain(password.utf8))
  }

  @Test(arguments: [
    "", "correct horse", "password ", " password", "pass word", "p\u{E4}ssword",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "\n",
  ])
  func whatFewHaveIsNot(password: String) {
    #expect(!CommonPasswords.contain(password.utf8))
  }
}

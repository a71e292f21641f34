import Testing

/// Reduced cases of compiler bugs that this project works around. A test fails when its bug is fixed: then remove the
/// workaround and the test.
@Suite("compiler bugs with a workaround")
struct CompilerDefectTests {
  private func result(of body: () -> Bool) -> Bool { body() }
  private func run(_ body: () -> Void) { body() }

  /// Inside a closure, Swift 6.3.1 gives a closure in the argument of `#expect` and a later closure of the same type one
  /// symbol. It runs the first closure for both. CONTRIBUTING.md has a rule about it.
  @Test("a closure in the argument of #expect replaces a later closure")
  func closuresInExpect() {
    var isReplaced = false
    run {
      #expect(result { true })
      let second = result { false }
      if second { isReplaced = true }
    }
    #expect(
      isReplaced,
      "the compiler bug is fixed: remove the rule about #expect from CONTRIBUTING.md, and this test")
  }
}

import Testing

/// Reduced cases of compiler bugs that this project works around. A test here fails when the compiler is mended: then remove the
/// workaround, and the test.
@Suite("compiler bugs with a workaround")
struct CompilerDefectTests {
  private func result(of body: () -> Bool) -> Bool { body() }
  private func run(_ body: () -> Void) { body() }

  /// Inside a closure, Swift 6.3.1 gives a closure in the argument of `#expect` and a later closure of the same type one name, and
  /// runs the first for both. CONTRIBUTING.md has a rule about it.
  @Test("a closure in the argument of #expect replaces a later closure")
  func closuresInExpect() {
    var isReplaced = false
    run {
      #expect(result { true })
      let second = result { false }
      if second { isReplaced = true }
    }
    #expect(isReplaced, "The compiler is mended: remove the rule about #expect, and this test")
  }
}

import DashboardAccounts
import DashboardCrypto
import Testing

@Suite("codes of invitations")
struct InvitationCodeTests {
  private func canonical(_ text: String) -> String? { InvitationCode.canonical(Array(text.utf8)[...]) }

  @Test("a code is 20 of 32 letters, and no place is fixed")
  func new() {
    let codes = (0..<400).map { _ in InvitationCode.new(SystemRandom()) }
    #expect(Set(codes).count == 400)
    for place in 0..<20 { #expect(Set(codes.map { Array($0)[place] }).count == 32) }
    #expect(codes.allSatisfy { $0.count == 20 && canonical($0) == $0 })
  }

  @Test("case, blanks, hyphens and look-alikes of a typed code do not count")
  func typed() {
    let code = "8n6d2wq0kx4v7c1r5tbz"
    for text in [
      code.uppercased(), "8n6d 2wq0 kx4v 7c1r 5tbz", "8N6D-2WQ0-KX4V-7C1R-5TBZ", "\n\(code)\r\n",
      "8n6d2wqokx4v7cir5tbz", "8n6d2wqOkx4v7cLr5tbz", "8n6d2wq0kx\u{A0}4v7c\u{2003}1r5tbz",
    ] { #expect(canonical(text) == code, "\(text)") }
  }

  @Test(
    "other texts are no code",
    arguments: [
      "", "-", "8n6d2wq0kx4v7c1r5tb", "8n6d2wq0kx4v7c1r5tbzz", "8n6d2wq0kx4v7c1r5tbu",
      "8n6d2wq0kx4v7c1r5tb\u{0}",
      "8n6d2wq0kx4v7c1r5tbＺ", "8n6d2wq0kx4v7c1r5tb;", String(repeating: " ", count: 200) + "8",
    ])
  func others(text: String) { #expect(canonical(text) == nil) }

  @Test("bytes that are not UTF-8 are no code")
  func bytes() { #expect(InvitationCode.canonical([UInt8](repeating: 0xFF, count: 20)[...]) == nil) }
}

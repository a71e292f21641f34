import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the words of the pages")
struct WordsTests {
  /// The names in braces.
  private static func places(_ text: String) -> Set<Substring> {
    Set(
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { $0.prefix { $0 != "}" } }
    )
  }

  @Test("a text has the same places in every language", arguments: Language.allCases)
  func places(language: Language) {
    for text in Text.allCases {
      let own = language.text(text)
      #expect(!own.isEmpty, "\(text)")
      #expect(Self.places(own) == Self.places(Language.english.text(text)), "\(text)")
    }
  }

  @Test("texts of two languages differ, but for names and words that both have", arguments: Language.allCases)
  func translated(language: Language) {
    let alike: Set<Text> = [
      .problemLength, .name, .roleAdministrator, .sessionTitle, .siteNavigation, .errorPrefix,
      .invitationsTitle, .invitationNote, .passkeyTitle, .passkeysTitle,
    ]
    guard language != .english else { return }
    for text in Text.allCases where !alike.contains(text) {
      #expect(language.text(text) != Language.english.text(text), "\(text)")
    }
  }

  @Test("every field of every form has a label in every language", arguments: Language.allCases)
  func labels(language: Language) throws {
    let site = try TestSite(["USER_PROFILE_FIELDS": Self.allFields])
    let view = try Member(site)
    view.person.cookies["dashboard_language"] = language.rawValue
    for page in Page.withForm {
      let markup = try view.person.get(view.url(page)).page
      for input in markup.elements where input.name == "input" && input["type"] != "hidden" {
        let name = try #require(input["name"])
        let label = try #require(language.label(name), "\(name)")
        let around = input.ancestors.map { markup.elements[$0] }
        let isGrouped = around.contains { $0.name == "fieldset" && $0.text.hasPrefix(label) }
        let isLabelled =
          markup.elements.contains {
            $0.name == "label" && $0["for"] == input["id"] && $0.text.hasPrefix(label)
          } || around.last?.name == "label"
        #expect(isLabelled && (input["type"] != "radio" || isGrouped), "\(page.name) \(name)")
      }
    }
  }

  static let allFields = ([String](["full-name", "contact-email"]) + Member.others.keys).joined(
    separator: ",")

  @Test("a duration is told in its largest unit, rounded up")
  func durations() {
    let (english, german) = (Language.english, Language.german)
    for (seconds, words) in [
      (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (3600, "1 hour"),
      (3601, "2 hours"), (86_400, "1 day"), (7 * 86_400, "7 days"), (0, "0 seconds"),
    ] { #expect(english.duration(seconds: seconds) == words) }
    #expect(german.duration(seconds: 86_400 * 3) == "3 Tagen")
    #expect(german.duration(seconds: 60) == "1 Minute")
    for (days, words) in [
      (1, "يوم واحد"), (2, "يومين"), (3, "3 أيام"), (10, "10 أيام"), (11, "11 يومًا"), (100, "100 يوم"),
      (101, "101 يوم"), (111, "111 يومًا"),
      (103, "103 أيام"),
    ] { #expect(Language.arabic.duration(seconds: 86_400 * days) == words) }
  }

  @Test("dates and numbers are written as the language writes them")
  func dates() {
    let moment = Timestamp(milliseconds: 1_796_005_920_000)
    for (language, text) in [
      (Language.english, "30 November 2026, 02:32 UTC"), (.german, "30. November 2026, 02:32 UTC"),
      (.french, "30 novembre 2026 à 02:32 UTC"), (.spanish, "30 de noviembre de 2026, 02:32 UTC"),
      (.portuguese, "30 de novembro de 2026 às 02:32 UTC"), (.japanese, "2026年11月30日 02:32 UTC"),
      (.arabic, "30 نوفمبر 2026، 02:32 UTC"),
    ] { #expect(language.time(moment) == text) }
    #expect(Language.french.date(Timestamp(milliseconds: 1_767_225_600_000)) == "1er janvier 2026")
    #expect(Language.german.number(-1_234_567) == "−1.234.567")
    #expect(Language.english.number(999) == "999")
    #expect(Language.french.number(1000) == "1\u{202F}000")
  }

  @Test("the language is the chosen one, then the preferred one, then English")
  func preference() {
    for (header, language) in [
      ("de", Language.german), ("DE-at", .german), ("it, de;q=0.5", .german), ("pt", .portuguese),
      ("pt-PT, en;q=0.1", .portuguese), ("en;q=0.5, de;q=0.9", .german),
      ("en;q=0.9, de;q=0.5", .english), ("de;q=0, en;q=0.1", .english), ("de, en", .german),
      ("en, de", .english), ("de ; q = 0.2 , en ; q = 0.1", .german),
      ("de;level=1;q=0.1, en;q=0.2", .english),
    ] { #expect(Language.preferred(Array(header.utf8)[...]) == language, "\(header)") }
    for header in ["", "it", "*", "deutsch", "d", "de;q=0", "de;q=x", "de;q=nan", ",;=,", "\u{2028}"] {
      #expect(Language.preferred(Array(header.utf8)[...]) == nil, "\(header)")
    }
  }
}

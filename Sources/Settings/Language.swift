/// A language of the pages, by its tag (RFC 5646).
package enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case german = "de"
  case french = "fr"
  case spanish = "es"
  case portuguese = "pt-BR"
  case japanese = "ja"
  case arabic = "ar"
}

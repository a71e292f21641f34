/// The settings of the pages. Paths are of the site.
package struct SiteConfiguration: Sendable {
  /// `nil` if it is not given.
  package let name: String?
  package let logo: String?
  package let stylesheet: String?
  package let home: String?
  package let terms: String?
  package let privacy: String?
  /// At least one.
  package let languages: [Language]

  init(_ source: SettingSource) throws(ConfigurationError) {
    name = try source.text(.siteName)
    logo = try source.path(.siteLogo)
    stylesheet = try source.path(.siteStylesheet)
    home = try source.path(.homePath)
    terms = try source.path(.termsPath)
    privacy = try source.path(.privacyPath)
    languages = try source.languages(.languages)
  }
}

import DashboardRecords
import DashboardSettings
import Testing

private func configuration(_ environment: [String: String] = [:], file: String = "", cores: Int = 2)
  throws(ConfigurationError) -> Configuration
{
  try Configuration(file: Array(file.utf8), cores: cores, environment: NamedValues(environment))
}

@Suite("settings")
struct ConfigurationTests {
  @Test("every setting has its default")
  func defaults() throws {
    let configuration = try configuration(cores: 3)
    #expect(configuration.dataDirectory == "/var/lib/dashboard")
    #expect(configuration.appName == AppName("dashboard"))
    #expect(configuration.app.passwordScheme == .bcrypt(cost: 12))
    #expect(configuration.app.usernameLength == 3...100)
    #expect(configuration.app.passwordLength == 8...128)
    #expect(configuration.app.pageSize == 10)
    #expect(configuration.app.site.languages == Language.allCases)
    #expect(configuration.bodyLength == 2_000_000)
    #expect(!configuration.app.registrationIsClosed)
    #expect(configuration.maximumDataSize == 64 << 30)
    #expect(configuration.eventThreads == 3)
    #expect(configuration.hashingThreads == 3)
    #expect(configuration.shutdownTimeout == 10)
    #expect(configuration.app.allowedOrigins == [])
    #expect(configuration.app.encryptionKey == nil)
    #expect(configuration.app.sessionKey == nil)
  }

  @Test("METRICS_TOKEN is long, can stand in a header, and is never shown")
  func metricsToken() throws {
    #expect(try configuration().metricsToken == nil)
    for token in ["0123456789abcdef", "-._~+/=ABCxyz019", String(repeating: "a", count: 256)] {
      #expect(try configuration(["METRICS_TOKEN": token]).metricsToken == token)
    }
    for token in [
      "0123456789abcde", "0123456789 abcdef", "0123456789abcdeé", "0123456789abcde,",
      String(repeating: "a", count: 257),
    ] {
      let error = #expect(throws: ConfigurationError.self) { try configuration(["METRICS_TOKEN": token]) }
      #expect(error?.description.hasPrefix("METRICS_TOKEN is (hidden); it must be 16 to 256") == true)
    }
  }

  @Test("every setting can be given")
  func all() throws {
    let configuration = try configuration([
      "DATA_DIR": "/data", "APPID": "app", "BCRYPT_WORKLOAD_FACTOR": "4", "MINIMUM_USERNAME_LENGTH": "1",
      "MAXIMUM_USERNAME_LENGTH": "2", "MINIMUM_PASSWORD_LENGTH": "64", "MAXIMUM_PASSWORD_LENGTH": "64",
      "PAGE_SIZE": "1000", "MAXIMUM_POST_DATA_LENGTH": "1", "DISABLE_REGISTRATION": "true", "MAP_SIZE": "1M",
      "EVENT_THREADS": "1", "HASHING_THREADS": "256", "SHUTDOWN_TIMEOUT": "0",
      "ALLOWED_ORIGINS": "https://a.example, https://b.example:8443 ,, ,https://c.example:443",
      "DASHBOARD_ENCRYPTION_KEY": "one", "DASHBOARD_SESSION_KEY": "two",
    ])
    #expect(configuration.dataDirectory == "/data")
    #expect(configuration.appName.description == "app")
    #expect(configuration.app.passwordScheme == .bcrypt(cost: 4))
    #expect(configuration.app.usernameLength == 1...2)
    #expect(configuration.app.passwordLength == 64...64)
    #expect(configuration.app.pageSize == 1000)
    #expect(configuration.bodyLength == 1)
    #expect(configuration.app.registrationIsClosed)
    #expect(configuration.maximumDataSize == 1 << 20)
    #expect(configuration.eventThreads == 1)
    #expect(configuration.hashingThreads == 256)
    #expect(configuration.shutdownTimeout == 0)
    #expect(
      configuration.app.allowedOrigins == [
        "https://a.example", "https://b.example:8443", "https://c.example",
      ])
    #expect(configuration.app.encryptionKey == "one")
    #expect(configuration.app.sessionKey == "two")
  }

  @Test(
    "a number outside of its bounds is refused",
    arguments: [
      ("BCRYPT_WORKLOAD_FACTOR", 4, 31), ("MINIMUM_USERNAME_LENGTH", 1, 100_000),
      ("MAXIMUM_USERNAME_LENGTH", 1, 100_000), ("MINIMUM_PASSWORD_LENGTH", 1, 100_000),
      ("MAXIMUM_PASSWORD_LENGTH", 1, 100_000), ("PAGE_SIZE", 1, 1000),
      ("MAXIMUM_POST_DATA_LENGTH", 1, 1_000_000_000), ("MAP_SIZE", 1 << 20, 1 << 46),
      ("EVENT_THREADS", 1, 256),
      ("HASHING_THREADS", 1, 256), ("SHUTDOWN_TIMEOUT", 0, 3600),
    ])
  func bounds(name: String, least: Int, most: Int) throws {
    // The other end of each range is far away, so no minimum exceeds its maximum.
    let others = ["MINIMUM_USERNAME_LENGTH": "1", "MINIMUM_PASSWORD_LENGTH": "1"]
    let wide = others.merging(["MAXIMUM_USERNAME_LENGTH": "100000", "MAXIMUM_PASSWORD_LENGTH": "100000"]) {
      $1
    }
    for number in [least, most] {
      _ = try configuration(wide.merging([name: "\(number)"]) { $1 })
    }
    let malformed = [
      "x", "-1", "+5", "5 x", "5.0", "0x10", "٥", "9223372036854775808", "18446744073709551621",
      "99999999999999999999",
    ]
    for value in ["\(least - 1)", "\(most + 1)"] + malformed {
      let error = #expect(throws: ConfigurationError.self, "\(name)=\(value)") {
        try configuration(wide.merging([name: value]) { $1 })
      }
      #expect(error?.description.hasPrefix("\(name) is '\(value)'; it must be ") == true)
      #expect(error?.description.contains("from \(least) to \(most)") == true)
    }
  }

  @Test(
    "a size may end with K, M or G",
    arguments: [
      ("1048576", 1 << 20), ("0001048576", 1 << 20), ("1024K", 1 << 20), ("5M", 5 << 20), ("64G", 64 << 30),
      ("65536G", 1 << 46),
    ])
  func sizes(value: String, bytes: Int) throws {
    #expect(try configuration(["MAP_SIZE": value]).maximumDataSize == bytes)
  }

  @Test(
    "a malformed size is refused",
    arguments: [
      "G", "64g", "64GB", "64 G", "1T", "-1G", "9223372036854775808", "9223372036854775808K",
      "9223372036854775807G", "65537G", "1023K",
    ])
  func malformedSizes(value: String) {
    #expect(throws: ConfigurationError.self) { try configuration(["MAP_SIZE": value]) }
  }

  @Test("a boolean is true or false", arguments: ["TRUE", "yes", "1", "true "])
  func booleans(value: String) throws {
    #expect(try !configuration(["DISABLE_REGISTRATION": "false"]).app.registrationIsClosed)
    let error = #expect(throws: ConfigurationError.self) {
      try configuration(["DISABLE_REGISTRATION": value])
    }
    #expect(error?.description == "DISABLE_REGISTRATION is '\(value)'; it must be true or false")
  }

  @Test("a malformed app name is refused")
  func appName() {
    let error = #expect(throws: ConfigurationError.self) { try configuration(["APPID": "no spaces"]) }
    #expect(error?.description == "APPID is 'no spaces'; it must be 1 to 64 letters, digits, _ and -")
  }

  @Test("a minimum above the maximum is refused", arguments: ["USERNAME", "PASSWORD"])
  func minimumAboveMaximum(name: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration(["MINIMUM_\(name)_LENGTH": "20", "MAXIMUM_\(name)_LENGTH": "19"])
    }
    #expect(
      error?.description
        == "MINIMUM_\(name)_LENGTH is '20'; it must not be more than MAXIMUM_\(name)_LENGTH, which is '19'")
  }

  @Test(
    "a control character is refused, and the value is not shown",
    arguments: ["DATA_DIR", "DASHBOARD_ENCRYPTION_KEY", "DASHBOARD_SESSION_KEY"])
  func controlCharacters(name: String) {
    for value in ["secret\n", "secret\u{7F}", "\u{1F}secret"] {
      let error = #expect(throws: ConfigurationError.self) { try configuration([name: value]) }
      #expect(error?.description.hasPrefix(name) == true)
      #expect(error?.description.contains("without control characters") == true)
      #expect(error?.description.contains("secret") == false)
    }
  }

  @Test("an empty value counts as not given")
  func emptyValues() throws {
    let configuration = try configuration(["PAGE_SIZE": "", "DASHBOARD_SESSION_KEY": "", "EVENT_THREADS": ""])
    #expect(configuration.app.pageSize == 10)
    #expect(configuration.app.sessionKey == nil)
    #expect(configuration.eventThreads == 2)
  }

  @Test("any number of cores gives usable defaults")
  func cores() throws {
    #expect(try configuration(cores: 0).eventThreads == 1)
    #expect(try configuration(cores: 1024).hashingThreads == 256)
  }
}

@Suite("the settings file")
struct ConfigurationFileTests {
  @Test("a line has a name and a value, and comments are ignored")
  func lines() throws {
    let configuration = try configuration(
      file: """
        # A comment
          # another

        PAGE_SIZE=20
          DATA_DIR=/data # not a comment
        UNKNOWN=ignored
        DASHBOARD_SESSION_KEY=a=b==
        """)
    #expect(configuration.app.pageSize == 20)
    #expect(configuration.dataDirectory == "/data # not a comment")
    #expect(configuration.app.sessionKey == "a=b==")
  }

  @Test("a line may end with LF, CRLF or CR", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) throws {
    let file = ["PAGE_SIZE=20", "", "# comment", "APPID=app", ""].joined(separator: end)
    let configuration = try configuration(file: file)
    #expect(configuration.app.pageSize == 20)
    #expect(configuration.appName.description == "app")
  }

  @Test(
    "quotes around a value and blanks after it are dropped",
    arguments: [
      (#""/a b""#, "/a b"), ("'/a b'", "/a b"), (#""'/a'""#, "'/a'"), (#""/a"#, #""/a"#), (#"""#, #"""#),
      ("/a  \t", "/a"), (#""/a " "#, "/a "), (#"/"a""#, #"/"a""#),
    ])
  func quotes(written: String, meant: String) throws {
    #expect(try configuration(file: "DATA_DIR=\(written)").dataDirectory == meant)
  }

  @Test("blanks around the equals sign are dropped")
  func blanks() throws {
    #expect(try configuration(file: "PAGE_SIZE = 20").app.pageSize == 20)
  }

  @Test("the last of several lines counts")
  func repeated() throws {
    #expect(try configuration(file: "PAGE_SIZE=20\nPAGE_SIZE=30").app.pageSize == 30)
  }

  @Test("the environment wins over the file")
  func environment() throws {
    #expect(try configuration(["PAGE_SIZE": "30"], file: "PAGE_SIZE=20").app.pageSize == 30)
  }

  @Test("an empty variable leaves the value of the file")
  func emptyVariable() throws {
    #expect(try configuration(["PAGE_SIZE": ""], file: "PAGE_SIZE=20").app.pageSize == 20)
  }

  @Test("a bad value in the file is refused by its name")
  func badValue() {
    let error = #expect(throws: ConfigurationError.self) { try configuration(file: "PAGE_SIZE=many") }
    #expect(error?.description.hasPrefix("PAGE_SIZE is 'many'; it must be ") == true)
  }

  @Test("a byte order mark at the start is ignored")
  func byteOrderMark() throws {
    #expect(try configuration(file: "\u{FEFF}PAGE_SIZE=5\r\n").app.pageSize == 5)
    #expect(try configuration(file: "\u{FEFF}# first\nPAGE_SIZE=5\n").app.pageSize == 5)
  }

  @Test(
    "an unknown name gives a warning that shows only the line number",
    arguments: ["c2VjcmV0==", "export PATH=5", "=5", "PAGE-SIZE=5"])
  func unknownName(line: String) throws {
    let warnings = try configuration(file: "\n\(line)\n").warnings.filter(\.isMistake)
    #expect(warnings.map(\.description) == ["DASHBOARD_CONFIG: unknown setting (line 2)"])
  }

  @Test("a former setting gives a warning that is no mistake", arguments: ["true", "false"])
  func formerName(value: String) throws {
    let warnings = try configuration(file: "COOKIE_HOST_PREFIX=\(value)\nCOOKIE_DOMAIN=example.org\n")
      .warnings
    let former = try #require(warnings.first { $0.description.contains("COOKIE_HOST_PREFIX") })
    #expect(former.description.contains("is the default over HTTPS"))
    #expect(!former.isMistake)
  }

  @Test("an origin is a scheme, a host and possibly a port; a domain is a host name")
  func originsAndDomains() throws {
    for origin in ["http://localhost", "https://a-b.example:8443", "http://[::1]:3000", "http://192.0.2.1"] {
      #expect(try configuration(file: "ALLOWED_ORIGINS=\(origin)\n").app.allowedOrigins == [origin])
    }
    let others = [
      "https://a.example:", "http://a:b:c", "https://]", "https://[]", "https://[a]", "http://[::1]x",
      "https://-a",
      "https://a..b", "https://a:0", "https://a:65536", "https://a.example/", "https://A.example", "null",
      "a.example",
    ]
    for origin in others {
      #expect(throws: ConfigurationError.self, "\(origin)") {
        try configuration(file: "ALLOWED_ORIGINS=\(origin)\n")
      }
    }
    #expect(try configuration(file: "COOKIE_DOMAIN=a-b.example\n").app.cookieDomain == "a-b.example")
    for domain in ["-a.org", "a-.org", "a..org", ".a.org", "a.org.", "A.org"] {
      #expect(throws: ConfigurationError.self, "\(domain)") {
        try configuration(file: "COOKIE_DOMAIN=\(domain)\n")
      }
    }
  }

  @Test("COOKIE_NAME is a name without a browser's prefix")
  func cookieName() throws {
    func name(_ file: String) throws -> String {
      let configuration = try configuration(file: file)
      return try configuration.app.cookieName(of: configuration.appName)
    }
    #expect(try name("COOKIE_NAME=my-app_1\n") == "my-app_1")
    #expect(try name("APPID=__x\n") == "__x_session")
    for app in ["__Host-x", "__secure-", "__HTTP-x"] {
      let error = #expect(throws: ConfigurationError.self) { try name("APPID=\(app)\n") }
      #expect(error?.description.contains("choose another COOKIE_NAME") == true)
      #expect(try name("APPID=\(app)\nCOOKIE_NAME=x\n") == "x")
    }
    for name in [
      "a b", "ä", "a;b", "__Host-x", "__secure-x", "__Http-x", "a=b", String(repeating: "a", count: 65),
    ] {
      #expect(throws: ConfigurationError.self) { try configuration(file: "COOKIE_NAME=\(name)\n") }
    }
  }

  @Test(
    "a setting without an equals sign is refused by its line number only",
    arguments: ["DASHBOARD_SESSION_KEY c2VjcmV0==", "DISABLE_REGISTRATION: =true", "export PAGE_SIZE=5"])
  func missingEquals(line: String) {
    let error = #expect(throws: ConfigurationError.self) { try configuration(file: "\n\(line)\n") }
    #expect(error?.description == "DASHBOARD_CONFIG, line 2: must be KEY=VALUE")
  }

  @Test("comments and empty lines count in a line number")
  func lineNumber() {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration(file: "# first\r\n\r\nsecret\r\n")
    }
    #expect(error?.description == "DASHBOARD_CONFIG, line 3: must be KEY=VALUE")
  }

  @Test("every field of a profile can be required")
  func profileFields() throws {
    for field in ProfileField.allCases {
      let fields = try configuration(["USER_PROFILE_FIELDS": field.name]).app.profileFields
      #expect(ProfileField.allCases.filter(fields.contains) == [field])
    }
  }
}

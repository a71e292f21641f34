/// What an endpoint is, stated once: the router checks by it, the documentation shows it, tests provoke it.
public struct Declaration: Sendable {
  /// The verb of a route: reads are GET, creations POST, changes PATCH, removals DELETE.
  public enum Verb: String, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may ask.
  public enum Access: Sendable {
    /// Anybody.
    case open
    /// Whoever is signed in.
    case session
    /// An administrator who is signed in.
    case administrator
  }

  /// One thing that a route takes.
  public struct Parameter: Sendable {
    public enum Source: String, Sendable {
      /// From the URL alone.
      case querystring
      /// From the body alone.
      case posted
    }

    public let name: String
    public let source: Source
    /// What may be given: "hours, days", or a description.
    public let value: String
    public let isRequired: Bool

    public static func required(_ source: Source, _ name: String, _ value: String) -> Parameter {
      Parameter(name: name, source: source, value: value, isRequired: true)
    }

    public static func optional(_ source: Source, _ name: String, _ value: String) -> Parameter {
      Parameter(name: name, source: source, value: value, isRequired: false)
    }
  }

  public let verb: Verb
  /// The path, such as `/api/user/create-session`.
  public let route: String
  /// What it does, in a sentence.
  public let summary: String
  public let access: Access
  public let takes: [Parameter]
  public let exceptions: [Exception]
  /// What it returns: "session", "array of session", "integer" or "true".
  public let returns: String
  /// An answer in JSON.
  public let example: String
  /// Whether it hashes a password, a good part of a second of one core.
  public let isHashing: Bool

  public init(
    _ verb: Verb, _ route: String, _ summary: String, access: Access, takes: [Parameter] = [],
    exceptions: [Exception], returns: String, example: String, isHashing: Bool = false
  ) {
    self.verb = verb
    self.route = route
    self.summary = summary
    self.access = access
    self.takes = takes
    self.exceptions = exceptions
    self.returns = returns
    self.example = example
    self.isHashing = isHashing
  }
}

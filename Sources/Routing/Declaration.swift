package import DashboardSettings

/// What an endpoint is, stated once: the router checks by it, the documentation shows it, tests provoke it.
public final class Declaration: Sendable {
  /// The verb of a route: reads are GET, creations POST, changes PATCH, removals DELETE.
  public enum Verb: String, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may ask. "Fresh": whoever has proven the password within SESSION_VERIFICATION_DELAY.
  public enum Access: Sendable {
    /// Anybody.
    case open
    /// Whoever is signed in.
    case session
    case freshSession
    /// An administrator who is signed in.
    case administrator
    case freshAdministrator

    package var isFresh: Bool { self == .freshSession || self == .freshAdministrator }
    package var isForAdministrators: Bool { self == .administrator || self == .freshAdministrator }
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
  public var takes: [Parameter] { made.takes() }
  public var exceptions: [Exception] { made.exceptions() }
  /// Whether it hashes a password, a good part of a second of one core.
  public let isHashing: Bool
  /// The settings that change what it does.
  package var settings: [Setting] { made.settings() }

  /// What no request needs is made when it is asked for: a process that answers one request has no time for it.
  private let made:
    (
      takes: @Sendable () -> [Parameter], exceptions: @Sendable () -> [Exception],
      settings: @Sendable () -> [Setting]
    )

  package init(
    _ verb: Verb, _ route: String, _ summary: String, access: Access,
    takes: @autoclosure @escaping @Sendable () -> [Parameter] = [],
    exceptions: @autoclosure @escaping @Sendable () -> [Exception] = [],
    settings: @autoclosure @escaping @Sendable () -> [Setting] = [], isHashing: Bool = false
  ) {
    self.verb = verb
    self.route = route
    self.summary = summary
    self.access = access
    made = (takes, exceptions, settings)
    self.isHashing = isHashing
  }
}

extension Declaration {
  /// What a request is checked by: values alone, since threads that answer at once would wait for one another to count their
  /// references to the declaration itself.
  struct Terms: Sendable {
    let verb: Verb
    let access: Access
    let isHashing: Bool
  }

  var terms: Terms { Terms(verb: verb, access: access, isHashing: isHashing) }

  /// Whether it can list all there is.
  var isList: Bool { takes.contains { $0.name == Paging.all } }

  /// Who may not ask.
  package var refusals: [AccessRefusal] {
    switch access {
    case .open: []
    case .session, .freshSession: [.signInRequired]
    case .administrator, .freshAdministrator: [.signInRequired, .administratorRequired]
    }
  }

  /// What the access alone can answer, beside the refusals.
  package var accessExceptions: [Exception] { access.isFresh ? [.unverifiedSession] : [] }

  /// What the router can answer instead of the endpoint, in the order of its checks; `invalid-route` because of
  /// API_ACCESS.
  package var commonExceptions: [Exception] {
    let origin: [Exception] = verb == .get ? [] : [.invalidOrigin]
    return [.invalidRoute, .invalidURLLength, .invalidRequestLength, .invalidContentType] + origin
      + [.invalidApplicationServer, .invalidRequest, .serverBusy, .storageUnavailable, .unknownError]
  }
}

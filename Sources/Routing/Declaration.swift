public import DashboardAccounts
package import DashboardSettings

/// What an endpoint is, stated once: the router checks by it, the documentation shows it, tests provoke it.
public final class Declaration: Sendable {
  /// A field that a route reads.
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
  public var parameters: [Parameter] { made.parameters() }
  public var exceptions: [Exception] { made.exceptions() }
  /// True if it hashes a password, a good part of a second of one core.
  public let isHashing: Bool
  /// True if it can list everything there is.
  package let isList: Bool
  /// The settings that change what it does.
  package var settings: [Setting] { made.settings() }

  /// What no request needs, made when it is asked for: a CGI process has no time for it.
  private let made: Deferred

  private struct Deferred: Sendable {
    let parameters: @Sendable () -> [Parameter]
    let exceptions: @Sendable () -> [Exception]
    let settings: @Sendable () -> [Setting]
  }

  package init(
    _ verb: Verb, _ route: String, _ summary: String, access: Access,
    parameters: @autoclosure @escaping @Sendable () -> [Parameter] = [],
    exceptions: @autoclosure @escaping @Sendable () -> [Exception] = [],
    settings: @autoclosure @escaping @Sendable () -> [Setting] = [], isHashing: Bool = false,
    isList: Bool = false
  ) {
    self.verb = verb
    self.route = route
    self.summary = summary
    self.access = access
    made = Deferred(parameters: parameters, exceptions: exceptions, settings: settings)
    self.isHashing = isHashing
    self.isList = isList
  }
}

extension Declaration {
  package var policy: RoutePolicy {
    RoutePolicy(access, writes: verb != .get, hashes: isHashing, isList: isList)
  }

  /// The exception that answers a rule's error; `nil` for an error that the route should not meet.
  func exception(for error: any RuleError) -> Exception? {
    (exceptions + Exception.ofAnyRoute).first { $0.rule == error.identifier }?.filled(from: error)
  }

  /// Callers that are refused.
  package var refusals: [AccessRefusal] {
    switch access.role {
    case .anyone: []
    case .signedIn: [.signInRequired]
    case .administrator: [.signInRequired, .administratorRequired]
    }
  }

  /// What the access alone can throw, apart from the refusals.
  package var accessExceptions: [Exception] { access.isFresh ? [.unverifiedSession] : [] }

  /// What the router can answer instead of the endpoint, in the order of its checks; `invalid-route` because of
  /// API_ACCESS.
  package var commonExceptions: [Exception] {
    let origin: [Exception] = verb == .get ? [] : [.invalidOrigin]
    return [.invalidRoute, .invalidURLLength, .invalidRequestLength, .invalidContentType] + origin
      + [.invalidApplicationServer, .invalidRequest, .serverBusy, .storageUnavailable, .unknownError]
  }
}

public import DashboardAccounts
package import DashboardSettings

/// The declaration of an endpoint. The router enforces it, the documentation shows it, and the tests provoke
/// each of its exceptions.
public final class Declaration: Sendable {
  /// A field that a route reads.
  public struct Parameter: Sendable {
    public enum Source: String, Sendable {
      /// Only from the URL.
      case querystring
      /// Only from the body.
      case posted
    }

    public let name: String
    public let source: Source
    /// The allowed values, such as "hours, days", or a description. Lengths are not in it.
    public let value: String
    public let isRequired: Bool
    /// True if the route needs exactly one of its parameters of this kind.
    package let isAlternative: Bool
    /// The allowed lengths by an app's settings, in Unicode scalars; `nil` if the route checks no length.
    package private(set) var length: Length?

    package typealias Length = @Sendable (AppConfiguration) -> ClosedRange<Int>

    /// The same parameter with allowed lengths.
    package func limited(to length: @escaping Length) -> Parameter {
      var limited = self
      limited.length = length
      return limited
    }

    /// The allowed values in words, with the lengths that an app allows.
    package func words(_ configuration: AppConfiguration) -> String {
      length.map { "\(value); \(Exception.words(ofLength: $0(configuration)))" } ?? value
    }

    public static func required(_ source: Source, _ name: String, _ value: String) -> Parameter {
      Parameter(name: name, source: source, value: value, isRequired: true, isAlternative: false)
    }

    public static func optional(_ source: Source, _ name: String, _ value: String) -> Parameter {
      Parameter(name: name, source: source, value: value, isRequired: false, isAlternative: false)
    }

    /// A request has exactly one of the alternative parameters.
    package static func alternative(_ source: Source, _ name: String, _ value: String) -> Parameter {
      Parameter(name: name, source: source, value: value, isRequired: false, isAlternative: true)
    }

    /// "required", "optional" or "one of them", for the documentation.
    package var necessity: String { isRequired ? "required" : isAlternative ? "one of them" : "optional" }
  }

  public let verb: Verb
  /// The path, such as `/api/user/create-session`.
  public let route: String
  /// What the endpoint does, in a sentence.
  public let summary: String
  public let access: Access
  public var parameters: [Parameter] { made.parameters() }
  public var exceptions: [Exception] { made.exceptions() }
  /// True if it hashes a password, which takes a core for a good part of a second.
  public let isHashing: Bool
  /// True if its answer can be a long list.
  package let isList: Bool
  /// The name of the file as which a browser keeps the answer; `nil` if it shows it.
  package let fileName: StaticString?
  /// The settings that affect it.
  package var settings: [Setting] { made.settings() }

  /// Parts for the documentation and for errors. They are created when needed, to keep the start of a CGI
  /// process short.
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
    isList: Bool = false, fileName: StaticString? = nil
  ) {
    self.verb = verb
    self.route = route
    self.summary = summary
    self.access = access
    made = Deferred(parameters: parameters, exceptions: exceptions, settings: settings)
    self.isHashing = isHashing
    self.isList = isList
    self.fileName = fileName
  }
}

extension Declaration {
  package var policy: RoutePolicy {
    RoutePolicy(access, writes: verb != .get, hashes: isHashing, isList: isList)
  }

  /// The exception that answers a rule's error; `nil` if neither the route nor the router declares one.
  package func exception(for error: any RuleError) -> Exception? {
    (exceptions + Exception.ofAnyRoute).first { $0.rule == error.identifier }?.filled(from: error)
  }

  /// True if it has a posted parameter with such a name.
  func posts(_ isMeant: (String) -> Bool) -> Bool {
    parameters.contains { $0.source == .posted && isMeant($0.name) }
  }

  /// The refusals that its access can cause.
  package var refusals: [AccessRefusal] {
    switch access.role {
    case .anyone: []
    case .signedIn: [.signInRequired]
    case .administrator: [.signInRequired, .administratorRequired]
    }
  }

  /// The exceptions that its access can cause, apart from refusals.
  package var accessExceptions: [Exception] {
    let factor: [Exception] =
      access.role == .anyone || access.factors == .waived ? [] : [.secondFactorMissing]
    return factor + (access.isFresh ? [.unverifiedSession] : [])
  }

  /// The exceptions with which the router can answer, in the order of its checks. `invalid-route` is one of
  /// them because of API_ACCESS.
  package var commonExceptions: [Exception] {
    let origin: [Exception] = verb == .get ? [] : [.invalidOrigin]
    return [.invalidRoute, .invalidURLLength, .invalidRequestLength, .invalidContentType] + origin
      + [.invalidApplicationServer, .invalidRequest, .serverBusy, .storageUnavailable, .unknownError]
  }
}

extension [Declaration.Parameter] {
  /// The posted parameter with this name.
  package func posted(_ name: String) -> Element? { first { $0.source == .posted && $0.name == name } }
}

package import Routing

/// All endpoints.
package enum Routes {
  package static let all: [AnyEndpoint] = [
    AnyEndpoint(Settings.self),

    AnyEndpoint(CreateAccount.self),
    AnyEndpoint(ReadAccount.self),
    AnyEndpoint(CreateSession.self),
    AnyEndpoint(ReadSession.self),
    AnyEndpoint(CurrentSession.self),
    AnyEndpoint(Sessions.self),
    AnyEndpoint(SessionsCount.self),
    AnyEndpoint(SetSessionEnded.self),
    AnyEndpoint(SetCurrentSessionEnded.self),
  ]
}

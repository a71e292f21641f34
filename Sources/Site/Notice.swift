/// What a page says about the action that led to it. The field `notice` in its URL has the raw value, so no free text of a link is shown.
enum Notice: String, CaseIterable, Sendable {
  case registered
  case signedOut = "signed-out"
  case sessionOver = "session-over"
  case signInFirst = "sign-in-first"
  case usernameChanged = "username-changed"
  case passwordChanged = "password-changed"
  case passwordReset = "password-reset"
  case sessionEnded = "session-ended"
  case sessionsEnded = "sessions-ended"
  case profileSaved = "profile-saved"
  case profileRemoved = "profile-removed"
  case profileUsed = "profile-used"
  case codeRemoved = "code-removed"
  case restored

  var text: Text {
    switch self {
    case .registered: .noticeRegistered
    case .signedOut: .noticeSignedOut
    case .sessionOver: .noticeSessionOver
    case .signInFirst: .noticeSignInFirst
    case .usernameChanged: .noticeUsernameChanged
    case .passwordChanged: .noticePasswordChanged
    case .passwordReset: .noticePasswordReset
    case .sessionEnded: .noticeSessionEnded
    case .sessionsEnded: .noticeSessionsEnded
    case .profileSaved: .noticeProfileSaved
    case .profileRemoved: .noticeProfileRemoved
    case .profileUsed: .noticeProfileUsed
    case .codeRemoved: .noticeCodeRemoved
    case .restored: .noticeRestored
    }
  }

  /// A path with the notice in its query.
  func added(to path: String) -> String { "\(path)\(path.contains("?") ? "&" : "?")notice=\(rawValue)" }
}

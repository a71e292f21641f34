import DashboardWireFormat

/// What browsers ask and are told before pages of other origins may call (Fetch Standard, section 3.2).
extension Draft {
  /// The answer to OPTIONS.
  ///
  /// - Parameter verbs: of the path, as the header Allow lists them.
  static func options(_ verbs: String, _ variables: MetaVariables, _ origin: OriginCheck) -> Draft {
    var draft = Draft(status: 204)
    draft.add("Allow", verbs)
    if origin.foreignAllowed != nil, variables[.accessControlRequestMethod] != nil {
      draft.add("Access-Control-Allow-Methods", verbs)
      draft.add("Access-Control-Allow-Headers", "Authorization, Content-Type")
      draft.add("Access-Control-Max-Age", "600")
    }
    return draft
  }

  /// Lets pages of the allowed origins read the answer.
  mutating func addCrossOrigin(_ origin: OriginCheck) {
    add("Vary", "Origin")
    guard let allowed = origin.foreignAllowed else { return }
    add("Access-Control-Allow-Origin", allowed)
    add("Access-Control-Allow-Credentials", "true")
    add("Access-Control-Expose-Headers", "X-Request-Id, Link, X-Total-Count")
  }
}

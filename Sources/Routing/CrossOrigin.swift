import DashboardWireFormat

/// CORS: headers that let pages of other origins call the API (Fetch Standard, section 3.2).
extension Draft {
  /// The response to OPTIONS.
  ///
  /// - Parameter verbs: the verbs of the route, as in the header Allow.
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

  /// Lets pages of the allowed origins read the response.
  mutating func addCrossOrigin(_ origin: OriginCheck) {
    add("Vary", "Origin")
    guard let allowed = origin.foreignAllowed else { return }
    add("Access-Control-Allow-Origin", allowed)
    add("Access-Control-Allow-Credentials", "true")
    add("Access-Control-Expose-Headers", "X-Request-Id, Link, X-Total-Count")
  }
}

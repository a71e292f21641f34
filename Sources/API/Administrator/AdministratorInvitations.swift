import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// POST /api/administrator/create-invitation: lets the holders of a code register.
  public enum CreateInvitation: Endpoint {
    private static let uses = WholeNumber("uses", "accounts", InvitationRules.allowedUses, usual: 1)
    private static let days = WholeNumber(
      "days", "days until it expires", InvitationRules.allowedDays, usual: InvitationRules.usualDays)
    private static let note = Declaration.Parameter.optional(
      .posted, "note", "a text for administrators"
    ).limited(to: { _ in InvitationRules.allowedNote })
    private static let longNote = Exception(
      "invalid-note-length", 400, "posted note is too long", field: "note")

    public static var route: String { "/api/administrator/create-invitation" }
    public static let declaration = Declaration(
      .post, route,
      "Creates an invitation. The holders of its code can register, also while registration is closed.",
      access: .freshAdministrator,
      parameters: [uses.parameter, days.parameter, PostedGroups.parameter, note],
      exceptions: [uses.invalid, days.invalid, PostedGroups.invalid, longNote],
      settings: [.maximumRecords, .verificationDelay])

    public static var example: Invitation { .newExample }

    public static func answer(_ call: inout Call) throws -> Invitation {
      let (uses, days) = (try uses.value(call), try days.value(call))
      let groups = try PostedGroups.names(call)
      let note = call.posted["note"] ?? []
      let allowed = InvitationRules.allowedNote
      guard allowed.contains(note.scalarCount) else { throw longNote.explained(allowed) }
      return try InvitationRules.create(
        call.caller, &call.context, uses: uses, days: days, groups: groups,
        note: String(decoding: note, as: UTF8.self))
    }
  }

  /// GET /api/administrator/invitation: an invitation of any administrator.
  public enum ReadInvitation: Endpoint {
    public static var route: String { "/api/administrator/invitation" }
    public static let declaration = Declaration(
      .get, route, "Returns an invitation of any administrator.",
      access: .administrator,
      parameters: [Named.invitation.parameter],
      exceptions: Named.invitation.exceptions)

    public static func answer(_ call: inout Call) throws -> Invitation { try Named.invitation.any(call) }
  }

  /// GET /api/administrator/invitations: the invitations of all administrators or of one, newest first.
  public enum Invitations: Endpoint {
    public static var route: String { "/api/administrator/invitations" }
    public static let declaration = Declaration.list(
      route, "Lists the invitations of all administrators or of one, newest first, until they expire.")

    public static func answer(_ call: inout Call) throws -> [Invitation] {
      try call.list(.invitation, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// GET /api/administrator/invitations-count: the number of invitations of all administrators or of one.
  public enum InvitationsCount: Endpoint {
    public static var route: String { "/api/administrator/invitations-count" }
    public static let declaration = Declaration.count(
      route, "Counts the invitations of all administrators or of one.")

    public static func answer(_ call: inout Call) throws -> Int {
      try call.count(Invitation.self, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// DELETE /api/administrator/delete-invitation: removes an invitation of any administrator.
  public enum DeleteInvitation: Endpoint {
    public static var route: String { "/api/administrator/delete-invitation" }
    public static let declaration = Declaration(
      .delete, route,
      "Removes an invitation of any administrator, the owner's too. Its code no longer works.",
      access: .freshAdministrator,
      parameters: [Named.invitation.parameter],
      exceptions: Named.invitation.exceptions,
      settings: [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> Bool {
      let invitation = try Named.invitation.any(call)
      try InvitationRules.delete(call.caller, &call.context, invitation)
      return true
    }
  }
}
